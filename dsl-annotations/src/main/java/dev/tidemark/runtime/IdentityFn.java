package dev.tidemark.runtime;

import java.io.IOException;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/**
 * Keys the events of a group by what tells them apart: the first half of finding duplicates.
 *
 * @param <K> the key of the group
 * @param <I> its input
 */
public abstract class IdentityFn<K, I> extends DoFn<KV<K, I>, KV<byte[], KV<K, I>>> {
    private static final long serialVersionUID = 1L;

    /** Writes what tells this event apart from others. */
    protected abstract void writeIdentity(I input, WireWriter out) throws IOException;

    /** Beam calls this. */
    @ProcessElement
    public void process(@Element KV<K, I> element, OutputReceiver<KV<byte[], KV<K, I>>> out) throws IOException {
        WireWriter writer = new WireWriter();
        writeIdentity(element.getValue(), writer);
        out.output(KV.of(writer.toBytes(), element));
    }
}
