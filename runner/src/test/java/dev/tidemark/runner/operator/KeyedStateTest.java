package dev.tidemark.runner.operator;

import dev.tidemark.runner.state.Holds;
import dev.tidemark.runner.state.StateTable;
import org.apache.beam.runners.core.StateInternals;
import org.apache.beam.runners.core.StateInternalsTest;

/** What Beam asks of state, of every kind, of the state of a key here. */
public class KeyedStateTest extends StateInternalsTest {
    @Override
    protected StateInternals createStateInternals() {
        KeyedState state = new KeyedState(StateTable.withoutExpiry(), new Holds());
        state.setKey("key", "key");
        return state;
    }
}
