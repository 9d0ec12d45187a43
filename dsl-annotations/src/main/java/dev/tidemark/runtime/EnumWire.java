package dev.tidemark.runtime;

import java.io.IOException;
import java.util.Map;

/** An enum, by name: constants may be reordered and added, not renamed. */
final class EnumWire<E extends Enum<E>> implements Wire<E> {
    private static final long serialVersionUID = 1L;

    private final String id;
    private final Class<E> type;

    EnumWire(String id, Class<E> type) {
        this.id = id;
        this.type = type;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public void describe(Map<String, String> layouts) {
        layouts.put(id, StoredForms.ENUM);
    }

    @Override
    public int wireType() {
        return WireWriter.LENGTH;
    }

    @Override
    public boolean deterministic() {
        return true;
    }

    @Override
    public void write(E value, WireWriter out) {
        out.string(value.name());
    }

    @Override
    public E read(WireReader in) throws IOException {
        String name = in.string();
        try {
            return Enum.valueOf(type, name);
        } catch (IllegalArgumentException unknown) {
            throw in.corrupt(type.getSimpleName() + " has no constant \"" + name + "\"");
        }
    }
}
