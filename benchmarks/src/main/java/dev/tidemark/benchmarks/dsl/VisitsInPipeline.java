package dev.tidemark.benchmarks.dsl;

import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TupleTagList;

/** {@link Visits} in a pipeline: each number is a visit of one of so many users, and comes out as the count it leads to. */
public final class VisitsInPipeline {
    private VisitsInPipeline() {}

    /** Counts through the generated DoFn, or through the one written by hand. */
    public static PCollection<Long> count(PCollection<Long> numbers, int users, boolean byHand) {
        DoFn<KV<String, Visits.Visit>, Visits.Total> visits =
                byHand ? new VisitsByHandDoFn() : new VisitsDoFn(VisitsGroup.SETTINGS);
        Coder<Visits.Total> coder = VisitsCoders.TotalCoder.INSTANCE;
        return numbers.apply("Visit", ParDo.of(new ToVisit(users)))
                .setCoder(KvCoder.of(StringUtf8Coder.of(), VisitsCoders.VisitCoder.INSTANCE))
                .apply(
                        "Visits",
                        ParDo.of(visits)
                                .withOutputTags(byHand ? VisitsByHandDoFn.ROWS : VisitsDoFn.ROWS, TupleTagList.empty()))
                .get(byHand ? VisitsByHandDoFn.ROWS : VisitsDoFn.ROWS)
                .setCoder(coder)
                .apply("Count", ParDo.of(new ToCount()))
                .setCoder(VarLongCoder.of());
    }

    private static final class ToVisit extends DoFn<Long, KV<String, Visits.Visit>> {
        private static final long serialVersionUID = 1L;

        private final String[] users;

        ToVisit(int users) {
            this.users = new String[users];
            for (int i = 0; i < users; i++) {
                this.users[i] = "user-" + i;
            }
        }

        @ProcessElement
        public void process(@Element Long number, OutputReceiver<KV<String, Visits.Visit>> out) {
            // As the workloads that count do: neighbours are not of neighbouring keys.
            String user = users[(int) (number * 7_919 % users.length)];
            out.output(KV.of(user, new Visits.Visit(user, number, "page")));
        }
    }

    private static final class ToCount extends DoFn<Visits.Total, Long> {
        private static final long serialVersionUID = 1L;

        @ProcessElement
        public void process(@Element Visits.Total total, OutputReceiver<Long> out) {
            out.output(total.count());
        }
    }
}
