package com.smashcost.ledger.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.ledger.entity.LedgerEntry;
import com.smashcost.ledger.entity.LedgerEntry.Choice;
import com.smashcost.ledger.entity.LedgerEntry.FrozenPrices;
import com.smashcost.ledger.entity.LedgerEntry.Metered;
import com.smashcost.ledger.entity.LedgerEntry.Outcome;
import com.smashcost.ledger.entity.LedgerEntry.Tags;
import com.smashcost.ledger.entity.LedgerEntry.Weighed;
import com.smashcost.ledger.entity.LedgerEntry.Weighed.Candidate;
import com.smashcost.ledger.entity.RequestId;
import com.smashcost.money.entity.UnitPrices;
import com.smashcost.provider.entity.Usage;
import com.smashcost.routing.entity.Mode;
import com.smashcost.routing.entity.Routing;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

class EntryTextLawsTest {

    @Property
    void gives_back_what_it_was_given(@ForAll("entries") LedgerEntry entry) {
        assertThat(EntryText.read(EntryText.write(entry))).isEqualTo(entry);
    }

    @Provide
    Arbitrary<LedgerEntry> entries() {
        Arbitrary<Long> ids = Arbitraries.longs();
        Arbitrary<Instant> instants = Combinators.combine(
                        Arbitraries.longs().between(0, 253_402_300_799L),
                        Arbitraries.integers().between(0, 999_999_999))
                .as(Instant::ofEpochSecond);
        Arbitrary<Tags> tags = Combinators.combine(text(), text()).as(Tags::new);
        return Combinators.combine(
                        ids,
                        instants,
                        Arbitraries.of(true, false),
                        tags,
                        choices(),
                        orNull(weighed()),
                        outcomes(),
                        metered())
                .as((organization, startedAt, streamed, tag, choice, weighed, outcome, metered) -> new LedgerEntry(
                        RequestId.mint(),
                        organization,
                        11,
                        startedAt,
                        streamed,
                        tag,
                        choice,
                        weighed,
                        outcome,
                        metered));
    }

    private static Arbitrary<Choice> choices() {
        Arbitrary<String> model =
                Arbitraries.strings().withChars("abc-0.:/@+_").ofMinLength(1).ofMaxLength(128);
        return Combinators.combine(
                        model,
                        orNull(model),
                        orNull(model),
                        text(),
                        Arbitraries.of(Routing.class),
                        Arbitraries.of(Mode.class),
                        text(),
                        decimal(5))
                .as(Choice::new);
    }

    private static Arbitrary<Weighed> weighed() {
        Arbitrary<BigDecimal> share = Arbitraries.bigDecimals()
                .between(BigDecimal.ZERO, BigDecimal.ONE)
                .ofScale(6);
        Arbitrary<List<BigDecimal>> byTier = share.list().ofMaxSize(4);
        Arbitrary<List<Candidate>> candidates = Combinators.combine(
                        Arbitraries.longs().between(0, Long.MAX_VALUE),
                        Arbitraries.integers().between(0, 255))
                .as(Candidate::new)
                .list()
                .ofMaxSize(300);
        Arbitrary<Weighed> numbers = Combinators.combine(
                        Arbitraries.strings().alpha().numeric().ofMinLength(1),
                        Arbitraries.of("quality", "balanced", "savings"),
                        byTier,
                        byTier,
                        share,
                        Arbitraries.of(true, false),
                        Arbitraries.integers(),
                        Arbitraries.longs().between(0, Usage.MOST))
                .as((classifier, policy, right, retained, retention, familiar, needs, tokens) -> new Weighed(
                        classifier,
                        policy,
                        right,
                        retained,
                        retention,
                        familiar,
                        needs,
                        tokens,
                        tokens / 3,
                        List.of()));
        return Combinators.combine(numbers, candidates)
                .as((weighed, looked) -> new Weighed(
                        weighed.classifier(),
                        weighed.policy(),
                        weighed.right(),
                        weighed.retained(),
                        weighed.retention(),
                        weighed.familiar(),
                        weighed.needs(),
                        weighed.promptTokens(),
                        weighed.outputTokens(),
                        looked));
    }

    private static Arbitrary<Outcome> outcomes() {
        return Combinators.combine(
                        orNull(Arbitraries.integers()),
                        text(),
                        Arbitraries.integers(),
                        Arbitraries.of(true, false),
                        millis(),
                        millis())
                .as(Outcome::new);
    }

    private static Arbitrary<Metered> metered() {
        Arbitrary<Usage> usage = Combinators.combine(
                        tokens(), tokens(), tokens(), tokens(), tokens(), tokens(), tokens(), tokens())
                .as(Usage::new)
                .flatMap(counted -> tokens().map(counted::withWebSearches));
        return Combinators.combine(
                        usage,
                        Arbitraries.of(true, false),
                        text(),
                        prices(),
                        prices(),
                        decimal(12),
                        decimal(12),
                        decimal(12))
                .as(Metered::new)
                .flatMap(metered -> tokens().map(lost -> metered.with(metered.projectedCost(), lost)));
    }

    private static Arbitrary<FrozenPrices> prices() {
        Arbitrary<UnitPrices> prices = Combinators.combine(
                        decimal(12),
                        decimal(12),
                        decimal(12),
                        decimal(12),
                        decimal(12),
                        decimal(12),
                        decimal(12),
                        decimal(12))
                .as(UnitPrices::new)
                .flatMap(ofTokens -> decimal(12).map(ofTokens::withWebSearch))
                .map(EntryTextLawsTest::asBilled);
        return Combinators.combine(orNull(Arbitraries.longs()), prices).as(FrozenPrices::new);
    }

    /** The ledger keeps what was billed by, the prices that others stood in for included. */
    private static UnitPrices asBilled(UnitPrices prices) {
        return new UnitPrices(
                prices.input(),
                prices.cachedInput(),
                prices.cacheWrite5m(),
                prices.cacheWrite1h(),
                prices.output(),
                prices.reasoningOutput(),
                prices.audioInput(),
                prices.audioOutput(),
                prices.webSearch());
    }

    private static Arbitrary<@Nullable Long> tokens() {
        return orNull(Arbitraries.longs().between(0, Usage.MOST));
    }

    private static Arbitrary<@Nullable Duration> millis() {
        return orNull(Arbitraries.longs().between(0, Integer.MAX_VALUE).map(Duration::ofMillis));
    }

    private static Arbitrary<@Nullable BigDecimal> decimal(int scale) {
        return orNull(Combinators.combine(
                        Arbitraries.bigIntegers().between(BigInteger.TEN.pow(20).negate(), BigInteger.TEN.pow(20)),
                        Arbitraries.integers().between(0, scale))
                .as(BigDecimal::new));
    }

    private static Arbitrary<@Nullable String> text() {
        return orNull(Arbitraries.strings()
                .ofMaxLength(128)
                .filter(text -> StandardCharsets.UTF_8.newEncoder().canEncode(text)));
    }

    private static <T> Arbitrary<@Nullable T> orNull(Arbitrary<T> values) {
        return values.injectNull(0.3);
    }
}
