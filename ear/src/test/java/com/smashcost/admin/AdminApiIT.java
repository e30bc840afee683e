package com.smashcost.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.installation.AdminApi;
import com.smashcost.installation.AdminApi.Answer;
import com.smashcost.installation.Chat;
import com.smashcost.installation.Customer;
import com.smashcost.installation.Installation;
import com.smashcost.installation.Promptly;
import com.smashcost.upstream.Acts;
import com.smashcost.upstream.Scene;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The operator's API: who gets in, what it does, and what it refuses. */
class AdminApiIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Customer CUSTOMER = Installation.running().admin().newCustomer();

    private final Installation installation = Installation.running();
    private final AdminApi admin = installation.admin();

    @Test
    @Tag("G17")
    void lets_in_by_secret_and_code_together_and_by_each_code_once() {
        String code = admin.freshCode();
        Answer admitted = admin.signIn(code);
        Answer again = admin.signIn(code);
        Answer wrongSecret = admin.signIn("not-the-secret", code);
        Answer wrongCode = admin.signIn("000000".equals(code) ? "111111" : "000000");

        assertThat(admitted.status()).as(admitted.text()).isEqualTo(200);
        assertThat(admitted.json().path("expires_in").asInt()).isEqualTo(1800);
        assertThat(admin.send(
                                "GET",
                                "/organizations",
                                null,
                                admitted.json().path("access_token").asText())
                        .status())
                .isEqualTo(200);
        for (Answer refused : List.of(again, wrongSecret, wrongCode)) {
            assertProblem(refused, 401, "invalid_credentials");
            assertThat(refused.text()).as("nobody learns what was wrong").isEqualTo(again.text());
        }
    }

    static Stream<String> tokens() throws GeneralSecurityException {
        String good = Installation.running().admin().token();
        String[] parts = good.split("\\.", -1);
        JsonNode header = part(parts[0]);
        ObjectNode none = header.deepCopy();
        none.put("alg", "none");
        ObjectNode symmetric = header.deepCopy();
        symmetric.put("alg", "HS256");
        ObjectNode later = part(parts[1]).deepCopy();
        later.put("exp", later.path("exp").asLong() + 86_400);
        ObjectNode embedded = header.deepCopy();
        embedded.put("jku", "http://127.0.0.1:1/keys");
        return Stream.of(
                "nonsense",
                "a.b.c",
                "..",
                parts[0] + "." + parts[1] + ".",
                parts[0] + "." + parts[1],
                encoded(none) + "." + parts[1] + ".",
                encoded(none) + "." + parts[1] + "." + parts[2],
                parts[0] + "." + encoded(later) + "." + parts[2],
                encoded(embedded) + "." + parts[1] + "." + parts[2],
                hmac(encoded(symmetric) + "." + parts[1], header.path("kid").asText()),
                ofAnotherKey(parts[0] + "." + parts[1]),
                parts[0] + "." + parts[1] + "." + turned(parts[2]),
                good + "=",
                good + "x",
                good.substring(0, good.length() - 1));
    }

    @ParameterizedTest
    @MethodSource("tokens")
    @Tag("G17")
    void refuses_a_token_that_it_did_not_make(String token) {
        assertProblem(admin.send("GET", "/organizations", null, token), 401, "invalid_token");
    }

    @Test
    @Tag("G17")
    void refuses_who_has_no_token_on_every_route() {
        String organization = "/organizations/" + CUSTOMER.slug();
        for (String route : List.of(
                "GET /organizations",
                "POST /organizations",
                "GET " + organization,
                "DELETE " + organization,
                "POST " + organization + "/activation",
                "POST " + organization + "/kill-switch",
                "POST " + organization + "/block",
                "POST " + organization + "/unblock",
                "GET " + organization + "/keys",
                "POST " + organization + "/keys",
                "GET " + organization + "/keys/" + CUSTOMER.key().id(),
                "DELETE " + organization + "/keys/" + CUSTOMER.key().id(),
                "PUT " + organization + "/credentials/openai",
                "DELETE " + organization + "/credentials/openai",
                "PUT " + organization + "/settings",
                "GET " + organization + "/requests",
                "GET " + organization + "/requests/019aa8f5-5400-7000-8000-000000000001/decision",
                "GET " + organization + "/replay?mode=savings",
                "GET " + organization + "/savings",
                "GET " + organization + "/audit",
                "GET " + organization + "/budgets",
                "GET " + organization + "/budgets/b",
                "PUT " + organization + "/budgets/b",
                "DELETE " + organization + "/budgets/b",
                "GET " + organization + "/alerts",
                "POST " + organization + "/provider-bills",
                "GET " + organization + "/provider-bills/drift",
                "GET /models/gpt-4o",
                "PUT /models/gpt-4o",
                "POST /models/gpt-4o/prices",
                "GET /breakers",
                "GET /jobs",
                "POST /jobs/anything/run",
                "GET /alerts",
                "POST /rollups/proof",
                "POST /rollups/rebuild",
                "POST /clock")) {
            String[] parts = route.split(" ", 2);
            Answer answer = admin.send(parts[0], parts[1], parts[0].startsWith("P") ? "{}" : null, "");
            assertThat(answer.status()).as(route).isEqualTo(401);
            assertThat(answer.contentType()).as(route).startsWith("application/problem+json");
        }
        assertThat(admin.get(organization).json().path("status").asText()).isEqualTo("OBSERVING");
    }

    @Test
    void answers_on_the_operators_listener_alone() {
        for (String path : List.of("/admin/api/organizations", "/admin/api/token", "/admin", "/metrics", "/openapi")) {
            assertThat(admin.send(installation.origin().resolve(path), "GET", null, admin.token())
                            .status())
                    .as(path)
                    .isEqualTo(404);
        }
        for (String path : List.of("/v1/models", "/portal/sign-in")) {
            assertThat(admin.send(
                                    installation.adminOrigin().resolve(path),
                                    "GET",
                                    null,
                                    CUSTOMER.key().text())
                            .status())
                    .as(path)
                    .isEqualTo(404);
        }
        for (String path : List.of("/health/live", "/health/ready", "/metrics", "/openapi")) {
            assertThat(admin.send(installation.adminOrigin().resolve(path), "GET", null, "")
                            .status())
                    .as(path)
                    .isEqualTo(200);
        }
    }

    @Test
    @Tag("G33")
    @Tag("G34")
    @Tag("G35")
    @Tag("G36")
    void leads_an_organization_from_its_foundation_through_activation_to_the_kill_switch() {
        Customer customer = admin.newCustomer();
        String path = "/organizations/" + customer.slug();
        Scene scene = installation.upstream().scene(Acts.smallTalk());
        assertThat(admin.get(path).json().path("status").asText()).isEqualTo("OBSERVING");
        assertThat(Chat.as(customer)
                        .send(Chat.body("gpt-4o-mini", scene.marker()))
                        .header("X-SmashCost-Mode"))
                .hasValue("observation");

        for (String wrong : List.of(
                "{}",
                "{\"confirm\":null}",
                "{\"confirm\":\"\"}",
                "{\"confirm\":\"" + customer.slug() + " \"}",
                "{\"confirm\":\"" + CUSTOMER.slug() + "\"}")) {
            assertProblem(admin.post(path + "/activation", wrong), 400, "confirmation_required");
        }
        assertThat(admin.get(path).json().path("status").asText()).isEqualTo("OBSERVING");

        admin.activate(customer);
        assertThat(admin.get(path).json().path("status").asText()).isEqualTo("ACTIVE");
        Promptly.within(
                Duration.ofSeconds(1), () -> assertThat(mode(customer, scene)).hasValue("active"));

        admin.move(customer, "kill-switch");
        Promptly.within(
                Duration.ofSeconds(1), () -> assertThat(mode(customer, scene)).hasValue("observation"));
        assertThat(admin.get(path).json().path("status").asText()).isEqualTo("OBSERVING");
        assertProblem(admin.post(path + "/kill-switch", "{}"), 409, "illegal_transition");

        List<String> trail = new ArrayList<>();
        admin.get(path + "/audit?limit=100")
                .json()
                .path("records")
                .forEach(line -> trail.addFirst(line.path("action").asText() + " "
                        + line.path("outcome").asText() + " "
                        + line.path("old_status").asText("-") + " "
                        + line.path("new_status").asText("-") + " "
                        + line.path("actor_type").asText()));
        assertThat(trail)
                .containsExactly(
                        "organization.create done - - OPERATOR",
                        "key.create done - - OPERATOR",
                        "credential.put done - - OPERATOR",
                        "credential.put done - - OPERATOR",
                        "subscription.activate refused - - OPERATOR",
                        "subscription.activate refused - - OPERATOR",
                        "subscription.activate refused - - OPERATOR",
                        "subscription.activate refused - - OPERATOR",
                        "subscription.activate refused - - OPERATOR",
                        "subscription.transition done OBSERVING ACTIVE OPERATOR",
                        "subscription.transition done ACTIVE OBSERVING OPERATOR",
                        "subscription.transition refused OBSERVING OBSERVING OPERATOR");
    }

    private static Optional<String> mode(Customer customer, Scene scene) {
        return Chat.as(customer).send(Chat.body("gpt-4o-mini", scene.marker())).header("X-SmashCost-Mode");
    }

    @Test
    void pages_through_the_trail() {
        Customer customer = admin.newCustomer();
        String path = "/organizations/" + customer.slug() + "/audit";

        JsonNode first = admin.get(path + "?limit=3").json();
        JsonNode second = admin.get(
                        path + "?limit=3&after=" + first.path("next").asText())
                .json();

        assertThat(first.path("records")).hasSize(3);
        assertThat(second.path("records")).hasSize(1);
        assertThat(second.path("next").isNull() || second.path("next").isMissingNode())
                .isTrue();
        assertThat(second.at("/records/0/action").asText()).isEqualTo("organization.create");
    }

    @Test
    @Tag("G2")
    void never_shows_a_credential_again() {
        Answer put = admin.put(
                "/organizations/" + CUSTOMER.slug() + "/credentials/openai",
                AdminApi.json(Map.of("api_key", CUSTOMER.openaiCredential())));

        assertThat(put.status()).isEqualTo(200);
        String organization = admin.get("/organizations/" + CUSTOMER.slug()).text();
        String audit = admin.get("/organizations/" + CUSTOMER.slug() + "/audit").text();
        for (String shown : List.of(put.text(), organization, audit)) {
            assertThat(shown).doesNotContain(CUSTOMER.openaiCredential());
        }
        assertThat(organization)
                .contains(CUSTOMER.openaiCredential()
                        .substring(CUSTOMER.openaiCredential().length() - 4));
        assertThat(installation
                        .database()
                        .query("SELECT * FROM provider_credential WHERE organization_id = ?", CUSTOMER.id()))
                .hasSize(2)
                .allSatisfy(row -> assertThat(new String(
                                (byte[]) Objects.requireNonNull(row.get("envelope")), StandardCharsets.ISO_8859_1))
                        .doesNotContain(CUSTOMER.openaiCredential().substring(12)));
    }

    @Test
    void ends_requests_that_need_a_deleted_credential() {
        Customer customer = admin.newCustomer();
        admin.delete("/organizations/" + customer.slug() + "/credentials/groq");
        Scene scene = installation.upstream().scene(Acts.smallTalk());

        Promptly.within(
                Duration.ofSeconds(1),
                () -> assertThat(Chat.as(customer)
                                .send(Chat.body("openai/gpt-oss-120b", scene.marker()))
                                .errorCode())
                        .isEqualTo("provider_credential_missing"));
        assertThat(Chat.as(customer)
                        .send(Chat.body("gpt-4o-mini", scene.marker()))
                        .status())
                .isEqualTo(200);
    }

    @Test
    @Tag("G47")
    void deletes_an_organization_so_that_its_key_ends_and_its_names_are_gone() {
        Customer customer = admin.newCustomer();
        Scene scene = installation.upstream().scene(Acts.smallTalk());
        Chat.as(customer, "X-SmashCost-Tag-Customer", "somebody-" + customer.slug())
                .send(Chat.body("gpt-4o-mini", scene.marker()));
        await().untilAsserted(() ->
                assertThat(installation.database().requestsOf(customer)).hasSize(1));

        assertThat(admin.delete("/organizations/" + customer.slug()).status()).isLessThan(300);

        Promptly.within(
                Duration.ofSeconds(1),
                () -> assertThat(Chat.as(customer)
                                .send(Chat.body("gpt-4o-mini", scene.marker()))
                                .status())
                        .isEqualTo(401));
        assertProblem(admin.get("/organizations/" + customer.slug()), 404, "organization_not_found");
        assertThat(installation.database().requestsOf(customer)).singleElement().satisfies(row -> {
            assertThat(row.text("tag_customer")).isNotEqualTo("somebody-" + customer.slug());
            assertThat(row.number("input_tokens")).isEqualTo(11);
        });
        for (String sql : List.of(
                "SELECT * FROM organization WHERE id = ?",
                "SELECT * FROM member WHERE organization_id = ?",
                "SELECT * FROM provider_credential WHERE organization_id = ?",
                "SELECT * FROM tag WHERE organization_id = ?",
                "SELECT * FROM audit_record WHERE organization_id = ?")) {
            assertThat(installation.database().query(sql, customer.id()).toString())
                    .as(sql)
                    .doesNotContain(customer.slug());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST | /organizations | {\"slug\":\"x-y\",\"name\":\"n\",\"owner_email\":\"a@example.com\",\"admin\":true} | 400 | unknown_member",
                "POST | /organizations | {\"slug\":\"Not A Slug\",\"name\":\"n\",\"owner_email\":\"a@example.com\"} | 400 | ",
                "POST | /organizations | {\"slug\":\"xy\",\"name\":\"n\",\"owner_email\":\"not-an-address\"} | 400 | ",
                "POST | /organizations | {\"slug\":\"xy\"} | 400 | ",
                "POST | /organizations | [] | 400 | ",
                "POST | /organizations | {\"slug\":\"a\",\"slug\":\"b\"} | 400 | ",
                "POST | /organizations | {\"slug\":\"demo\",\"name\":\"n\",\"owner_email\":\"b@example.com\"} | 409 | slug_taken",
                "POST | /organizations/{slug}/keys | {\"name\":\"k\",\"organization_id\":1} | 400 | unknown_member",
                "POST | /organizations/{slug}/keys | {} | 400 | ",
                "PUT | /organizations/{slug}/credentials/nobody | {\"api_key\":\"sk-12345678\"} | 400 | ",
                "PUT | /organizations/{slug}/credentials/openai | {\"api_key\":\"short\"} | 400 | ",
                "PUT | /organizations/{slug}/credentials/openai | {\"api_key\":\"with spaces inside\"} | 400 | ",
                "PUT | /organizations/{slug}/credentials/openai | {\"api_key\":\"sk-12345678\",\"base_url\":\"http://evil\"} | 400 | unknown_member",
                "GET | /organizations/no-such-organization | | 404 | organization_not_found",
                "GET | /organizations/{slug}/requests?limit=0 | | 400 | ",
                "GET | /organizations/{slug}/requests?limit=501 | | 400 | ",
                "GET | /organizations/{slug}/requests?after=x | | 400 | ",
                "GET | /organizations/{slug}/requests?from=yesterday | | 400 | ",
                "GET | /organizations/{slug}/keys/nosuchid | | 404 | ",
                "GET | /nothing/here | | 404 | not_found",
                "DELETE | /organizations | | 405 | method_not_allowed"
            })
    void refuses_what_makes_no_sense_as_a_problem(String method, String path, String body, int status, String code) {
        Answer answer = admin.send(method, path.replace("{slug}", CUSTOMER.slug()), body, admin.token());

        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertProblem(answer, status, code == null ? answer.json().path("code").asText() : code);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"requests_per_minute\":-1}",
                "{\"requests_per_minute\":1000001}",
                "{\"requests_per_minute\":1.5}",
                "{\"requests_per_minute\":\"5\"}",
                "{\"requests_per_minute\":null}",
                "{\"routing_mode\":\"cheapest\"}",
                "{\"default_model\":\"no-such-model\"}",
                "{\"time_zone\":\"Mars/Olympus\"}",
                "{\"retention_days\":0}",
                "{\"retention_days\":3651}",
                "{\"observation_days\":366}",
                "{\"alert_threshold_usd\":\"-1\"}",
                "{\"alert_threshold_usd\":\"lots\"}",
                "{\"status\":\"ACTIVE\"}",
                "{\"retention_days\":30,\"unheard_of\":1}"
            })
    void refuses_a_setting_out_of_its_limits_and_changes_nothing(String body) {
        String path = "/organizations/" + CUSTOMER.slug();
        String before = admin.get(path).text();

        Answer answer = admin.put(path + "/settings", body);

        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.contentType()).startsWith("application/problem+json");
        assertThat(admin.get(path).text()).isEqualTo(before);
    }

    @Test
    void changes_the_settings_that_are_named_and_leaves_the_others() {
        Customer customer = admin.newCustomer();
        String path = "/organizations/" + customer.slug() + "/settings";

        JsonNode settings = admin.put(path, """
                {"requests_per_minute":7,"routing_mode":"quality","default_model":"gpt-4o","time_zone":"Europe/Berlin",\
                "retention_days":90,"observation_days":14,"alert_threshold_usd":"12.50"}""").json();
        JsonNode changed = admin.put(path, "{\"retention_days\":60}").json();

        Consumer<JsonNode> others = given -> {
            assertThat(given.path("requests_per_minute").asInt()).isEqualTo(7);
            assertThat(given.path("routing_mode").asText()).isEqualTo("quality");
            assertThat(given.path("default_model").asText()).isEqualTo("gpt-4o");
            assertThat(given.path("time_zone").asText()).isEqualTo("Europe/Berlin");
            assertThat(given.path("observation_days").asInt()).isEqualTo(14);
            assertThat(given.path("alert_threshold_usd").isTextual()).isTrue();
            assertThat(given.path("alert_threshold_usd").asDouble()).isEqualTo(12.5);
        };
        others.accept(settings);
        others.accept(changed);
        assertThat(settings.path("retention_days").asInt()).isEqualTo(90);
        assertThat(changed.path("retention_days").asInt()).isEqualTo(60);
    }

    @Test
    @Tag("G31")
    void sends_auto_to_the_default_model_while_it_observes() {
        Customer customer = admin.newCustomer();
        Scene scene = installation.upstream().scene(Acts.smallTalk());
        assertThat(Chat.as(customer).send(Chat.body("auto", scene.marker())).status())
                .isEqualTo(400);

        admin.change(customer, "default_model", "gpt-4o");

        Promptly.within(
                Duration.ofSeconds(1),
                () -> assertThat(Chat.as(customer)
                                .send(Chat.body("auto", scene.marker()))
                                .status())
                        .isEqualTo(200));
        assertThat(scene.request().text())
                .isEqualTo(Chat.body("auto", scene.marker()).replace("\"auto\"", "\"gpt-4o\""));
    }

    @Test
    void switches_a_model_off_and_on() {
        String model = "switched-" + CUSTOMER.slug();
        Scene scene = installation.upstream().scene(Acts.smallTalk());
        assertThat(admin.put("/models/" + model, "{\"provider\":\"openai\",\"enabled\":false}")
                        .status())
                .isEqualTo(201);
        Promptly.within(
                Duration.ofSeconds(1),
                () -> assertThat(Chat.as(CUSTOMER)
                                .send(Chat.body(model, scene.marker()))
                                .errorCode())
                        .isEqualTo("model_not_found"));

        assertThat(admin.put("/models/" + model, "{\"enabled\":true}").status()).isEqualTo(200);
        Promptly.within(
                Duration.ofSeconds(1),
                () -> assertThat(Chat.as(CUSTOMER)
                                .send(Chat.body(model, scene.marker()))
                                .status())
                        .isEqualTo(200));
    }

    @Test
    void keeps_what_an_operator_says_of_a_models_tier() {
        String model = "judged-" + CUSTOMER.slug();
        assertThat(admin.put("/models/" + model, "{\"provider\":\"openai\"}")
                        .json()
                        .path("tier")
                        .isNull())
                .isTrue();

        assertThat(admin.put("/models/" + model, "{\"tier\":\"large\"}")
                        .json()
                        .path("tier")
                        .asText())
                .isEqualTo("large");
        assertThat(admin.put("/models/" + model, "{\"enabled\":true}")
                        .json()
                        .path("tier")
                        .asText())
                .isEqualTo("large");
        assertThat(admin.put("/models/" + model, "{\"tier\":null}")
                        .json()
                        .path("tier")
                        .isNull())
                .isTrue();
        assertProblem(admin.put("/models/" + model, "{\"tier\":\"huge\"}"), 400, "invalid_value");
        assertThat(installation.database().query("SELECT tier, rated FROM model WHERE name = ?", model))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.text("tier")).isNull();
                    assertThat(row.flag("rated")).isTrue();
                });
    }

    @Test
    void knows_how_good_the_models_are_that_it_comes_with() {
        assertThat(admin.get("/models/gpt-4o-mini").json().path("tier").asText())
                .isEqualTo("medium");
        assertThat(admin.get("/models/gpt-4o-audio-preview").json().path("tier").isNull())
                .isTrue();
    }

    @Test
    void takes_lists_of_models_that_it_knows() {
        Customer customer = admin.newCustomer();
        String settings = "/organizations/" + customer.slug() + "/settings";

        JsonNode changed = admin.put(
                        settings, "{\"allowed_models\": [\"gpt-4o*\", \"o3\"], \"denied_models\": [\"gpt-4o-mini\"]}")
                .json();
        assertThat(changed.path("allowed_models").toString()).isEqualTo("[\"gpt-4o*\",\"o3\"]");
        assertThat(changed.path("denied_models").toString()).isEqualTo("[\"gpt-4o-mini\"]");
        assertProblem(admin.put(settings, "{\"denied_models\": [\"gpt-4o-minni\"]}"), 400, "invalid_value");
        assertThat(admin.put(settings, "{\"allowed_models\": null}")
                        .json()
                        .path("allowed_models")
                        .toString())
                .isEqualTo("[]");
        assertThat(admin.get("/organizations/" + customer.slug() + "/audit").text())
                .contains("allowed_models all -> [gpt-4o* o3], denied_models none -> [gpt-4o-mini]");
    }

    private static void assertProblem(Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.contentType()).startsWith("application/problem+json");
        JsonNode problem = answer.json();
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("code").asText()).isEqualTo(code).isNotEmpty();
        assertThat(problem.path("title").asText()).isNotEmpty();
        assertThat(problem.path("detail").asText()).isNotEmpty();
        assertThat(problem.path("type").asText()).isNotEmpty();
    }

    private static JsonNode part(String encoded) {
        try {
            return JSON.readTree(Base64.getUrlDecoder().decode(encoded));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String encoded(JsonNode part) {
        return encoded(part.toString().getBytes(UTF_8));
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String hmac(String signed, String key) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key.getBytes(UTF_8), "HmacSHA256"));
        return signed + "." + encoded(mac.doFinal(signed.getBytes(UTF_8)));
    }

    private static String ofAnotherKey(String signed) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
        signature.initSign(generator.generateKeyPair().getPrivate());
        signature.update(signed.getBytes(UTF_8));
        return signed + "." + encoded(signature.sign());
    }

    private static String turned(String signature) {
        byte[] bytes = Base64.getUrlDecoder().decode(signature);
        bytes[5] ^= 1;
        return encoded(bytes);
    }
}
