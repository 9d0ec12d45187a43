package dev.tidemark.processor.behaviour;

import dev.tidemark.GroupOutput;

/** What a scripted group emits. */
@GroupOutput
record Line(String key, String text) {}
