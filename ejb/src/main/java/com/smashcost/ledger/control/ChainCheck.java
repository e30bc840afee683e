package com.smashcost.ledger.control;

import com.smashcost.ledger.entity.ChainRecord;
import com.smashcost.ledger.entity.Trail;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a verification found. Links and signatures were checked from the first record on, rows from a day on.
 *
 * @param records all of the chain, in their order
 * @param recomputed how many records were compared with their rows
 * @param expired how many could not be, because retention has removed their rows
 * @param notDigested how many rows of the days that were compared are in no record yet
 * @param firstBreak null if everything holds
 */
public record ChainCheck(
        Trail trail,
        List<ChainRecord> records,
        LocalDate rowsFrom,
        int recomputed,
        int expired,
        long notDigested,
        @Nullable Break firstBreak) {

    public ChainCheck {
        records = List.copyOf(records);
    }

    /** Why a chain does not hold. */
    public enum Reason {
        /** A record is missing, or one was put between others. */
        sequence,
        /** The record does not continue the one before it. */
        previous_head,
        /** The record was changed. */
        head,
        /** The head was not signed by this installation. */
        signature,
        /** Rows were changed, removed or put in. */
        rows
    }

    /**
     * The first record that does not hold.
     *
     * @param found how many rows there are; null where rows are not the reason
     */
    public record Break(
            int sequence,
            LocalDate day,
            Reason reason,
            long recorded,
            @Nullable Long found) {}

    /** The newest record. */
    public Optional<ChainRecord> last() {
        return records.isEmpty() ? Optional.empty() : Optional.of(records.getLast());
    }

    /** Whether everything holds that was checked. */
    public boolean isWhole() {
        return Objects.isNull(firstBreak);
    }
}
