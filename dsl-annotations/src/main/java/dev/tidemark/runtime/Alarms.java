package dev.tidemark.runtime;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The alarms of the group at hand: those that are stored as set, and those that the handler at hand asks for. */
final class Alarms {
    private static final long NONE = Kept.NONE;
    private static final String PREFIX = "alarm/";

    private final List<String> names;
    private final long[] set;
    private final long[] asked;

    Alarms(List<String> names) {
        this.names = names;
        this.set = new long[names.size()];
        this.asked = new long[names.size()];
    }

    void load(Map<String, Long> named) {
        for (int i = 0; i < set.length; i++) {
            set[i] = named.getOrDefault(PREFIX + names.get(i), NONE);
        }
    }

    void store(Map<String, Long> named) {
        for (int i = 0; i < set.length; i++) {
            if (set[i] != NONE) {
                named.put(PREFIX + names.get(i), set[i]);
            }
        }
    }

    /** When the earliest goes off, {@link Kept#NONE} if none is set. */
    long due() {
        long due = NONE;
        for (long each : set) {
            due = Times.earlier(due, each);
        }
        return due;
    }

    /** The first, in the order of the names, of those set to this time; -1 if none is. */
    int at(long time) {
        for (int i = 0; i < set.length; i++) {
            if (set[i] == time) {
                return i;
            }
        }
        return -1;
    }

    /** Begins a handler call. */
    void begin() {
        System.arraycopy(set, 0, asked, 0, set.length);
    }

    /** This one has gone off; the handler at hand may set it anew. */
    void spend(int alarm) {
        set[alarm] = NONE;
        asked[alarm] = NONE;
    }

    long asked(int alarm) {
        return asked[alarm];
    }

    void ask(int alarm, long time) {
        asked[alarm] = time;
    }

    /** The handler at hand closes the group: what it sets after this remains. */
    void askNone() {
        Arrays.fill(asked, NONE);
    }

    /** Ends a handler call that returned. */
    void take() {
        System.arraycopy(asked, 0, set, 0, set.length);
    }

    /** Ends a handler call after which there is no time left: an alarm may be cancelled, but not set. */
    void takeCancelled() {
        for (int i = 0; i < set.length; i++) {
            if (asked[i] != set[i]) {
                set[i] = NONE;
            }
        }
    }

    void clear() {
        Arrays.fill(set, NONE);
    }
}
