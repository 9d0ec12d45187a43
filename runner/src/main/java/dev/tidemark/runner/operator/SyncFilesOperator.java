package dev.tidemark.runner.operator;

import dev.tidemark.runner.flow.Receiver;
import dev.tidemark.runner.plan.RowKind;
import dev.tidemark.runner.time.Watermarks;
import java.util.HashMap;
import java.util.Map;
import org.apache.beam.sdk.io.FileBasedSink;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.WindowedValue;

/**
 * Makes the files durable that its elements name, and only then passes them on: a checkpoint that contains the name of a file must not
 * survive a power cut that the file does not. Files of other machines are what their file systems make of them.
 *
 * <p>Elements are pairs, as in front of any shuffle: of a key and a temporary file with what belongs into it, or of a key, a
 * destination and the final name that such a file has got. Of the temporary files it keeps a list, until they have got that name: those of a
 * checkpoint are not leftovers, all others are.
 */
final class SyncFilesOperator extends Operator {
    /** The list is not looked through while it is shorter. */
    private static final int SHORT = 64;

    private static final byte[] NOTHING = new byte[0];

    private final OutputFiles files;
    private final Receiver output;
    /** Temporary files that may still be there, and the key groups of their rows. */
    private final Map<String, Integer> temporary = new HashMap<>();

    private long added;
    private int lookThroughAt = SHORT;

    SyncFilesOperator(OutputFiles files, Receiver output) {
        this.files = files;
        this.output = output;
    }

    @Override
    public void accept(WindowedValue<?> element) {
        if (element.getValue() instanceof KV<?, ?> pair) {
            if (pair.getValue() instanceof FileBasedSink.FileResult<?> written) {
                String file = String.valueOf(written.getTempFilename());
                files.sync(file);
                remember(file);
            } else if (pair.getValue() instanceof KV<?, ?> named && named.getValue() instanceof String name) {
                files.syncName(name);
            }
        }
        output.accept(element);
    }

    private void remember(String file) {
        if (ledger().isKept() && files.isThere(file) && !temporary.containsKey(file)) {
            int group = ledger().groupFor(added++);
            temporary.put(file, group);
            ledger().put(RowKind.TEMPORARY, group, TemporaryFiles.row(file), NOTHING);
        }
    }

    @Override
    void restoreState() {
        ledger().read(RowKind.TEMPORARY, (group, rest, value) -> temporary.put(TemporaryFiles.name(rest), group));
    }

    /** Each look costs a call for each file, so the next waits until the list has doubled; after the end of input there is none. */
    @Override
    void saveState(long epoch) {
        if (temporary.size() < lookThroughAt && inputWatermark() < Watermarks.MAX) {
            return;
        }
        temporary.entrySet().removeIf(file -> {
            boolean gone = !files.isThere(file.getKey());
            if (gone) {
                ledger().delete(RowKind.TEMPORARY, file.getValue(), TemporaryFiles.row(file.getKey()));
            }
            return gone;
        });
        lookThroughAt = Math.max(SHORT, 2 * temporary.size());
    }
}
