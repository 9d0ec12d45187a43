package dev.tidemark.runner.power;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Power cuts of one recording: for each the file system is mounted as the cut has left it, so that it puts itself in order, and looked
 * at.
 */
public final class PowerCuts {
    /** How many images a run is to try, {@code -Dpowerloss.images}. */
    public static final int IMAGES = Integer.getInteger("powerloss.images", 150);

    private static final long SECONDS = 600;
    private static final String REPLAYED = "powerloss.recording";

    private final Bench bench;
    private final Recording recording;
    private final List<CrashImage> images;

    private PowerCuts(Bench bench, Recording recording, List<CrashImage> images) {
        this.bench = bench;
        this.recording = recording;
        this.images = images;
    }

    /** Cuts, half of them anywhere and half after the first announcement. */
    public static PowerCuts draw(Bench bench, Recording recording, int count, Random random) {
        PowerCuts anywhere = drawAfter(bench, recording, 0, count / 2, random);
        PowerCuts after = drawAfter(bench, recording, 1, count - count / 2, random);
        return new PowerCuts(
                bench,
                recording,
                Stream.concat(anywhere.images.stream(), after.images.stream())
                        .sorted()
                        .toList());
    }

    /** Cuts after the {@code n}-th announcement. */
    public static PowerCuts drawAfter(Bench bench, Recording recording, int n, int count, Random random) {
        int from = recording.entriesBefore(n);
        int most = recording.log().entries().size() - from;
        return new PowerCuts(
                bench,
                recording,
                Stream.generate(() -> new CrashImage(from + random.nextInt(most + 1), random.nextLong()))
                        .limit(count)
                        .sorted()
                        .toList());
    }

    /** Whether one image of a recording that was kept is to be looked at once more, and nothing else. */
    public static boolean isReplay() {
        return System.getProperty(REPLAYED) != null;
    }

    /** That image. */
    public static PowerCuts replay(Bench bench) throws IOException {
        Recording recording = Recording.load(Path.of(System.getProperty(REPLAYED, "")));
        return new PowerCuts(bench, recording, List.of(CrashImage.parse(System.getProperty("powerloss.image", ""))));
    }

    /** What must hold on each disk. */
    public interface Check {
        void check(Path disk, Recording recording, CrashImage image) throws Exception;
    }

    /** What did not hold. */
    public record Failure(CrashImage image, Throwable why) {
        @Override
        public String toString() {
            return image + ": " + why;
        }
    }

    /** One of the images, for another recording to begin with. */
    public RecordedDisk.Beginning pick(Random random) throws IOException {
        CrashImage image = images.get(random.nextInt(images.size()));
        Path file = bench.path("picked");
        try (Wreck wreck = new Wreck(recording, bench.path("picked-safe"))) {
            wreck.write(image, file);
        }
        return new RecordedDisk.Beginning(file, recording.announced(image));
    }

    /** Looks at each image where the recorded disk was, for what is on it may know its own name. */
    public List<Failure> tryEachInItsPlace(Check check) throws IOException {
        return tryEach(images, Files.createDirectories(recording.place()), "image", check);
    }

    /** Looks at the images in places of their own, some at a time. */
    public List<Failure> tryEach(int threads, Check check) throws IOException, InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<List<Failure>>> parts = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                List<CrashImage> part = images.subList(images.size() * i / threads, images.size() * (i + 1) / threads);
                String name = "image-" + i;
                parts.add(pool.submit(() -> tryEach(part, bench.makeDirectory(name + "-disk"), name, check)));
            }
            List<Failure> failures = new ArrayList<>();
            for (Future<List<Failure>> part : parts) {
                failures.addAll(part.get());
            }
            return failures;
        } catch (ExecutionException e) {
            throw new IOException("the images could not be made: " + e.getCause(), e);
        } finally {
            pool.shutdown();
            // Each unmounts what it has mounted, before the bench goes.
            if (!pool.awaitTermination(SECONDS, TimeUnit.SECONDS)) {
                System.err.println("power loss: a disk is still looked at");
            }
        }
    }

    private List<Failure> tryEach(List<CrashImage> some, Path place, String name, Check check) throws IOException {
        List<Failure> failures = new ArrayList<>();
        try (Wreck wreck = new Wreck(recording, bench.path(name + "-safe"))) {
            for (CrashImage image : some) {
                Path file = bench.path(name);
                wreck.write(image, file);
                // The file system puts itself in order here.
                Programs.run("mount", "-o", "loop", file.toString(), place.toString());
                try {
                    check.check(place, recording, image);
                } catch (Exception | AssertionError e) {
                    failures.add(new Failure(image, e));
                } finally {
                    Programs.unmount(place);
                }
            }
        }
        return failures;
    }

    /** Fails where anything did, and says how to look at it again. */
    public void requireNone(List<Failure> failures, String what) throws IOException {
        if (!failures.isEmpty()) {
            Failure first = failures.get(0);
            Path kept = Path.of(
                            "target",
                            "powerloss",
                            what + "-" + Long.toHexString(first.image().seed()))
                    .toAbsolutePath();
            if (!isReplay()) {
                recording.save(kept);
            }
            throw new AssertionError(
                    failures.size() + " of " + images.size() + " images of a disk with " + recording.summary()
                            + " are not as they must be. The first again: ./mvnw -pl runner -Ppowerloss verify -Dtest="
                            + what
                            + " -Dpowerloss.recording=" + kept + " -Dpowerloss.image="
                            + first.image() + "\n"
                            + String.join(
                                    "\n",
                                    failures.stream()
                                            .map(Failure::toString)
                                            .limit(10)
                                            .toList()),
                    first.why());
        }
    }
}
