package dev.tidemark.processor.snapshot;

import dev.tidemark.processor.snapshot.Snapshot.StoredField;
import dev.tidemark.processor.snapshot.Snapshot.StoredRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Whether one stored form reads what another wrote: fields may come, go, be reordered, widened, and renamed by number. */
public final class Compatibility {
    private static final List<String> WHOLE_NUMBERS = List.of("byte", "short", "int", "long");

    /**
     * A change that stored state does not survive.
     *
     * @param field the field as it is now
     * @param message what was, and what is
     * @param isPlain whether it is one of the plain fields of the state, which can be migrated
     */
    public record Break(StoredField field, String message, boolean isPlain) {}

    private Compatibility() {}

    /** What of {@code former} is not read by {@code current}. */
    public static List<Break> breaks(Snapshot former, Snapshot current) {
        List<Break> breaks = new ArrayList<>();
        for (Map.Entry<String, StoredRecord> each : current.records().entrySet()) {
            StoredRecord before = former.records().get(each.getKey());
            if (before != null) {
                breaks.addAll(breaks(before, each.getValue(), each.getKey().equals("state")));
            }
        }
        return breaks;
    }

    /** The same of one record. */
    public static List<Break> breaks(StoredRecord former, StoredRecord current, boolean isState) {
        List<Break> breaks = new ArrayList<>();
        Map<Integer, StoredField> before = new TreeMap<>();
        former.fields().forEach(field -> before.put(field.number(), field));
        for (StoredField field : current.fields()) {
            StoredField old = before.get(field.number());
            if (old == null) {
                if (former.removed().contains(field.number())) {
                    breaks.add(new Break(
                            field,
                            "field " + field.number() + " was removed once, and its number is reserved; give "
                                    + field.name() + " another with @FieldNumber",
                            false));
                }
                continue;
            }
            boolean plain =
                    isState && old.cell().equals("fields") && field.cell().equals("fields");
            if (!old.cell().equals(field.cell()) || !isReadAs(old.type(), field.type())) {
                breaks.add(new Break(
                        field,
                        "field " + field.number() + " was " + text(old) + ", is " + text(field) + moved(former, field),
                        plain));
            } else if (!old.name().equals(field.name()) && !field.fixed()) {
                breaks.add(new Break(
                        field,
                        "field " + field.number() + " was " + text(old) + ", is " + text(field)
                                + "; if it was renamed, write @FieldNumber(" + field.number()
                                + ") on it, and if fields were"
                                + " moved, the numbers that they had",
                        plain));
            }
        }
        return breaks;
    }

    /** A field that kept its name, and only stands elsewhere, needs its number and no migration. */
    private static String moved(StoredRecord former, StoredField field) {
        return former.fields().stream()
                .filter(old -> old.name().equals(field.name())
                        && old.cell().equals(field.cell())
                        && isReadAs(old.type(), field.type()))
                .findFirst()
                .map(old -> "; " + field.name() + " had the number " + old.number() + ": write @FieldNumber("
                        + old.number() + ") on it")
                .orElse("");
    }

    private static boolean isReadAs(String former, String current) {
        return former.equals(current)
                || (WHOLE_NUMBERS.contains(former) && WHOLE_NUMBERS.indexOf(former) < WHOLE_NUMBERS.indexOf(current));
    }

    private static String text(StoredField field) {
        String kind = field.cell().equals("fields")
                ? field.type()
                : field.type().isEmpty() ? field.cell() : field.cell() + " of " + field.type();
        return field.name() + ": " + kind;
    }
}
