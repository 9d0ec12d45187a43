package dev.tidemark.runner.plan;

/** How a grouping finds out when a group is complete. */
public enum GroupStrategy {
    /** The input ends, and nothing comes out before: groups may go to disk meanwhile. */
    AT_END_OF_INPUT,
    /** As the window's trigger says. */
    BY_TRIGGER
}
