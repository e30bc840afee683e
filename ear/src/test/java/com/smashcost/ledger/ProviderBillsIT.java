package com.smashcost.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.smashcost.installation.AdminApi;
import com.smashcost.installation.AdminApi.Answer;
import com.smashcost.installation.Chat;
import com.smashcost.installation.Customer;
import com.smashcost.installation.Installation;
import com.smashcost.upstream.Acts;
import com.smashcost.upstream.Scene;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A provider's bill beside the real ledger. */
class ProviderBillsIT {

    private final Installation installation = Installation.running();
    private final AdminApi admin = installation.admin();
    private final Customer customer = admin.newCustomer();
    private final String path = "/organizations/" + customer.slug() + "/provider-bills";

    @Test
    void finds_no_drift_in_a_bill_that_says_what_the_ledger_says_and_one_in_a_later_bill_that_does_not() {
        LocalDate day = chat();
        String used = cost().toPlainString();

        Answer right = admin.post(path, openAi(day, used, "gpt-4o-mini-2024-07-18"));

        assertThat(right.status()).as(right.text()).isEqualTo(200);
        assertThat(right.json().path("format").asText()).isEqualTo("openai_costs");
        assertThat(right.json().path("from").asText()).isEqualTo(day.toString());
        assertThat(right.json().path("drifts")).isEmpty();
        assertThat(drift(day)).hasSize(1);
        assertThat(drift(day).at("/0/model").asText()).isEqualTo("gpt-4o-mini");
        assertThat(drift(day).at("/0/requests").asInt()).isEqualTo(1);
        assertThat(drift(day).at("/0/drift").asText()).isEqualTo("0");
        assertThat(drift(day).at("/0/exceeds").asBoolean()).isFalse();
        assertThat(alerts()).isEmpty();

        String half = cost().multiply(new BigDecimal("0.5")).toPlainString();
        for (int i = 0; i < 2; i++) {
            Answer wrong = admin.post(path, openAi(day, half, "gpt-4o-mini"));
            assertThat(wrong.json().at("/drifts/0/drift").asText()).isEqualTo("1");
        }
        assertThat(drift(day)).as("the later bill replaces the earlier one").hasSize(1);
        assertThat(new BigDecimal(drift(day).at("/0/billed_usd").asText())).isEqualByComparingTo(half);
        assertThat(alerts()).as("told once").hasSize(1);
        assertThat(alerts().at("/0/kind").asText()).isEqualTo("bill_drift");
        assertThat(alerts().at("/0/subject").asText()).isEqualTo("openai " + day + " gpt-4o-mini");
    }

    @Test
    void takes_a_focus_file_and_anthropic_s_report() {
        LocalDate day = chat();

        Answer focus = admin.upload(path, "text/csv", """
                BilledCost,BillingCurrency,ChargePeriodStart,ChargePeriodEnd,ProviderName,SkuId
                %s,USD,%sT00:00:00Z,%sT00:00:00Z,OpenAI,gpt-4o-mini
                """.formatted(cost().toPlainString(), day, day.plusDays(1)));
        Answer anthropic = admin.post(path, """
                {"data":[{"starting_at":"%sT00:00:00Z","ending_at":"%sT00:00:00Z","results":[
                 {"amount":"150","currency":"USD","model":"claude-haiku-4-5-20251001"}]}],"has_more":false}""".formatted(day, day.plusDays(1)));

        assertThat(focus.status()).as(focus.text()).isEqualTo(200);
        assertThat(focus.json().path("drifts")).isEmpty();
        assertThat(anthropic.json().at("/drifts/0/billed_usd").asText()).isEqualTo("1.5");
        assertThat(anthropic.json().at("/drifts/0/ledger_usd").isNull()).isTrue();
        assertThat(drift(day)).hasSize(2);
        JsonNode trail =
                admin.get("/organizations/" + customer.slug() + "/audit").json().path("records");
        assertThat(trail.at("/0/action").asText()).isEqualTo("bill.import");
    }

    @Test
    void refuses_what_is_no_report() {
        Answer json = admin.post(path, "{\"data\":1}");
        Answer csv = admin.upload(path, "text/csv", "a,b\n1,2\n");
        Answer other = admin.upload(path, "application/pdf", "x");
        Answer days = admin.get(path + "/drift?from=2026-01-02&to=2026-01-01");
        Answer many = admin.get(path + "/drift?from=2026-01-01&to=2026-12-31");
        Answer none = admin.get(path + "/drift");

        assertThat(json.status()).isEqualTo(400);
        assertThat(json.json().path("code").asText()).isEqualTo("invalid_cost_report");
        assertThat(csv.status()).isEqualTo(400);
        assertThat(other.status()).isEqualTo(415);
        assertThat(days.json().path("param").asText()).isEqualTo("from");
        assertThat(many.json().path("param").asText()).isEqualTo("to");
        assertThat(none.json().path("param").asText()).isEqualTo("from");
    }

    /** Makes one request, and says on which day it began. */
    private LocalDate chat() {
        Scene scene = installation.upstream().scene(Acts.smallTalk());
        assertThat(Chat.as(customer)
                        .send(Chat.body("gpt-4o-mini", scene.marker()))
                        .status())
                .isEqualTo(200);
        await().untilAsserted(() ->
                assertThat(installation.database().requestsOf(customer)).hasSize(1));
        return LocalDate.ofInstant(
                installation.database().requestsOf(customer).getFirst().instant("started_at"), ZoneOffset.UTC);
    }

    private BigDecimal cost() {
        return Objects.requireNonNull(
                installation.database().requestsOf(customer).getFirst().decimal("cost_usd"));
    }

    private JsonNode drift(LocalDate day) {
        Answer answer = admin.get(path + "/drift?from=" + day + "&to=" + day.plusDays(1));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json().path("drifts");
    }

    private JsonNode alerts() {
        return admin.get("/organizations/" + customer.slug() + "/alerts").json().path("alerts");
    }

    private static String openAi(LocalDate day, String usd, String model) {
        long start = day.atStartOfDay().toEpochSecond(ZoneOffset.UTC);
        return """
                {"object":"page","data":[{"object":"bucket","start_time":%d,"end_time":%d,"results":[
                 {"object":"organization.costs.result","amount":{"value":%s,"currency":"usd"},"line_item":"%s, input"}]}],
                 "has_more":false}""".formatted(start, start + 86_400, usd, model);
    }
}
