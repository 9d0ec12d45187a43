package dev.tidemark.runner.simulation;

import java.io.IOException;
import java.util.Random;

/**
 * The machine that a simulated job runs on, from one start to its end: it dies at a step drawn beforehand, disks fail, user code
 * throws. A step is whatever the world outside of the job could see: a change to a file, a row that is read, a call of user code.
 *
 * <p>Thread-safe, although one thread at a time is in a simulated job: which one may change.
 */
final class Machine {
    /** What may go wrong in a simulation; each seed has some of it, so that what is rare together is tried, too. */
    record Faults(int crashes, double failedSyncs, int exceptions) {
        static Faults draw(Random random) {
            return new Faults(
                    random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(5),
                    random.nextInt(3) == 0 ? random.nextDouble() / 2 : 0,
                    random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 0);
        }
    }

    private static final int MOST_FAILED_SYNCS = 20;
    private static final int MOST_STEPS = 100_000;
    /** A step is drawn from so many powers of two, so that early and late ones are as likely. */
    private static final int MOST_DOUBLINGS = 12;

    private final Random random;
    private final double failedSyncs;
    private final long diesAt;
    private long steps;
    private int syncsFailed;
    private int exceptionsLeft;
    private long nextException = Long.MAX_VALUE;
    private boolean dead;
    private boolean hangs;

    /** @param dies whether it does so before the job has ended, unless that comes first */
    Machine(Random random, Faults faults, boolean dies) {
        this.random = random;
        this.failedSyncs = faults.failedSyncs();
        this.exceptionsLeft = faults.exceptions();
        this.diesAt = dies ? anyStep() : Long.MAX_VALUE;
        drawException();
    }

    private long anyStep() {
        long most = 1L << random.nextInt(MOST_DOUBLINGS);
        return steps + 1 + most + random.nextInt((int) most);
    }

    private void drawException() {
        nextException = exceptionsLeft > 0 ? anyStep() : Long.MAX_VALUE;
    }

    /**
     * Something is about to happen that can be seen from outside.
     *
     * @throws Crash where the machine dies before it does, or is dead
     */
    synchronized void step(String what) {
        if (dead) {
            throw new Crash("the machine is dead: no " + what);
        }
        steps++;
        hangs = steps > MOST_STEPS;
        if (steps >= diesAt || hangs) {
            dead = true;
            throw new Crash("at step " + steps + ", before " + what);
        }
    }

    /** As {@link #step}, in user code, which throws now and then. */
    synchronized void userStep(String what) {
        step(what);
        if (steps >= nextException) {
            exceptionsLeft--;
            drawException();
            throw new IllegalStateException("on purpose, at step " + steps + ": " + what);
        }
    }

    /** Whether the sync that has been asked for fails. */
    synchronized void sync() throws IOException {
        if (syncsFailed < MOST_FAILED_SYNCS && random.nextDouble() < failedSyncs) {
            syncsFailed++;
            throw new IOException("the disk does not answer (on purpose)");
        }
    }

    synchronized boolean isDead() {
        return dead;
    }

    /** Whether it was given up, because its job did not end. */
    synchronized boolean hangs() {
        return hangs;
    }

    /** Draws from what this machine does: the same at each run of the same seed. */
    synchronized boolean drawOnceIn(int times) {
        return random.nextInt(times) == 0;
    }
}
