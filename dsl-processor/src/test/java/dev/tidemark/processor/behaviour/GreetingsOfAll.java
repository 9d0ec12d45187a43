package dev.tidemark.processor.behaviour;

import dev.tidemark.OnEvent;
import dev.tidemark.StatefulGroup;

/** Says each word again. */
@StatefulGroup(name = "greetings-of-all", ttl = "1d")
final class GreetingsOfAll {
    @OnEvent
    Line event(Said said, Memory memory) {
        return new Line(said.key(), said.words());
    }
}
