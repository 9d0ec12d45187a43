package dev.tidemark.examples;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.StreamingOptions;
import org.jspecify.annotations.Nullable;

/** What the examples read. With {@code --streaming=true} it is read as a stream, without as a bounded whole. */
public interface ActivityOptions extends StreamingOptions {
    @Description("File of readings, CSV with a header or one JSON object per line; without it readings are generated.")
    @Nullable
    String getInput();

    void setInput(@Nullable String input);

    @Description("Which column is the event time: creation (when the sensor made the sample; on a watch its uptime), or"
            + " arrival (when it reached the application; the only one that compares across devices).")
    @Default.String("creation")
    String getEventTime();

    void setEventTime(String eventTime);

    @Description("How far the watermark of a stream trails the largest event time: 5s, 10m, PT1M30S.")
    @Default.String("5s")
    String getOutOfOrderness();

    void setOutOfOrderness(String outOfOrderness);

    @Description("How many readings to generate.")
    @Default.Long(200_000)
    long getReadings();

    void setReadings(long readings);

    @Description("How many users share the generated readings.")
    @Default.Integer(1_000)
    int getUsers();

    void setUsers(int users);

    @Description("What the generated readings follow from: the same seed, the same readings.")
    @Default.Long(1)
    long getSeed();

    void setSeed(long seed);
}
