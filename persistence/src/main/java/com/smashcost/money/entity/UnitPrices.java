package com.smashcost.money.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Prices of one model in US dollars, one per usage bucket: per token, and per call of a tool of the provider's own; {@code null}
 * where the provider publishes none.
 *
 * <p>Tokens without a price of their own fall back as providers bill them: cached and cache-write tokens as input, reasoning as
 * output, audio as text of its direction. For calls nothing stands in.
 */
@Embeddable
@SuppressWarnings("NullAway.Init")
public class UnitPrices {

    /** Nothing is priced. */
    public static final UnitPrices UNKNOWN = new UnitPrices(null, null, null, null, null, null, null, null, null);

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

    @Column(name = "web_search")
    private @Nullable BigDecimal webSearch;

    protected UnitPrices() {}

    public UnitPrices(
            @Nullable BigDecimal input,
            @Nullable BigDecimal cachedInput,
            @Nullable BigDecimal cacheWrite5m,
            @Nullable BigDecimal cacheWrite1h,
            @Nullable BigDecimal output,
            @Nullable BigDecimal reasoningOutput,
            @Nullable BigDecimal audioInput,
            @Nullable BigDecimal audioOutput,
            @Nullable BigDecimal webSearch) {
        this.input = input;
        this.cachedInput = cachedInput;
        this.cacheWrite5m = cacheWrite5m;
        this.cacheWrite1h = cacheWrite1h;
        this.output = output;
        this.reasoningOutput = reasoningOutput;
        this.audioInput = audioInput;
        this.audioOutput = audioOutput;
        this.webSearch = webSearch;
    }

    /** Prices of tokens alone. */
    public UnitPrices(
            @Nullable BigDecimal input,
            @Nullable BigDecimal cachedInput,
            @Nullable BigDecimal cacheWrite5m,
            @Nullable BigDecimal cacheWrite1h,
            @Nullable BigDecimal output,
            @Nullable BigDecimal reasoningOutput,
            @Nullable BigDecimal audioInput,
            @Nullable BigDecimal audioOutput) {
        this(input, cachedInput, cacheWrite5m, cacheWrite1h, output, reasoningOutput, audioInput, audioOutput, null);
    }

    /** The same prices of tokens with this one of a web search; null = unknown. */
    public UnitPrices withWebSearch(@Nullable BigDecimal price) {
        return new UnitPrices(
                input,
                cachedInput,
                cacheWrite5m,
                cacheWrite1h,
                output,
                reasoningOutput,
                audioInput,
                audioOutput,
                price);
    }

    /** The same prices for a model that writes no thoughts: those of another cost nothing. */
    public UnitPrices withoutThoughts() {
        return new UnitPrices(
                input,
                cachedInput,
                cacheWrite5m,
                cacheWrite1h,
                output,
                BigDecimal.ZERO,
                audioInput,
                audioOutput,
                webSearch);
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

    /** Of one call of the provider's own search. */
    public @Nullable BigDecimal webSearch() {
        return webSearch;
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
                && Objects.equals(audioOutput, that.audioOutput)
                && Objects.equals(webSearch, that.webSearch);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                input,
                cachedInput,
                cacheWrite5m,
                cacheWrite1h,
                output,
                reasoningOutput,
                audioInput,
                audioOutput,
                webSearch);
    }
}
