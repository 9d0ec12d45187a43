package dev.tidemark.runtime;

import org.jspecify.annotations.Nullable;

/** What all handles have in common: they serve one handler call. */
final class Handles {
    private Handles() {}

    static <S> S opened(@Nullable S state) {
        if (state == null) {
            throw new IllegalStateException("a handle of the state can be used only until its handler returns");
        }
        return state;
    }
}
