package dev.tidemark.examples;

import java.time.Instant;
import java.util.Locale;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.apache.beam.sdk.values.TypeDescriptors;

/** {@link CountWindow} on readings of activity: a line per 500 readings of a device with the device and the average x. */
public final class CountWindowExample implements Example {
    /** Runs it. */
    public static void main(String[] args) {
        System.exit(Example.main(args, new CountWindowExample()));
    }

    @Override
    public PCollection<String> lines(PCollection<Reading> readings) {
        return readings.apply(
                        "DeviceReading",
                        MapElements.into(TypeDescriptor.of(CountWindow.Reading.class))
                                .via(reading -> new CountWindow.Reading(
                                        reading.device(), Instant.ofEpochMilli(reading.millis()), reading.x())))
                .setCoder(CountWindowGroup.inputCoder())
                .apply("Averages", CountWindowGroup.transform())
                .apply(
                        "AverageLine",
                        MapElements.into(TypeDescriptors.strings()).via(CountWindowExample::line));
    }

    private static String line(CountWindow.Average average) {
        return String.format(Locale.ROOT, "%s\t%.6f", average.device(), average.average());
    }
}
