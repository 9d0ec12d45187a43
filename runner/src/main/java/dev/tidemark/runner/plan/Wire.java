package dev.tidemark.runner.plan;

import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.values.WindowingStrategy;

/** One PCollection of the pipeline: what flows between two steps. */
public record Wire(int id, String name, Coder<?> coder, WindowingStrategy<?, ?> windowing, boolean bounded) {}
