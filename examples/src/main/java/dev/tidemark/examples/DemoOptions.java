package dev.tidemark.examples;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;

/** What the demo can be told beside what it reads. */
public interface DemoOptions extends ActivityOptions {
    @Description(
            "After so many readings the demo kills its job; 0 for never. -1: in the middle of what is generated, and soon"
                    + " after the start where a file is read.")
    @Default.Long(-1)
    long getKillAfter();

    void setKillAfter(long readings);
}
