package dev.tidemark.examples;

import dev.tidemark.EventTime;
import dev.tidemark.GroupInput;
import dev.tidemark.Key;
import java.time.Instant;

/**
 * What a randomised group reads: what it does for this event is drawn from the number, and from the seed of the group.
 */
@GroupInput
record Doing(@Key String key, @EventTime Instant time, long number) {}
