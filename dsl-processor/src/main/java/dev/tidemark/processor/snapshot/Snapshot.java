package dev.tidemark.processor.snapshot;

import dev.tidemark.processor.model.GroupModel;
import dev.tidemark.processor.model.GroupModel.HandleModel;
import dev.tidemark.processor.schema.Storable;
import dev.tidemark.processor.schema.Storable.Composite;
import dev.tidemark.processor.schema.Storable.Container;
import dev.tidemark.processor.schema.Storable.EnumOf;
import dev.tidemark.processor.schema.Storable.Field;
import dev.tidemark.processor.schema.Storable.OptionalOf;
import dev.tidemark.processor.schema.Storable.Primitive;
import dev.tidemark.processor.schema.Storable.Scalar;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The stored form of a group. Immutable.
 *
 * @param name the name of the group
 * @param version the version of its state
 * @param key the type of its key
 * @param records its state, the input if events are stored, and the records in them, by what names their encoding
 */
public record Snapshot(String name, int version, String key, Map<String, StoredRecord> records) {

    /**
     * A record.
     *
     * @param fields by number, the lowest first
     * @param removed the numbers of fields that there were: they stay reserved
     */
    public record StoredRecord(List<StoredField> fields, List<Integer> removed) {}

    /**
     * A field.
     *
     * @param cell what it is stored in: {@code fields} with the others, or the kind of its own cell
     * @param type its type, as it is stored
     * @param fixed whether its number is written in the source; not part of what is committed
     */
    public record StoredField(int number, String name, String cell, String type, boolean fixed) {}

    /** The stored form of a group as it is in the source. */
    public static Snapshot of(GroupModel group) {
        Map<String, StoredRecord> records = new TreeMap<>();
        List<StoredField> state = new ArrayList<>();
        group.state().plain().fields().forEach(field -> state.add(field(field, "fields", records)));
        group.state().cells().forEach(field -> state.add(field(field, "cell", records)));
        for (HandleModel handle : group.state().handles()) {
            List<Storable> elements = new ArrayList<>();
            handle.key().ifPresent(elements::add);
            handle.element().ifPresent(elements::add);
            String type =
                    elements.stream().map(element -> type(element, records)).collect(Collectors.joining(" to "));
            state.add(new StoredField(
                    handle.number(),
                    handle.name(),
                    handle.kind().name().toLowerCase(Locale.ROOT),
                    type,
                    handle.fixed()));
        }
        state.sort(Comparator.comparingInt(StoredField::number));
        records.put("state", new StoredRecord(List.copyOf(state), List.of()));
        if (group.isOrdered()) {
            type(group.input(), records);
        }
        return new Snapshot(
                group.name(), group.state().version(), type(group.key().storable(), records), records);
    }

    /** The plain fields of an earlier version, as the record that a migration takes them in. */
    public static StoredRecord of(Composite before) {
        Map<String, StoredRecord> ignored = new TreeMap<>();
        return new StoredRecord(
                before.fields().stream()
                        .map(field -> field(field, "fields", ignored))
                        .sorted(Comparator.comparingInt(StoredField::number))
                        .toList(),
                List.of());
    }

    private static StoredField field(Field field, String cell, Map<String, StoredRecord> records) {
        return new StoredField(field.number(), field.name(), cell, type(field.storable(), records), field.fixed());
    }

    /** The type as it is stored: what may be absent, and what is boxed, is stored as what is not. */
    private static String type(Storable storable, Map<String, StoredRecord> records) {
        if (storable instanceof OptionalOf optional) {
            return type(optional.element(), records);
        }
        if (storable instanceof Primitive primitive) {
            return word(primitive.wires());
        }
        if (storable instanceof Scalar scalar) {
            return word(scalar.wires());
        }
        if (storable instanceof EnumOf) {
            return "enum";
        }
        if (storable instanceof Container container) {
            return container.wires() + " of "
                    + container.elements().stream()
                            .map(element -> type(element, records))
                            .collect(Collectors.joining(" to "));
        }
        if (storable instanceof Composite composite) {
            if (!records.containsKey(composite.id())) {
                records.put(composite.id(), new StoredRecord(List.of(), List.of()));
                List<StoredField> fields = composite.fields().stream()
                        .map(field -> field(field, "fields", records))
                        .sorted(Comparator.comparingInt(StoredField::number))
                        .toList();
                records.put(composite.id(), new StoredRecord(fields, List.of()));
            }
            return "record " + composite.id();
        }
        throw new IllegalArgumentException(storable + " is part of no stored form");
    }

    private static String word(String wires) {
        return wires.equals("INTEGER") ? "int" : wires.toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** This form, with the numbers reserved that {@code former} had in use. */
    public Snapshot after(Snapshot former) {
        Map<String, StoredRecord> kept = new TreeMap<>();
        records.forEach((id, record) -> {
            StoredRecord before = former.records().get(id);
            TreeSet<Integer> removed = new TreeSet<>();
            if (before != null) {
                removed.addAll(before.removed());
                before.fields().forEach(field -> removed.add(field.number()));
            }
            record.fields().forEach(field -> removed.remove(field.number()));
            kept.put(id, new StoredRecord(record.fields(), List.copyOf(removed)));
        });
        return new Snapshot(name, version, key, kept);
    }
}
