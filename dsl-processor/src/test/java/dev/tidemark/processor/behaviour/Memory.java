package dev.tidemark.processor.behaviour;

import dev.tidemark.Bag;
import dev.tidemark.GroupState;

/** What a scripted group remembers. */
@GroupState
class Memory {
    int count;
    /** What the next timeout is to do, its words separated by plus signs; nothing stands for closing. */
    String then = "";

    Bag<String> notes;
}
