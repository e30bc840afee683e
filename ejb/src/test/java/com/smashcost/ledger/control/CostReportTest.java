package com.smashcost.ledger.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.smashcost.ledger.control.BillDrift.Place;
import com.smashcost.ledger.control.BillDrift.Used;
import com.smashcost.ledger.control.CostReport.Covered;
import com.smashcost.ledger.control.CostReport.Format;
import com.smashcost.ledger.control.CostReport.Line;
import com.smashcost.refusal.control.Refusal;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CostReportTest {

    private static final LocalDate DAY = LocalDate.parse("2026-11-28");

    @Test
    void reads_a_page_of_openai_s_costs_by_model() {
        CostReport report = CostReport.ofJson(bytes("""
                {"object":"page","data":[
                 {"object":"bucket","start_time":1795824000,"end_time":1795910400,"results":[
                  {"object":"organization.costs.result","amount":{"value":0.0600000000000001,"currency":"usd"},
                   "line_item":"gpt-4o-2024-08-06, input","project_id":null},
                  {"object":"organization.costs.result","amount":{"value":"0.04","currency":"usd"},
                   "line_item":"gpt-4o-2024-08-06, output","project_id":"proj_1"},
                  {"object":"organization.costs.result","amount":{"value":1,"currency":"usd"},
                   "line_item":"web search tool calls","project_id":null}]},
                 {"object":"bucket","start_time":1795910400,"end_time":1795996800,"results":[]}],
                 "has_more":false,"next_page":null}"""));

        assertThat(report.format()).isEqualTo(Format.openai_costs);
        assertThat(report.items()).isEqualTo(3);
        assertThat(report.lines())
                .containsExactlyInAnyOrder(
                        new Line("openai", DAY, "gpt-4o", new BigDecimal("0.1000000000000001")),
                        new Line("openai", DAY, "", new BigDecimal("1")));
        assertThat(report.covered())
                .containsExactlyInAnyOrder(new Covered("openai", DAY), new Covered("openai", DAY.plusDays(1)));
        assertThat(report.firstDay()).isEqualTo(DAY);
        assertThat(report.lastDay()).isEqualTo(DAY.plusDays(1));
    }

    @Test
    void reads_anthropic_s_cost_report_whose_amounts_are_cents() {
        CostReport report = CostReport.ofJson(bytes("""
                {"data":[{"starting_at":"2026-11-28T00:00:00Z","ending_at":"2026-11-29T00:00:00Z","results":[
                  {"amount":"123.45","currency":"USD","cost_type":"tokens","model":"claude-haiku-4-5-20251001",
                   "token_type":"uncached_input_tokens","service_tier":"standard","context_window":"0-200k",
                   "description":"x","workspace_id":null},
                  {"amount":"0.05","currency":"USD","cost_type":"tokens","model":"claude-haiku-4-5-20251001",
                   "token_type":"output_tokens"},
                  {"amount":"100","currency":"USD","cost_type":"web_search","model":null}]}],
                 "has_more":false,"next_page":null}"""));

        assertThat(report.format()).isEqualTo(Format.anthropic_cost_report);
        assertThat(report.lines())
                .containsExactlyInAnyOrder(
                        new Line("anthropic", DAY, "claude-haiku-4-5", new BigDecimal("1.2350")),
                        new Line("anthropic", DAY, "", new BigDecimal("1.00")));
    }

    @Test
    void reads_a_focus_file_and_leaves_out_what_is_not_ours() {
        CostReport report = CostReport.ofCsv(bytes("""
                \uFEFFBilledCost,BillingCurrency,ChargeCategory,ChargePeriodStart,ChargePeriodEnd,ProviderName,ResourceName,ChargeDescription
                0.25,USD,Usage,2026-11-28T10:00:00Z,2026-11-28T11:00:00Z,OpenAI,gpt-4o-mini,"input, ""cached""\"
                0.5,USD,Usage,2026-11-28 11:00:00Z,2026-11-28 12:00:00Z,OpenAI,gpt-4o-mini-2024-07-18,"two
                lines"
                9,USD,Tax,2026-11-28T00:00:00Z,2026-11-29T00:00:00Z,OpenAI,,tax

                7,EUR,Usage,2026-11-28T00:00:00Z,2026-11-29T00:00:00Z,AWS,i-1,a machine
                """.replace("\n", "\r\n")));

        assertThat(report.format()).isEqualTo(Format.focus_csv);
        assertThat(report.lines()).containsExactly(new Line("openai", DAY, "gpt-4o-mini", new BigDecimal("0.75")));
        assertThat(report.items()).isEqualTo(2);
        assertThat(report.ignored()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"data\":{}}",
                "{\"data\":[{}]}",
                "{\"data\":[{\"start_time\":1795824000,\"end_time\":1796774400,\"results\":[]}]}",
                "{\"data\":[{\"start_time\":1795824000,\"end_time\":1795824000,\"results\":[]}]}",
                "{\"data\":[{\"start_time\":1795824000,\"end_time\":1795910400,\"results\":[{\"amount\":{\"value\":1,\"currency\":\"eur\"}}]}]}",
                "{\"data\":[{\"start_time\":1795824000,\"end_time\":1795910400,\"results\":[{\"amount\":{\"value\":\"x\",\"currency\":\"usd\"}}]}]}",
                "{\"data\":[{\"start_time\":1795824000,\"end_time\":1795910400,\"results\":[{\"amount\":{\"value\":1e99,\"currency\":\"usd\"}}]}]}",
                "{\"data\":[{\"starting_at\":\"yesterday\",\"ending_at\":\"today\",\"results\":[]}]}"
            })
    void refuses_json_that_is_no_report(String text) {
        assertThatExceptionOfType(Refusal.BadRequest.class)
                .isThrownBy(() -> CostReport.ofJson(bytes(text)))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo("invalid_cost_report"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a,b\n1,2\n",
                "BilledCost,BillingCurrency,ChargePeriodStart,ChargePeriodEnd,ProviderName\n1,USD\n",
                "BilledCost,BillingCurrency,ChargePeriodStart,ChargePeriodEnd,ProviderName\n1,USD,\"2026-11-28T00:00:00Z\n",
                "BilledCost,BillingCurrency,ChargePeriodStart,ChargePeriodEnd,ProviderName\n1,USD,2026-11-01T00:00:00Z,2026-12-01T00:00:00Z,OpenAI\n",
                "BilledCost,BillingCurrency,ChargePeriodStart,ChargePeriodEnd,ProviderName\n1,EUR,2026-11-28T00:00:00Z,2026-11-29T00:00:00Z,OpenAI\n"
            })
    void refuses_csv_that_is_no_report(String text) {
        assertThatExceptionOfType(Refusal.BadRequest.class).isThrownBy(() -> CostReport.ofCsv(bytes(text)));
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-4o-2024-08-06, gpt-4o",
        "gpt-4o, gpt-4o",
        "claude-haiku-4-5-20251001, claude-haiku-4-5",
        "Claude-Haiku-4-5, claude-haiku-4-5",
        "gpt-4-0613, gpt-4-0613",
        "o3-mini-2025-01-31, o3-mini"
    })
    void knows_a_model_without_the_date_of_its_version(String model, String family) {
        assertThat(CostReport.family(model)).isEqualTo(family);
    }

    @ParameterizedTest
    @CsvSource({
        "1.00, 1.01, 0.01, false",
        "1.00, 1.010001, 0.010001, true",
        "1.00, 0.99, -0.01, false",
        "1.00, 0.98, -0.02, true"
    })
    void finds_a_drift_above_one_per_cent(BigDecimal billed, BigDecimal ledger, BigDecimal drift, boolean exceeds) {
        BillDrift found = drifts(Map.of(at("m"), billed), Map.of(at("m"), new Used(ledger, 3, 1)))
                .getFirst();

        assertThat(found.model()).isEqualTo("m");
        assertThat(found.drift()).isEqualByComparingTo(drift);
        assertThat(found.exceeds()).isEqualTo(exceeds);
        assertThat(found.requests()).isEqualTo(3);
        assertThat(found.unpriced()).isEqualTo(1);
    }

    @Test
    void misses_what_only_one_of_them_knows() {
        List<BillDrift> drifts = drifts(
                Map.of(at("billed"), BigDecimal.ONE, at(""), BigDecimal.ZERO),
                Map.of(at("used"), new Used(BigDecimal.TWO, 1, 0)));

        assertThat(drifts).extracting(BillDrift::model).containsExactly("billed", "used");
        assertThat(drifts).extracting(BillDrift::exceeds).containsOnly(true);
        assertThat(drifts).extracting(BillDrift::ledgerUsd).containsExactly(null, BigDecimal.TWO);
        assertThat(drifts).extracting(BillDrift::billedUsd).containsExactly(BigDecimal.ONE, null);
        assertThat(drifts.get(1).drift()).as("no share of nothing").isNull();
    }

    @Test
    void compares_the_day_where_the_bill_names_no_model() {
        List<BillDrift> drifts = drifts(
                Map.of(at(""), new BigDecimal("3")),
                Map.of(at("a"), new Used(BigDecimal.ONE, 1, 0), at("b"), new Used(BigDecimal.TWO, 1, 0)));

        assertThat(drifts).singleElement().satisfies(drift -> {
            assertThat(drift.model()).isNull();
            assertThat(drift.ledgerUsd()).isEqualByComparingTo("3");
            assertThat(drift.exceeds()).isFalse();
        });
    }

    @Test
    void shows_what_is_billed_for_no_model_and_makes_no_drift_of_it() {
        List<BillDrift> drifts = drifts(
                Map.of(at("m"), BigDecimal.ONE, at(""), BigDecimal.TEN),
                Map.of(at("m"), new Used(BigDecimal.ONE, 1, 0)));

        assertThat(drifts).extracting(BillDrift::model).containsExactly(null, "m");
        assertThat(drifts).extracting(BillDrift::exceeds).containsOnly(false);
    }

    @Test
    void says_nothing_of_days_that_were_not_billed() {
        Place other = new Place("openai", DAY.plusDays(1), "m");

        assertThat(drifts(Map.of(at(""), BigDecimal.ZERO), Map.of(other, new Used(BigDecimal.ONE, 1, 0))))
                .isEmpty();
    }

    private static List<BillDrift> drifts(Map<Place, BigDecimal> billed, Map<Place, Used> used) {
        return BillDrift.between(billed, used);
    }

    private static Place at(String model) {
        return new Place("openai", DAY, model);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
