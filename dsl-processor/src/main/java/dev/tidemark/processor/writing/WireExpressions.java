package dev.tidemark.processor.writing;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.NameAllocator;
import dev.tidemark.processor.model.GeneratedNames;
import dev.tidemark.processor.model.GroupModel;
import dev.tidemark.processor.schema.Storable;
import dev.tidemark.processor.schema.Storable.Composite;
import dev.tidemark.processor.schema.Storable.Container;
import dev.tidemark.processor.schema.Storable.EnumOf;
import dev.tidemark.processor.schema.Storable.Field;
import dev.tidemark.processor.schema.Storable.HandleOf;
import dev.tidemark.processor.schema.Storable.OptionalOf;
import dev.tidemark.processor.schema.Storable.Primitive;
import dev.tidemark.processor.schema.Storable.Scalar;
import dev.tidemark.processor.schema.Storable.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Names the coder class of each composite type of a group, and writes the expression for any encoding. */
final class WireExpressions {
    private final GeneratedNames names;
    private final NameAllocator allocator = new NameAllocator();
    private final Map<String, ClassName> coders = new LinkedHashMap<>();
    private final Map<String, Composite> composites = new LinkedHashMap<>();

    WireExpressions(GeneratedNames names) {
        this.names = names;
    }

    /** Makes room for a type and all that it contains. */
    void add(Storable storable) {
        if (storable instanceof OptionalOf optional) {
            add(optional.element());
        } else if (storable instanceof Container container) {
            container.elements().forEach(this::add);
        } else if (storable instanceof HandleOf handle) {
            handle.elements().forEach(this::add);
        } else if (storable instanceof Composite composite && !composites.containsKey(composite.id())) {
            composites.put(composite.id(), composite);
            String suffix = composite.shape() == Shape.WHOLE_STATE ? "WholeCoder" : "Coder";
            coders.put(
                    composite.id(),
                    names.coders()
                            .nestedClass(allocator.newName(composite.type().simpleName() + suffix)));
            for (Field field : composite.fields()) {
                add(field.storable());
            }
        }
    }

    /** The types with a coder of their own, in the order they were added. */
    Iterable<Composite> composites() {
        return composites.values();
    }

    /** The coder class of a type. */
    ClassName coder(Composite composite) {
        return Optional.ofNullable(coders.get(composite.id())).orElseThrow();
    }

    /** The encoding of a type. */
    CodeBlock wire(Storable storable) {
        if (storable instanceof Primitive primitive) {
            return CodeBlock.of("$T.$N", BeamNames.WIRES, primitive.wires());
        }
        if (storable instanceof Scalar scalar) {
            return CodeBlock.of("$T.$N", BeamNames.WIRES, scalar.wires());
        }
        if (storable instanceof EnumOf enumOf) {
            return CodeBlock.of("$T.enumOf($S, $T.class)", BeamNames.WIRES, enumOf.id(), enumOf.type());
        }
        if (storable instanceof Composite composite) {
            return CodeBlock.of("$T.INSTANCE", coder(composite));
        }
        if (storable instanceof OptionalOf optional) {
            return wire(optional.element());
        }
        if (storable instanceof HandleOf handle) {
            CodeBlock elements = handle.elements().stream().map(this::wire).collect(CodeBlock.joining(", "));
            return CodeBlock.of("$T.$N($L)", BeamNames.HANDLE_WIRES, handle.wires(), elements);
        }
        Container container = (Container) storable;
        CodeBlock elements = container.elements().stream().map(this::wire).collect(CodeBlock.joining(", "));
        return CodeBlock.of("$T.$N($L)", BeamNames.WIRES, container.wires(), elements);
    }

    /** The coder of what comes to a group with an initial state. */
    CodeBlock arrivalCoder(GroupModel group) {
        return CodeBlock.of(
                "$T.of($L, $L)",
                BeamNames.ARRIVAL_CODER,
                wire(group.input()),
                wire(group.state().whole()));
    }

    /** The Beam coder of a type: a standard one for strings, which other programs know, else one of ours. */
    CodeBlock beamCoder(Storable storable) {
        if (storable instanceof Composite composite) {
            return CodeBlock.of("$T.INSTANCE", coder(composite));
        }
        if (storable instanceof Scalar scalar && scalar.wires().equals("STRING")) {
            return CodeBlock.of("$T.of()", BeamNames.STRING_CODER);
        }
        return CodeBlock.of("$T.of($L)", BeamNames.WIRE_CODER, wire(storable));
    }
}
