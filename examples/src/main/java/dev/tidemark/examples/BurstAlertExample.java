package dev.tidemark.examples;

import java.time.Instant;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * {@link BurstAlert} on readings of activity. What stands in for a login is a jolt: an acceleration of more than {@value #JOLT} m/s²,
 * as climbing stairs has and sitting has not. A line per alert and per all-clear.
 */
public final class BurstAlertExample implements Example {
    static final double JOLT = 14;

    /** Runs it. */
    public static void main(String[] args) {
        System.exit(Example.main(args, new BurstAlertExample()));
    }

    @Override
    public PCollection<String> lines(PCollection<Reading> readings) {
        PCollection<BurstAlert.Login> jolts = readings.apply(
                        "Jolts",
                        Filter.by(reading ->
                                Math.sqrt(square(reading.x()) + square(reading.y()) + square(reading.z())) > JOLT))
                .apply(
                        "JoltEvent",
                        MapElements.into(TypeDescriptor.of(BurstAlert.Login.class))
                                .via(reading -> new BurstAlert.Login(
                                        reading.user(), Instant.ofEpochMilli(reading.millis()), reading.device())))
                .setCoder(BurstAlertGroup.inputCoder());
        BurstAlertGroup.Result result = jolts.apply("Bursts", BurstAlertGroup.create());
        PCollection<String> alerts = result.alerts()
                .apply(
                        "AlertLine",
                        MapElements.into(TypeDescriptors.strings())
                                .via(alert -> String.join(
                                        "\t", alert.user(), "alert", alert.at().toString(), "" + alert.count())));
        PCollection<String> clears = result.allClears()
                .apply(
                        "AllClearLine",
                        MapElements.into(TypeDescriptors.strings())
                                .via(clear -> String.join(
                                        "\t",
                                        clear.user(),
                                        "all clear",
                                        clear.at().toString())));
        return PCollectionList.of(alerts).and(clears).apply("Signals", Flatten.pCollections());
    }

    private static double square(double number) {
        return number * number;
    }
}
