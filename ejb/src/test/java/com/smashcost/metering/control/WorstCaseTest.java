package com.smashcost.metering.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.catalog.control.Catalogue.Offer;
import com.smashcost.catalog.control.Catalogue.Price;
import com.smashcost.catalog.entity.PriceTier;
import com.smashcost.money.entity.UnitPrices;
import com.smashcost.provider.control.ClientBody;
import com.smashcost.provider.control.Dialect;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorstCaseTest {

    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

    /** $2 for a million tokens in, $8 out; twice that with priority. */
    private static final UnitPrices STANDARD = prices("0.000002", null, "0.000008", null);

    @ParameterizedTest
    @CsvSource({
        "'',                                                           1000",
        "'\"max_tokens\":50,',                                         50",
        "'\"max_completion_tokens\":60,\"max_tokens\":50,',            60",
        "'\"max_output_tokens\":70,',                                  70",
        "'\"max_tokens\":5000,',                                       1000",
        "'\"max_tokens\":50,\"n\":4,',                                 200",
        "'\"n\":3,',                                                   3000",
        "'\"max_tokens\":-5,',                                         1000",
        "'\"max_tokens\":\"7\",',                                      1000",
        "'\"max_tokens\":99999999999999999999999,',                    1000",
        "'\"messages\":[{\"max_tokens\":3}],',                         1000"
    })
    void takes_all_the_output_that_may_come(String members, long output) {
        ClientBody body = body(members);
        long prompt = body.body().length / 3 + 1;

        WorstCase worst = WorstCase.of(body, offer(100_000L, 1000L, STANDARD), NOW, true);

        assertThat(worst.tokens()).isEqualTo(prompt + output);
        assertThat(worst.cost())
                .isEqualByComparingTo(new BigDecimal("0.000002")
                        .multiply(BigDecimal.valueOf(prompt))
                        .add(new BigDecimal("0.000008").multiply(BigDecimal.valueOf(output))));
    }

    @Test
    void takes_no_prompt_for_longer_than_the_model_can_read() {
        ClientBody body = body("\"max_tokens\":10,\"x\":\"" + "y".repeat(9000) + "\",");

        assertThat(WorstCase.of(body, offer(500L, 100L, STANDARD), NOW, true).tokens())
                .isEqualTo(510);
    }

    @Test
    void takes_the_context_window_where_no_limit_of_output_is_known() {
        ClientBody body = body("");

        assertThat(WorstCase.of(body, offer(500L, null, STANDARD), NOW, true).tokens())
                .isEqualTo(body.body().length / 3 + 1 + 500);
    }

    @Test
    void does_not_make_up_a_price() {
        ClientBody body = body("");

        WorstCase unknown = WorstCase.of(body, null, NOW, true);

        assertThat(unknown.cost()).isNull();
        assertThat(unknown.tokens()).isEqualTo(body.body().length / 3 + 1 + WorstCase.OUTPUT_OF_UNKNOWN_MODELS);
        assertThat(WorstCase.of(body, offer(1L, 1L, prices("1", null, null, null)), NOW, true)
                        .cost())
                .isNull();
    }

    @Test
    void takes_the_dearest_price_of_each_direction() {
        ClientBody body = body("\"max_tokens\":1,");
        UnitPrices dear = prices("0.000002", "0.000005", "0.000008", "0.00001");

        WorstCase worst = WorstCase.of(body, offer(1L, 1L, dear), NOW, true);

        assertThat(worst.cost()).isEqualByComparingTo("0.000015");
    }

    @Test
    void prices_the_service_tier_that_is_asked_for() {
        ClientBody body = body("\"max_tokens\":1,\"service_tier\":\"priority\",");

        assertThat(WorstCase.of(body, offer(1L, 1L, STANDARD), NOW, true).cost())
                .isEqualByComparingTo("0.00002");
    }

    @Test
    void expects_no_output_of_a_model_that_embeds() {
        ClientBody body = body("");

        WorstCase worst = WorstCase.of(body, offer(1L, null, prices("1", null, null, null)), NOW, false);

        assertThat(worst.tokens()).isEqualTo(1);
        assertThat(worst.cost()).isEqualByComparingTo("1");
    }

    private static ClientBody body(String members) {
        return ClientBody.read(
                ("{" + members + "\"model\":\"m\"}").getBytes(StandardCharsets.UTF_8), Dialect.OPENAI_CHAT);
    }

    private static Offer offer(@Nullable Long window, @Nullable Long most, UnitPrices prices) {
        Price price = new Price(
                1,
                Instant.EPOCH,
                List.of(
                        new PriceTier("standard", 0, prices),
                        new PriceTier("priority", 0, prices("0.000004", null, "0.000016", null))));
        return new Offer(1, "m", "openai", "chat", true, window, most, Map.of(), null, null, List.of(price));
    }

    private static UnitPrices prices(
            String input, @Nullable String cacheWrite, @Nullable String output, @Nullable String reasoning) {
        return new UnitPrices(
                new BigDecimal(input),
                null,
                decimal(cacheWrite),
                null,
                decimal(output),
                decimal(reasoning),
                null,
                null);
    }

    private static @Nullable BigDecimal decimal(@Nullable String text) {
        return text == null ? null : new BigDecimal(text);
    }
}
