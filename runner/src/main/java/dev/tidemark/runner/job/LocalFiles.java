package dev.tidemark.runner.job;

import dev.tidemark.runner.operator.OutputFiles;
import dev.tidemark.runner.operator.TemporaryFiles;
import dev.tidemark.runner.plan.Plan;
import dev.tidemark.runner.state.TaskLedger;
import dev.tidemark.runner.store.WrittenFiles;
import java.io.IOException;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of the pipeline that a job writes on this machine. Thread-safe. */
final class LocalFiles implements OutputFiles {
    private static final Logger LOG = LoggerFactory.getLogger(LocalFiles.class);

    private final String job;
    private final String temporaryName;

    /** @param id of the job's state, which no other has, wherever it is */
    LocalFiles(String job, String id) {
        this.job = job;
        this.temporaryName = ".temp-tidemark-" + id;
    }

    /** Of a job whose state ends with it. */
    static LocalFiles ofOneRun(String job) {
        return new LocalFiles(job, UUID.randomUUID().toString());
    }

    @Override
    public void sync(String file) {
        WrittenFiles.sync(file);
    }

    @Override
    public void syncName(String file) {
        WrittenFiles.syncName(file);
    }

    @Override
    public boolean isThere(String file) {
        return WrittenFiles.isThere(file);
    }

    @Override
    public String temporaryName() {
        return temporaryName;
    }

    /**
     * Removes what attempts have left that wrote files and got no further. Nobody writes any now.
     *
     * @param committed reads what was last committed
     */
    void removeLeftovers(Plan plan, TaskLedger committed) {
        remove(plan, TemporaryFiles.committed(plan, committed));
    }

    /** As {@link #removeLeftovers}, once no checkpoint counts on any file. */
    void removeAll(Plan plan) {
        remove(plan, Set.of());
    }

    /** They are in nobody's way: that they cannot be removed is no reason not to go on. */
    private void remove(Plan plan, Set<String> allBut) {
        try {
            WrittenFiles.removeTemporary(temporaryName, TemporaryFiles.directories(plan, temporaryName), allBut);
        } catch (IOException | RuntimeException e) {
            LOG.warn("TM-JOB-014: temporary files of job {} could not be removed ({})", job, e.toString(), e);
        }
    }
}
