package com.smashcost.metering.control;

import com.smashcost.catalog.control.Catalogue.Offer;
import com.smashcost.catalog.entity.PriceTier;
import com.smashcost.money.entity.UnitPrices;
import com.smashcost.provider.control.ClientBody;
import com.smashcost.provider.entity.Usage;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The most that a request is expected to come to, known before it is sent: its prompt by the size of its body, as many tokens
 * of output as it allows or the model can write, each at the dearest price of its direction.
 *
 * @param tokens of prompt and output
 * @param cost US dollars; null where the model has no price
 */
public record WorstCase(long tokens, @Nullable BigDecimal cost) {

    /** What the catalogue knows no limit for is taken to write so much, in tokens. */
    static final long OUTPUT_OF_UNKNOWN_MODELS = 32_768;

    /** English has about four bytes in a token, other scripts about three. */
    private static final int BYTES_OF_A_TOKEN = 3;

    /**
     * The worst case of a request.
     *
     * @param offer the model that was chosen; null if the catalogue does not know it
     * @param at when the request began, whose prices apply
     * @param writes whether the model answers in tokens, and does not embed
     */
    public static WorstCase of(ClientBody request, @Nullable Offer offer, Instant at, boolean writes) {
        ClientBody.Ceiling ceiling = request.ceiling();
        Long window = offer == null ? null : offer.contextWindow();
        long prompt = request.body().length / BYTES_OF_A_TOKEN + 1;
        if (window != null) {
            prompt = Math.min(prompt, window);
        }
        long output = writes ? Math.min(output(ceiling, offer), Usage.MOST) * ceiling.answers() : 0;
        return new WorstCase(prompt + output, cost(prompt, output, ceiling.serviceTier(), offer, at));
    }

    private static long output(ClientBody.Ceiling ceiling, @Nullable Offer offer) {
        Long most = offer == null ? null : offer.maxOutputTokens();
        if (most == null && offer != null) {
            most = offer.contextWindow();
        }
        Long asked = ceiling.outputTokens();
        if (asked == null) {
            return most == null ? OUTPUT_OF_UNKNOWN_MODELS : most;
        }
        return most == null ? asked : Math.min(asked, most);
    }

    private static @Nullable BigDecimal cost(
            long prompt, long output, @Nullable String serviceTier, @Nullable Offer offer, Instant at) {
        UnitPrices prices = offer == null
                ? UnitPrices.UNKNOWN
                : offer.priceAt(at)
                        .map(price ->
                                price.unitPrices(Objects.requireNonNullElse(serviceTier, PriceTier.STANDARD), prompt))
                        .orElse(UnitPrices.UNKNOWN);
        BigDecimal read = dearest(prices.input(), prices.cacheWrite5m(), prices.cacheWrite1h(), prices.audioInput());
        BigDecimal written = dearest(prices.output(), prices.reasoningOutput(), prices.audioOutput(), null);
        if (read == null || (written == null && output > 0)) {
            return null;
        }
        BigDecimal cost = read.multiply(BigDecimal.valueOf(prompt));
        return written == null ? cost : cost.add(written.multiply(BigDecimal.valueOf(output)));
    }

    private static @Nullable BigDecimal dearest(
            @Nullable BigDecimal text,
            @Nullable BigDecimal second,
            @Nullable BigDecimal third,
            @Nullable BigDecimal fourth) {
        return text == null ? null : larger(larger(larger(text, second), third), fourth);
    }

    private static BigDecimal larger(BigDecimal one, @Nullable BigDecimal other) {
        return other == null ? one : one.max(other);
    }
}
