package dev.tidemark.examples;

import java.time.Instant;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * {@link UserActivity} on readings of activity: a line per reading with the user, the activity and its first and last
 * time. It takes readings as they arrive, so it means something for a stream; a bounded whole has no order of arrival.
 */
public final class UserActivityExample implements Example {
    /** Runs it. */
    public static void main(String[] args) {
        System.exit(Example.main(args, new UserActivityExample()));
    }

    @Override
    public PCollection<String> lines(PCollection<Reading> readings) {
        return rows(readings)
                .apply(
                        "ActivityLine",
                        MapElements.into(TypeDescriptors.strings()).via(UserActivityExample::line));
    }

    static PCollection<UserActivity.Now> rows(PCollection<Reading> readings) {
        return readings.apply(
                        "ActivityEvent",
                        MapElements.into(TypeDescriptor.of(UserActivity.Event.class))
                                .via(reading -> new UserActivity.Event(
                                        reading.user(), Instant.ofEpochMilli(reading.millis()), reading.activity())))
                .setCoder(UserActivityGroup.inputCoder())
                .apply("Activities", UserActivityGroup.transform());
    }

    static String line(UserActivity.Now now) {
        return String.join(
                "\t",
                now.user(),
                now.activity(),
                now.start().toString(),
                now.end().toString());
    }
}
