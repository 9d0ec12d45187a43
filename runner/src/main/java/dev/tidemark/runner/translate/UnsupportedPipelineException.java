package dev.tidemark.runner.translate;

import java.util.List;

/** The pipeline has transforms that cannot be run. Thrown at submission, before anything has been read or written. */
public final class UnsupportedPipelineException extends UnsupportedOperationException {
    private static final long serialVersionUID = 1;

    UnsupportedPipelineException(List<String> reasons) {
        super("TM-PLAN-001: this pipeline was not started, because " + reasons.size()
                + (reasons.size() == 1 ? " transform is" : " transforms are")
                + " not supported by TidemarkRunner yet:\n  - " + String.join("\n  - ", reasons)
                + "\nNothing has been read or written. Run it with another --runner, or change these transforms.");
    }
}
