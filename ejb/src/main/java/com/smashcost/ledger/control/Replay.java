package com.smashcost.ledger.control;

import com.smashcost.ledger.entity.RequestId;
import com.smashcost.routing.control.RoutingMode;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What requests of the past would have cost in a mode. Each is in exactly one of {@code replayed} and the three counts of what is
 * left out; the sums are of the replayed ones, in US dollars at the prices of then.
 *
 * @param requests all that were looked at
 * @param moved replayed ones that another model than the requested one would have served
 * @param withoutReceipt of which the router kept no numbers: overridden, passed through, or unnoticed
 * @param failed not answered with success
 * @param unpriced where a price or the requested model is not known
 * @param actualUsd what they did cost
 * @param baselineUsd what they would have cost with the models that were asked for
 * @param replayedUsd what they would have cost in the mode
 * @param next where to go on, because time was up; null if all of the range was looked at
 */
public record Replay(
        RoutingMode mode,
        long requests,
        long replayed,
        long moved,
        long withoutReceipt,
        long failed,
        long unpriced,
        BigDecimal actualUsd,
        BigDecimal baselineUsd,
        BigDecimal replayedUsd,
        @Nullable RequestId next) {

    /** What the mode would have saved of the baseline; may be negative. */
    public BigDecimal savingUsd() {
        return baselineUsd.subtract(replayedUsd);
    }
}
