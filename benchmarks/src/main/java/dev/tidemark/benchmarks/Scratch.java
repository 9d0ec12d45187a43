package dev.tidemark.benchmarks;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** A directory that is gone when it is closed, also where somebody else still removes files of his own from it. */
final class Scratch implements AutoCloseable {
    private static final int MOST_TRIES = 20;

    private final Path directory;

    Scratch(String name) throws IOException {
        this.directory = Files.createTempDirectory(name);
    }

    Path directory() {
        return directory;
    }

    @Override
    public void close() throws IOException {
        for (int tries = 1; Files.exists(directory); tries++) {
            try {
                remove();
            } catch (DirectoryNotEmptyException e) {
                // Something came into it meanwhile.
                if (tries == MOST_TRIES) {
                    throw e;
                }
            }
        }
    }

    private void remove() throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) throws IOException {
                if (Files.exists(file)) {
                    throw gone;
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path left, @Nullable IOException failure) throws IOException {
                if (failure != null && Files.exists(left)) {
                    throw failure;
                }
                Files.deleteIfExists(left);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
