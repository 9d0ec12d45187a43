package dev.tidemark.examples;

import java.util.Set;

/**
 * The rows of a {@link GeneratedActivity}. Time goes in steps, and in each step every user who is not pausing makes a reading: the place of a
 * reading is {@code step * users + user}. Everything about the reading at a place is a hash of the seed and the place, so a
 * position is the place alone. What is generated is the text of a row, which is then parsed as that of a file.
 */
final class GeneratedRows implements RowFeed {
    private static final String HEADER = "Index,Arrival_Time,Creation_Time,x,y,z,User,Model,Device,gt";
    private static final String[] ACTIVITIES = {"stand", "sit", "walk", "stairsup", "stairsdown", "bike", "null"};

    /** At these the sensor is jolted one time in forty. */
    private static final Set<String> MOVING = Set.of("walk", "stairsup", "stairsdown");

    /** 2015-02-23, a Monday. */
    private static final long BEGIN_MILLIS = 1_424_649_600_000L;

    /** In steps: within one such stretch a user pauses at most once. */
    private static final int STRETCH = 250;

    /** In steps: a stretch has one activity after the other, so long each. */
    private static final int ACTIVITY = 125;

    private final GeneratedActivity settings;
    private final RowParser parser;
    private final long[] left;
    private long leftInAll;
    private long place;
    private Row row = new Malformed(0, "there is no row before the first");

    GeneratedRows(GeneratedActivity settings, Position from) {
        this.settings = settings;
        try {
            this.parser = RowParser.csv(HEADER, EventTimeColumn.CREATION);
        } catch (MalformedRowException e) {
            throw new IllegalStateException("our own header has all columns", e);
        }
        int users = (settings.users() - settings.part() + settings.parts() - 1) / settings.parts();
        this.left = new long[users];
        for (int i = 0; i < users; i++) {
            int user = settings.part() + i * settings.parts();
            left[i] = settings.readings() / settings.users() + (user < settings.readings() % settings.users() ? 1 : 0);
            leftInAll += left[i];
        }
        this.place = settings.part();
        while (place < from.offset() && leftInAll > 0) {
            take();
        }
    }

    @Override
    public boolean advance() {
        while (leftInAll > 0) {
            long here = place;
            if (take()) {
                row = parser.parse(here + 1, text(here));
                return true;
            }
        }
        return false;
    }

    /** Goes past the place; false if nobody makes a reading there. */
    private boolean take() {
        long step = place / settings.users();
        int user = (int) (place % settings.users());
        int mine = user / settings.parts();
        // The next user of this part, or its first one in the next step.
        place = mine + 1 < left.length ? place + settings.parts() : (step + 1) * settings.users() + settings.part();
        if (left[mine] == 0 || pauses(user, step)) {
            return false;
        }
        left[mine]--;
        leftInAll--;
        return true;
    }

    private boolean pauses(int user, long step) {
        long hash = hash(user, step / STRETCH, 1);
        if (below(hash, 100) >= 40) {
            return false;
        }
        int length = 50 + below(hash >>> 8, 50);
        int first = below(hash >>> 24, STRETCH - length);
        int at = (int) (step % STRETCH);
        return at >= first && at < first + length;
    }

    private String text(long at) {
        int user = (int) (at % settings.users());
        long step = at / settings.users();
        long hash = hash(user, step, 2);
        long arrival =
                BEGIN_MILLIS + step * GeneratedActivity.STEP_MILLIS + below(hash, (int) GeneratedActivity.STEP_MILLIS);
        boolean delayed = settings.delayMillis() > 0 && below(hash >>> 10, 8) == 0;
        long creation = arrival - (delayed ? below(hash >>> 20, (int) settings.delayMillis()) : 0);
        int activity = below(hash(user, step / ACTIVITY, 3), ACTIVITIES.length);
        StringBuilder text = new StringBuilder(96);
        text.append(at).append(',').append(arrival).append(',');
        long fault = below(hash >>> 32, 1_000) == 0 ? below(hash >>> 48, 5) : -1;
        if (fault == 0) {
            return text.toString();
        }
        text.append(
                fault == 1 ? "NaN" : fault == 2 ? "" : fault == 3 ? "9.9E+30" : Long.toString(creation * 1_000_000));
        long noise = hash(user, step, 4);
        appendDecimal(text.append(','), activity * 1_000 + below(noise, 4_000) - 5_000);
        appendDecimal(text.append(','), below(noise >>> 16, 4_000) - 2_000);
        boolean jolt = MOVING.contains(ACTIVITIES[activity]) && below(noise >>> 48, 40) == 0;
        appendDecimal(text.append(','), 9_810 + (jolt ? 8_000 : 0) + below(noise >>> 32, 4_000) - 2_000);
        text.append(",user-")
                .append(user)
                .append(",nexus4,nexus4-")
                .append(user / 4)
                .append(',');
        return text.append(fault == 4 ? "" : ACTIVITIES[activity]).toString();
    }

    /** Appends thousandths as a number with a decimal point. */
    private static void appendDecimal(StringBuilder text, int thousandths) {
        text.append(thousandths < 0 ? "-" : "")
                .append(Math.abs(thousandths) / 1_000)
                .append('.');
        int fraction = Math.abs(thousandths) % 1_000;
        text.append((char) ('0' + fraction / 100))
                .append((char) ('0' + fraction / 10 % 10))
                .append((char) ('0' + fraction % 10));
    }

    private static int below(long hash, int bound) {
        return (int) ((hash & 0xffff_ffffL) % bound);
    }

    /** SplitMix64 of the seed and three numbers. */
    private long hash(long user, long step, long what) {
        long z = settings.seed() * 0x9e3779b97f4a7c15L + user * 0xd1b54a32d192ed03L + step * 0x8cb92ba72f3d8dd7L + what;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    @Override
    public Row row() {
        return row;
    }

    @Override
    public Position next() {
        return new Position(place, place + 1);
    }

    @Override
    public void close() {}
}
