package dev.tidemark.processor.behaviour;

import dev.tidemark.EventTime;
import dev.tidemark.GroupInput;
import dev.tidemark.Key;
import java.time.Instant;

/** An event that says what its handler is to do: words of {@link Script}, separated by blanks. */
@GroupInput
record Said(@Key String key, @EventTime Instant time, String words) {}
