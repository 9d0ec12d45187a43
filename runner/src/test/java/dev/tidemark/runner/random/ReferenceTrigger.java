package dev.tidemark.runner.random;

import dev.tidemark.runner.random.Case.All;
import dev.tidemark.runner.random.Case.Count;
import dev.tidemark.runner.random.Case.Default;
import dev.tidemark.runner.random.Case.Each;
import dev.tidemark.runner.random.Case.End;
import dev.tidemark.runner.random.Case.Ends;
import dev.tidemark.runner.random.Case.First;
import dev.tidemark.runner.random.Case.Repeat;
import dev.tidemark.runner.random.Case.Trigger;
import java.util.List;

/** A trigger of one key and window, and how far it has come. Whether the window has ended is told to it each time. */
abstract sealed class ReferenceTrigger {
    private boolean finished;

    abstract void elementCame();

    abstract boolean wouldFire(boolean ended);

    /** The pane was emitted. */
    abstract void fired(boolean ended);

    /** The pane that it was waiting for is gone. */
    void forget() {}

    final boolean isFinished() {
        return finished;
    }

    final void finish() {
        finished = true;
    }

    /** Begins anew. */
    void begin() {
        finished = false;
        forget();
    }

    static ReferenceTrigger of(Trigger trigger) {
        if (trigger instanceof Default) {
            return new AtEnd(true);
        } else if (trigger instanceof End) {
            return new AtEnd(false);
        } else if (trigger instanceof Count count) {
            return new Counting(count.elements());
        } else if (trigger instanceof Ends ends) {
            return new BeforeAndAfterEnd(ends);
        } else if (trigger instanceof Repeat repeat) {
            return new Repeated(of(repeat.repeated()));
        } else if (trigger instanceof First first) {
            return new Several(first.parts(), false);
        } else if (trigger instanceof All all) {
            return new Several(all.parts(), true);
        } else if (trigger instanceof Each each) {
            return new InOrder(each.parts());
        }
        throw new IllegalStateException("unknown trigger " + trigger);
    }

    /** Fires when the window has ended: once, or again with each late bundle. */
    private static final class AtEnd extends ReferenceTrigger {
        private final boolean again;

        AtEnd(boolean again) {
            this.again = again;
        }

        @Override
        void elementCame() {}

        @Override
        boolean wouldFire(boolean ended) {
            return ended;
        }

        @Override
        void fired(boolean ended) {
            if (!again) {
                finish();
            }
        }
    }

    private static final class Counting extends ReferenceTrigger {
        private final int enough;
        private int count;

        Counting(int enough) {
            this.enough = enough;
        }

        @Override
        void elementCame() {
            count++;
        }

        @Override
        boolean wouldFire(boolean ended) {
            return count >= enough;
        }

        @Override
        void fired(boolean ended) {
            count = 0;
            finish();
        }

        @Override
        void forget() {
            count = 0;
        }
    }

    /** Each count begins anew when it has fired; the early one ends with the window. */
    private static final class BeforeAndAfterEnd extends ReferenceTrigger {
        private final Ends counts;
        private int count;
        private boolean isAfterEnd;

        BeforeAndAfterEnd(Ends counts) {
            this.counts = counts;
        }

        @Override
        void elementCame() {
            count++;
        }

        @Override
        boolean wouldFire(boolean ended) {
            int enough = isAfterEnd ? counts.late() : counts.early();
            return (!isAfterEnd && ended) || (enough > 0 && count >= enough);
        }

        @Override
        void fired(boolean ended) {
            count = 0;
            if (ended && !isAfterEnd) {
                isAfterEnd = true;
                if (counts.late() == 0) {
                    finish();
                }
            }
        }

        @Override
        void forget() {
            count = 0;
        }

        @Override
        void begin() {
            super.begin();
            isAfterEnd = false;
        }
    }

    private static final class Repeated extends ReferenceTrigger {
        private final ReferenceTrigger repeated;

        Repeated(ReferenceTrigger repeated) {
            this.repeated = repeated;
        }

        @Override
        void elementCame() {
            repeated.elementCame();
        }

        @Override
        boolean wouldFire(boolean ended) {
            return repeated.wouldFire(ended);
        }

        @Override
        void fired(boolean ended) {
            repeated.fired(ended);
            if (repeated.isFinished()) {
                repeated.begin();
            }
        }

        @Override
        void forget() {
            repeated.forget();
        }

        @Override
        void begin() {
            super.begin();
            repeated.begin();
        }
    }

    /** Fires once: when the first of its parts would, or all of them. */
    private static final class Several extends ReferenceTrigger {
        private final List<ReferenceTrigger> parts;
        private final boolean all;

        Several(List<Trigger> parts, boolean all) {
            this.parts = parts.stream().map(ReferenceTrigger::of).toList();
            this.all = all;
        }

        @Override
        void elementCame() {
            parts.forEach(ReferenceTrigger::elementCame);
        }

        @Override
        boolean wouldFire(boolean ended) {
            return all
                    ? parts.stream().allMatch(part -> part.wouldFire(ended))
                    : parts.stream().anyMatch(part -> part.wouldFire(ended));
        }

        @Override
        void fired(boolean ended) {
            for (ReferenceTrigger part : parts) {
                if (part.wouldFire(ended)) {
                    part.fired(ended);
                } else {
                    part.forget();
                }
            }
            finish();
        }

        @Override
        void forget() {
            parts.forEach(ReferenceTrigger::forget);
        }

        @Override
        void begin() {
            super.begin();
            parts.forEach(ReferenceTrigger::begin);
        }
    }

    private static final class InOrder extends ReferenceTrigger {
        private final List<ReferenceTrigger> parts;

        InOrder(List<Trigger> parts) {
            this.parts = parts.stream().map(ReferenceTrigger::of).toList();
        }

        private ReferenceTrigger current() {
            return parts.stream()
                    .filter(part -> !part.isFinished())
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("asked after it had finished"));
        }

        @Override
        void elementCame() {
            current().elementCame();
        }

        @Override
        boolean wouldFire(boolean ended) {
            return current().wouldFire(ended);
        }

        @Override
        void fired(boolean ended) {
            current().fired(ended);
            if (parts.stream().allMatch(ReferenceTrigger::isFinished)) {
                finish();
            }
        }

        @Override
        void forget() {
            parts.forEach(ReferenceTrigger::forget);
        }

        @Override
        void begin() {
            super.begin();
            parts.forEach(ReferenceTrigger::begin);
        }
    }
}
