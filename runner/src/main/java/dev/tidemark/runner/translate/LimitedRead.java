package dev.tidemark.runner.translate;

import dev.tidemark.runner.plan.Step.ReadLimit;
import java.lang.reflect.Field;
import java.util.Map;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.io.BoundedReadFromUnboundedSource;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.runners.AppliedPTransform;
import org.apache.beam.sdk.runners.PTransformOverride;
import org.apache.beam.sdk.runners.PTransformOverrideFactory;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.util.construction.PTransformMatchers;
import org.apache.beam.sdk.util.construction.ReplacementOutputs;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollection.IsBounded;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.WindowingStrategy;
import org.joda.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * {@code Read.from(unbounded).withMaxNumRecords(n)} and {@code withMaxReadTime(d)}, as one primitive.
 *
 * <p>Beam's own expansion reads in one call of a DoFn, which waits in it for elements, looks at the time only when there are none,
 * and makes up to a hundred such calls side by side. Ours reads as any unbounded source is read.
 */
final class LimitedRead<T> extends PTransform<PBegin, PCollection<T>> {
    private static final long serialVersionUID = 1;

    private final transient UnboundedSource<T, ?> source;
    private final transient ReadLimit limit;

    private LimitedRead(UnboundedSource<T, ?> source, ReadLimit limit) {
        this.source = source;
        this.limit = limit;
    }

    UnboundedSource<T, ?> source() {
        return source;
    }

    ReadLimit limit() {
        return limit;
    }

    @Override
    public PCollection<T> expand(PBegin input) {
        Coder<T> coder = source.getOutputCoder();
        return PCollection.createPrimitiveOutputInternal(
                input.getPipeline(), WindowingStrategy.globalDefault(), IsBounded.BOUNDED, coder);
    }

    static PTransformOverride override() {
        return PTransformOverride.of(
                PTransformMatchers.classEqualTo(BoundedReadFromUnboundedSource.class), new Factory<>());
    }

    private static final class Factory<T>
            implements PTransformOverrideFactory<PBegin, PCollection<T>, BoundedReadFromUnboundedSource<T>> {
        @Override
        public PTransformReplacement<PBegin, PCollection<T>> getReplacementTransform(
                AppliedPTransform<PBegin, PCollection<T>, BoundedReadFromUnboundedSource<T>> applied) {
            return PTransformReplacement.of(PBegin.in(applied.getPipeline()), limited(applied.getTransform()));
        }

        @Override
        public Map<PCollection<?>, ReplacementOutput> mapOutputs(
                Map<TupleTag<?>, PCollection<?>> outputs, PCollection<T> newOutput) {
            return ReplacementOutputs.singleton(outputs, newOutput);
        }
    }

    @SuppressWarnings("unchecked") // the field of that very transform
    private static <T> LimitedRead<T> limited(BoundedReadFromUnboundedSource<T> read) {
        Object source = field(read, "source");
        Duration millis = (Duration) field(read, "maxReadTime");
        Object records = field(read, "maxNumRecords");
        if (source == null || records == null) {
            throw new IllegalStateException("a read without source or limit: " + read);
        }
        return new LimitedRead<>(
                (UnboundedSource<T, ?>) source,
                new ReadLimit((Long) records, millis == null ? Long.MAX_VALUE : millis.getMillis()));
    }

    /** Beam shows them to nobody, but they are the same in all its versions. */
    private static @Nullable Object field(BoundedReadFromUnboundedSource<?> read, String name) {
        try {
            Field field = BoundedReadFromUnboundedSource.class.getDeclaredField(name);
            field.setAccessible(true);
            return field.get(read);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "this version of Beam has no " + name + " in BoundedReadFromUnboundedSource", e);
        }
    }
}
