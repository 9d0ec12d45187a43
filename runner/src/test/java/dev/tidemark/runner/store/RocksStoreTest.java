package dev.tidemark.runner.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksStoreTest extends StoreContract {
    @TempDir
    private Path root = Path.of("unset");

    private @Nullable StateDirectory directory;

    @Override
    Store empty() throws Exception {
        directory = StateDirectory.open(root.toString(), "a job", StateOptions.defaults());
        return directory.store();
    }

    @Override
    Store reopened(Store store) throws Exception {
        release(store);
        return empty();
    }

    @Override
    void release(Store store) {
        if (directory != null) {
            directory.close();
        }
    }

    @Test
    void theStoresOwnRowsCanNeitherBeSeenNorWritten() throws Exception {
        byte[] own = {-1, -1, -1, -1, 'e', 'p', 'o', 'c', 'h'};
        Store store = reopen();
        store.commit(1, List.of());

        assertThat(store.get(own)).isNull();
        assertThat(rows(store, new byte[0], new byte[] {-1, -1, -1, -1, -1})).isEmpty();
        Changes changes = new Changes();
        changes.put(own, own);
        assertThatThrownBy(() -> store.commit(2, List.of(changes))).isInstanceOf(IllegalArgumentException.class);
        assertThat(reopen().epoch()).isEqualTo(1);
    }

    @Test
    void anEpochThatDoesNotComeAfterTheLastIsRefused() throws Exception {
        Store store = reopen();
        store.commit(2, List.of());

        assertThatThrownBy(() -> store.commit(2, List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whoReadsAStoreThatIsClosedIsToldSo() throws Exception {
        Store store = reopen();
        release(store);

        assertThatThrownBy(() -> store.get(bytes("a"))).isInstanceOf(IllegalStateException.class);
        directory = null;
    }
}
