package dev.tidemark.runner.store;

import org.jspecify.annotations.Nullable;
import org.rocksdb.AbstractEventListener;
import org.rocksdb.BackgroundErrorReason;
import org.rocksdb.Status;

/** Hears what RocksDB could not do on its own threads: all that it tells otherwise is how often. Any thread. */
final class BackgroundErrors extends AbstractEventListener {
    private volatile @Nullable Status first;

    BackgroundErrors() {
        super(EnabledEventCallback.ON_BACKGROUND_ERROR);
    }

    @Override
    public void onBackgroundError(BackgroundErrorReason reason, Status status) {
        if (first == null) {
            first = status;
        }
    }

    /** What went wrong first; null where nothing did. */
    @Nullable
    Status first() {
        return first;
    }
}
