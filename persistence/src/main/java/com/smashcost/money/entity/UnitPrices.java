package com.smashcost.money.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Prices of one model in US dollars per token, one per usage bucket; {@code null} where the provider publishes none.
 *
 * <p>A bucket without a price of its own falls back as providers bill it: cached and cache-write tokens as input, reasoning
 * as output, audio as text of its direction.
 */
@Embeddable
@SuppressWarnings("NullAway.Init")
public class UnitPrices {

    /** Nothing is priced. */
    public static final UnitPrices UNKNOWN = new UnitPrices(null, null, null, null, null, null, null, null);

    @Column(name = "input")
    private @Nullable BigDecimal input;

    @Column(name = "cached_input")
    private @Nullable BigDecimal cachedInput;

    @Column(name = "cache_write_5m")
    private @Nullable BigDecimal cacheWrite5m;

    @Column(name = "cache_write_1h")
    private @Nullable BigDecimal cacheWrite1h;

    @Column(name = "output")
    private @Nullable BigDecimal output;

    @Column(name = "reasoning_output")
    private @Nullable BigDecimal reasoningOutput;

    @Column(name = "audio_input")
    private @Nullable BigDecimal audioInput;

    @Column(name = "audio_output")
    private @Nullable BigDecimal audioOutput;

    protected UnitPrices() {}

    public UnitPrices(
            @Nullable BigDecimal input,
            @Nullable BigDecimal cachedInput,
            @Nullable BigDecimal cacheWrite5m,
            @Nullable BigDecimal cacheWrite1h,
            @Nullable BigDecimal output,
            @Nullable BigDecimal reasoningOutput,
            @Nullable BigDecimal audioInput,
            @Nullable BigDecimal audioOutput) {
        this.input = input;
        this.cachedInput = cachedInput;
        this.cacheWrite5m = cacheWrite5m;
        this.cacheWrite1h = cacheWrite1h;
        this.output = output;
        this.reasoningOutput = reasoningOutput;
        this.audioInput = audioInput;
        this.audioOutput = audioOutput;
    }

    public @Nullable BigDecimal input() {
        return input;
    }

    public @Nullable BigDecimal cachedInput() {
        return firstKnown(cachedInput, input);
    }

    public @Nullable BigDecimal cacheWrite5m() {
        return firstKnown(cacheWrite5m, input);
    }

    public @Nullable BigDecimal cacheWrite1h() {
        return firstKnown(cacheWrite1h, cacheWrite5m());
    }

    public @Nullable BigDecimal output() {
        return output;
    }

    public @Nullable BigDecimal reasoningOutput() {
        return firstKnown(reasoningOutput, output);
    }

    public @Nullable BigDecimal audioInput() {
        return firstKnown(audioInput, input);
    }

    public @Nullable BigDecimal audioOutput() {
        return firstKnown(audioOutput, output);
    }

    private static @Nullable BigDecimal firstKnown(@Nullable BigDecimal own, @Nullable BigDecimal otherwise) {
        return own != null ? own : otherwise;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof UnitPrices that
                && Objects.equals(input, that.input)
                && Objects.equals(cachedInput, that.cachedInput)
                && Objects.equals(cacheWrite5m, that.cacheWrite5m)
                && Objects.equals(cacheWrite1h, that.cacheWrite1h)
                && Objects.equals(output, that.output)
                && Objects.equals(reasoningOutput, that.reasoningOutput)
                && Objects.equals(audioInput, that.audioInput)
                && Objects.equals(audioOutput, that.audioOutput);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                input, cachedInput, cacheWrite5m, cacheWrite1h, output, reasoningOutput, audioInput, audioOutput);
    }
}
