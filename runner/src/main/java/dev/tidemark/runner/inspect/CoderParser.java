package dev.tidemark.runner.inspect;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.beam.sdk.coders.BigDecimalCoder;
import org.apache.beam.sdk.coders.BigEndianIntegerCoder;
import org.apache.beam.sdk.coders.BigEndianLongCoder;
import org.apache.beam.sdk.coders.BigEndianShortCoder;
import org.apache.beam.sdk.coders.BigIntegerCoder;
import org.apache.beam.sdk.coders.BooleanCoder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.ByteCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CollectionCoder;
import org.apache.beam.sdk.coders.DoubleCoder;
import org.apache.beam.sdk.coders.DurationCoder;
import org.apache.beam.sdk.coders.FloatCoder;
import org.apache.beam.sdk.coders.InstantCoder;
import org.apache.beam.sdk.coders.IterableCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.LengthPrefixCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.MapCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.OptionalCoder;
import org.apache.beam.sdk.coders.SetCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.TextualIntegerCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.coders.VoidCoder;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.jspecify.annotations.Nullable;

/** From a checkpoint's words for a coder back to the coder, where it is one of Beam's own. Others are asked of whoever knows them. */
final class CoderParser {
    private static final Map<String, Coder<?>> SIMPLE = new HashMap<>();
    private static final Map<String, Function<Coder<?>, Coder<?>>> OF_ONE = Map.of(
            "IterableCoder", IterableCoder::of,
            "ListCoder", ListCoder::of,
            "SetCoder", SetCoder::of,
            "CollectionCoder", CollectionCoder::of,
            "NullableCoder", NullableCoder::of,
            "OptionalCoder", OptionalCoder::of,
            "LengthPrefixCoder", LengthPrefixCoder::of);

    static {
        List<Coder<?>> simple = List.of(
                StringUtf8Coder.of(),
                VarLongCoder.of(),
                VarIntCoder.of(),
                BigEndianLongCoder.of(),
                BigEndianIntegerCoder.of(),
                BigEndianShortCoder.of(),
                BooleanCoder.of(),
                ByteCoder.of(),
                ByteArrayCoder.of(),
                DoubleCoder.of(),
                FloatCoder.of(),
                InstantCoder.of(),
                DurationCoder.of(),
                BigDecimalCoder.of(),
                BigIntegerCoder.of(),
                TextualIntegerCoder.of(),
                VoidCoder.of(),
                GlobalWindow.Coder.INSTANCE,
                IntervalWindow.getCoder());
        simple.forEach(coder -> {
            String name = coder.getClass().getName();
            SIMPLE.put(name.substring(name.lastIndexOf('.') + 1), coder);
        });
    }

    private final BiFunction<String, Map<String, String>, @Nullable Coder<?>> others;
    private final Map<String, String> layouts;

    /** @param layouts what coders have said of the records that they write, by the records' names */
    CoderParser(BiFunction<String, Map<String, String>, @Nullable Coder<?>> others, Map<String, String> layouts) {
        this.others = others;
        this.layouts = layouts;
    }

    /** The coder that these words stand for; null where nobody knows it. */
    @Nullable
    Coder<?> coder(String words) {
        int open = words.indexOf('(');
        if (open < 0 || !words.endsWith(")")) {
            Coder<?> simple = SIMPLE.get(words);
            return simple == null ? others.apply(words, layouts) : simple;
        }
        String name = words.substring(0, open);
        List<String> arguments = split(words.substring(open + 1, words.length() - 1), ", ");
        if (OF_ONE.containsKey(name) && arguments.size() == 1) {
            Coder<?> one = coder(arguments.get(0));
            return one == null ? null : OF_ONE.get(name).apply(one);
        }
        if ((name.equals("KvCoder") || name.equals("MapCoder")) && arguments.size() == 2) {
            Coder<?> first = coder(arguments.get(0));
            Coder<?> second = coder(arguments.get(1));
            if (first == null || second == null) {
                return null;
            }
            return name.equals("KvCoder") ? KvCoder.of(first, second) : MapCoder.of(first, second);
        }
        return others.apply(words, layouts);
    }

    /** Splits at a separator that is within no brackets. */
    static List<String> split(String text, String separator) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '(' || c == '{' || c == '<') {
                depth++;
            } else if (c == ')' || c == '}' || c == '>') {
                depth--;
            } else if (depth == 0 && text.startsWith(separator, i)) {
                parts.add(text.substring(from, i));
                from = i + separator.length();
            }
        }
        parts.add(text.substring(from));
        return parts;
    }
}
