package dev.tidemark.runner.plan;

/** A DoFn of ours that wants to know which of the tasks side by side it is in. */
public interface TaskAware {
    /** Called once, before the first bundle: the number of the task, from 0. */
    void inTask(int shard);
}
