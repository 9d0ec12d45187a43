package dev.tidemark.runner.power;

/**
 * What a power cut leaves: the first {@code cut} entries of a log were given to the disk, and of those that no flush had followed some are
 * lost and some are torn.
 *
 * @param seed decides which
 */
public record CrashImage(int cut, long seed) implements Comparable<CrashImage> {
    static CrashImage parse(String text) {
        String[] parts = text.split(":", 2);
        return new CrashImage(Integer.parseInt(parts[0]), Long.parseLong(parts[1]));
    }

    @Override
    public int compareTo(CrashImage other) {
        return cut != other.cut ? Integer.compare(cut, other.cut) : Long.compare(seed, other.seed);
    }

    @Override
    public String toString() {
        return cut + ":" + seed;
    }
}
