package dev.tidemark.processor.behaviour;

import dev.tidemark.Cause;
import dev.tidemark.ClockTimeout;
import dev.tidemark.EventTimeout;
import dev.tidemark.Group;
import dev.tidemark.Out;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The handlers of all scripted groups. An event carries out its words in their order: {@code add} counts, {@code note:x}
 * puts x into a bag, {@code tell} emits what is known of the group, {@code say:x} emits x, {@code close} closes,
 * {@code at:30}, {@code after:10} and {@code none} set the timeout, {@code throw:x} fails, {@code then:a+b} leaves words for
 * the timeout, which otherwise closes.
 */
final class Script {
    private Script() {}

    /** Sets the timeout of a group, if it has one that is set. */
    interface Alarm {
        Alarm NONE = (word, millis) -> {
            throw new IllegalStateException(word + " in a group without a timeout to set");
        };

        void set(String word, long millis);

        static Alarm of(EventTimeout timeout, Group group) {
            return (word, millis) -> {
                switch (word) {
                    case "at" -> timeout.at(Instant.ofEpochMilli(millis));
                    case "after" -> timeout.after(group.eventTime(), Duration.ofMillis(millis));
                    default -> timeout.none();
                }
            };
        }

        static Alarm of(ClockTimeout timeout) {
            return (word, millis) -> {
                if (word.equals("after")) {
                    timeout.after(Duration.ofMillis(millis));
                } else {
                    timeout.none();
                }
            };
        }
    }

    static void event(Said said, Memory memory, Group group, Alarm alarm, Out<Line> out) {
        run(said.words().split(" "), said.key(), memory, group, alarm, out);
    }

    /** Tells which events come together, and carries out their words one after the other. */
    static void events(Iterable<Said> all, Memory memory, Group group, Alarm alarm, Out<Line> out) {
        List<String> words = new ArrayList<>();
        String key = "";
        for (Said each : all) {
            words.add(each.words());
            key = each.key();
        }
        out.emit(new Line(key, (group.isLate() ? "late " : "") + words));
        for (String each : words) {
            run(each.split(" "), key, memory, group, alarm, out);
        }
    }

    static void timeout(String key, Memory memory, Group group, Cause cause, Alarm alarm, Out<Line> out) {
        out.emit(new Line(key, cause + " " + known(memory, group)));
        String then = memory.then.isEmpty() ? "close" : memory.then;
        run(then.split("\\+"), key, memory, group, alarm, out);
    }

    private static void run(String[] words, String key, Memory memory, Group group, Alarm alarm, Out<Line> out) {
        for (String each : words) {
            int colon = each.indexOf(':');
            String word = colon < 0 ? each : each.substring(0, colon);
            String value = each.substring(colon + 1);
            switch (word) {
                case "add" -> memory.count++;
                case "note" -> memory.notes.add(value);
                case "tell" -> out.emit(new Line(key, known(memory, group)));
                case "say" -> out.emit(new Line(key, value));
                case "close" -> group.close();
                case "at", "after" -> alarm.set(word, Long.parseLong(value));
                case "none" -> alarm.set(word, 0);
                case "then" -> memory.then = value;
                case "throw" -> throw new IllegalStateException(value);
                case "nothing" -> {}
                default -> throw new IllegalArgumentException(each);
            }
        }
    }

    private static String known(Memory memory, Group group) {
        String notes = String.join("", memory.notes.stream().sorted().toList());
        return (group.isNew() ? "new " : "") + (group.isLate() ? "late " : "") + memory.count + notes;
    }
}
