package dev.tidemark.examples;

import dev.tidemark.GroupOutput;

/** What a randomised group emits. */
@GroupOutput
record Done(String key, String text) {}
