package dev.tidemark.runner.store;

class MemoryStoreTest extends StoreContract {
    @Override
    Store empty() {
        return new MemoryStore();
    }

    @Override
    Store reopened(Store store) {
        return store;
    }

    @Override
    void release(Store store) {
        store.close();
    }
}
