package dev.tidemark.runner.operator;

import dev.tidemark.runner.flow.Receiver;
import org.apache.beam.sdk.io.FileBasedSink;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.WindowedValue;

/**
 * Makes the files durable that its elements name, and only then passes them on: a checkpoint that contains the name of a file must not
 * survive a power cut that the file does not. Files of other machines are what their file systems make of them.
 *
 * <p>Elements are pairs, as in front of any shuffle: of a key and a temporary file with what belongs into it, or of a key, a
 * destination and the final name that such a file has got.
 */
final class SyncFilesOperator extends Operator {
    private final WrittenFilesSync sync;
    private final Receiver output;

    SyncFilesOperator(WrittenFilesSync sync, Receiver output) {
        this.sync = sync;
        this.output = output;
    }

    @Override
    public void accept(WindowedValue<?> element) {
        if (element.getValue() instanceof KV<?, ?> pair) {
            if (pair.getValue() instanceof FileBasedSink.FileResult<?> written) {
                sync.sync(String.valueOf(written.getTempFilename()));
            } else if (pair.getValue() instanceof KV<?, ?> named && named.getValue() instanceof String name) {
                sync.syncName(name);
            }
        }
        output.accept(element);
    }
}
