package dev.tidemark.examples;

import java.time.Instant;
import java.util.Locale;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.apache.beam.sdk.values.TypeDescriptors;

/** {@link UserSessions} on readings of activity: a line per closed session with the user, the activities and the average x. */
public final class UserSessionsExample implements Example {
    /** Runs it. */
    public static void main(String[] args) {
        System.exit(Example.main(args, new UserSessionsExample()));
    }

    @Override
    public PCollection<String> lines(PCollection<Reading> readings) {
        UserSessionsGroup.Result result = events(readings).apply("Sessions", UserSessionsGroup.create());
        result.late().apply("CountLate", ParDo.of(new LateReadings<>()));
        return result.closed()
                .apply(
                        "SessionLine",
                        MapElements.into(TypeDescriptors.strings()).via(UserSessionsExample::line));
    }

    static PCollection<UserSessions.Event> events(PCollection<Reading> readings) {
        return readings.apply(
                        "SessionEvent",
                        MapElements.into(TypeDescriptor.of(UserSessions.Event.class))
                                .via(reading -> new UserSessions.Event(
                                        reading.user(),
                                        Instant.ofEpochMilli(reading.millis()),
                                        reading.x(),
                                        reading.activity())))
                .setCoder(UserSessionsGroup.inputCoder());
    }

    private static String line(UserSessions.Closed session) {
        return String.format(
                Locale.ROOT, "%s\t%s\t%.6f", session.uid(), String.join(",", session.activities()), session.xAvg());
    }
}
