package com.smashcost.gateway.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.smashcost.account.entity.BudgetRule;
import com.smashcost.account.entity.BudgetRule.Action;
import com.smashcost.account.entity.BudgetRule.Scope;
import com.smashcost.account.entity.BudgetRule.Unit;
import com.smashcost.account.entity.BudgetWindow;
import com.smashcost.admission.control.Budgets.Standing;
import com.smashcost.ledger.entity.LedgerEntry.Tags;
import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.StubProvider.Conversation;
import com.smashcost.provider.control.StubProvider.Script;
import com.smashcost.refusal.control.Refusal;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BudgetedTest {

    /** 100 output tokens at $0.00001 and some prompt. */
    private static final String BODY =
            "{\"model\":\"gpt-4o\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

    private static final String ANSWER = "{\"id\":\"chatcmpl-1\",\"choices\":[],\"usage\":{\"prompt_tokens\":10,"
            + "\"completion_tokens\":20,\"total_tokens\":30}}";

    @Test
    void calls_no_provider_and_leaves_no_record_where_a_budget_has_no_room() throws Exception {
        try (Scene scene = new Scene(json(200, ANSWER))) {
            scene.budgetsAre(usd("0.001", Action.refuse));

            assertThatExceptionOfType(Refusal.OverBudget.class).isThrownBy(() -> scene.chat(BODY));

            assertThat(scene.provider.requests()).isEmpty();
            assertThat(scene.ledger.intents()).isEmpty();
        }
    }

    @Test
    void settles_with_what_the_request_cost() throws Exception {
        try (Scene scene = new Scene(json(200, ANSWER))) {
            BudgetRule budget = usd("0.01", Action.refuse);
            scene.budgetsAre(budget);

            Reply reply = scene.chat(BODY);

            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.headers()).doesNotContainKey("X-SmashCost-Budget-Warning");
            assertStands(scene, budget, "0.000225", "0");
            assertThat(scene.row().metered().cost()).isEqualByComparingTo("0.000225");
        }
    }

    @Test
    void holds_while_a_stream_lasts_and_settles_at_its_end() throws Exception {
        Script stream = conversation -> {
            conversation.beginStream();
            conversation.chunk("""
                    data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"gpt-4o","choices":[],\
                    "usage":{"prompt_tokens":10,"completion_tokens":20,"total_tokens":30}}

                    data: [DONE]

                    """);
            conversation.endStream();
        };
        try (Scene scene = new Scene(stream)) {
            BudgetRule budget = tokens("1000", Action.refuse);
            scene.budgetsAre(budget);

            Reply.Live live = (Reply.Live) scene.chat(BODY.replace("{\"model\"", "{\"stream\":true,\"model\""));
            assertThat(standing(scene, budget).reserved()).isGreaterThan(new BigDecimal(100));
            assertThat(standing(scene, budget).used()).isEqualByComparingTo("0");
            live.flow().to(new ByteArrayOutputStream());

            assertStands(scene, budget, "30", "0");
        }
    }

    @Test
    void gives_back_all_that_was_held_for_what_a_provider_refused() throws Exception {
        try (Scene scene = new Scene(json(400, "{\"error\":{\"message\":\"No.\",\"type\":\"x\",\"code\":\"y\"}}"))) {
            BudgetRule budget = usd("0.01", Action.refuse);
            scene.budgetsAre(budget);

            assertThat(scene.chat(BODY).status()).isEqualTo(400);

            assertStands(scene, budget, "0", "0");
        }
    }

    @Test
    void keeps_holding_what_nobody_knows_the_cost_of() throws Exception {
        try (Scene scene = new Scene(Conversation::close)) {
            BudgetRule budget = tokens("1000", Action.refuse);
            scene.budgetsAre(budget);

            assertThat(scene.chat(BODY).status()).isEqualTo(502);

            assertThat(standing(scene, budget).reserved()).isGreaterThan(new BigDecimal(100));
        }
    }

    @Test
    void warns_in_a_header_and_serves_all_the_same() throws Exception {
        try (Scene scene = new Scene(json(200, ANSWER))) {
            BudgetRule budget = usd("0.001", Action.warn);
            scene.budgetsAre(budget);

            Reply reply = scene.chat(BODY);

            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.headers()).containsEntry("X-SmashCost-Budget-Warning", "limit");
            assertStands(scene, budget, "0.000225", "0");
        }
    }

    @Test
    void refuses_what_it_cannot_price_where_money_is_limited() throws Exception {
        try (Scene scene = new Scene(json(200, ANSWER))) {
            scene.budgetsAre(usd("1000", Action.refuse));

            assertThatExceptionOfType(Refusal.BadRequest.class)
                    .isThrownBy(() -> scene.chat(BODY.replace("gpt-4o", "a-model-of-our-own")))
                    .satisfies(refusal -> assertThat(refusal.code()).isEqualTo("model_not_priced"));

            scene.budgetsAre(tokens("100000", Action.refuse));
            assertThat(scene.chat(BODY.replace("gpt-4o", "a-model-of-our-own")).status())
                    .isEqualTo(200);
        }
    }

    @Test
    void counts_for_the_customer_that_the_request_names() throws Exception {
        try (Scene scene = new Scene(json(200, ANSWER))) {
            BudgetRule acme = new BudgetRule(
                    9,
                    7,
                    "acme",
                    Scope.customer_tag,
                    null,
                    "Acme",
                    Unit.tokens,
                    new BigDecimal(200),
                    BudgetWindow.day,
                    Action.refuse);
            scene.budgetsAre(acme);

            scene.chat(BODY);
            assertStands(scene, acme, "0", "0");
            scene.chat(BODY, new Exchange(new Tags("Acme", null)));
            assertStands(scene, acme, "30", "0");
        }
    }

    @Test
    void has_embeddings_stand_before_it_too() throws Exception {
        try (Scene scene = new Scene(json(200, ANSWER))) {
            scene.budgetsAre(tokens("5", Action.refuse));

            assertThatExceptionOfType(Refusal.OverBudget.class)
                    .isThrownBy(() -> scene.gateway.embed(
                            scene.gateway.admit(Scene.KEY.reveal()),
                            new Exchange(Tags.NONE),
                            "{\"model\":\"text-x\",\"input\":\"some words\"}".getBytes(StandardCharsets.UTF_8)));
            assertThat(scene.provider.requests()).isEmpty();
        }
    }

    @Test
    void stands_before_no_count_of_tokens_and_no_list_of_models() throws Exception {
        try (Scene scene = new Scene(json(200, "{\"input_tokens\":3}")).withEveryProvider()) {
            scene.budgetsAre(tokens("1", Action.refuse));
            Admission admission = scene.gateway.admit(Scene.KEY.reveal());

            assertThat(scene.gateway
                            .countTokens(
                                    admission,
                                    new Exchange(Tags.NONE),
                                    BODY.replace("gpt-4o", "claude-x").getBytes(StandardCharsets.UTF_8),
                                    Map.of())
                            .status())
                    .isEqualTo(200);
            assertThat(scene.gateway.models(admission)).isNotEmpty();
        }
    }

    @Test
    void stands_before_every_dialect() throws Exception {
        try (Scene scene = new Scene(json(200, ANSWER)).withEveryProvider()) {
            scene.budgetsAre(tokens("1", Action.refuse));
            for (Dialect route : List.of(Dialect.OPENAI_CHAT, Dialect.OPENAI_RESPONSES, Dialect.ANTHROPIC_MESSAGES)) {
                assertThatExceptionOfType(Refusal.OverBudget.class)
                        .as(route.name())
                        .isThrownBy(() -> scene.serve(route, BODY));
            }
        }
    }

    private static void assertStands(Scene scene, BudgetRule budget, String used, String reserved) {
        assertThat(standing(scene, budget).used()).isEqualByComparingTo(used);
        assertThat(standing(scene, budget).reserved()).isEqualByComparingTo(reserved);
    }

    private static Standing standing(Scene scene, BudgetRule budget) {
        return scene.budgets.standing(budget, ZoneOffset.UTC);
    }

    private static BudgetRule usd(String limit, Action action) {
        return rule(Unit.usd, limit, action);
    }

    private static BudgetRule tokens(String limit, Action action) {
        return rule(Unit.tokens, limit, action);
    }

    private static BudgetRule rule(Unit unit, String limit, Action action) {
        return new BudgetRule(
                unit == Unit.usd ? 1 : 2,
                7,
                "limit",
                Scope.organization,
                null,
                null,
                unit,
                new BigDecimal(limit),
                BudgetWindow.month,
                action);
    }

    private static Script json(int status, String body) {
        return conversation -> conversation.answer(status, "application/json", body.getBytes(StandardCharsets.UTF_8));
    }
}
