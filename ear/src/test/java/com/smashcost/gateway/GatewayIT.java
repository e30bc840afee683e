package com.smashcost.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.ObjectMappers;
import com.openai.core.http.HttpResponseFor;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageToolCall;
import com.openai.models.models.Model;
import com.smashcost.installation.Customer;
import com.smashcost.installation.Installation;
import com.smashcost.upstream.Acts;
import com.smashcost.upstream.Recording;
import com.smashcost.upstream.Scene;
import java.math.BigDecimal;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The promise to applications: keep the official client, change the base URL and the key. */
class GatewayIT {

    private static final String OPENAI = "openai/chat-completions/";
    private static final String GROQ = "groq/chat-completions/";

    private static final Customer CUSTOMER = Installation.running().admin().newCustomer();

    private final Installation installation = Installation.running();
    private final OpenAIClient client = client(CUSTOMER.key().text());

    private OpenAIClient client(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(installation.origin() + "/v1")
                .apiKey(key)
                .maxRetries(0)
                .timeout(Duration.ofSeconds(30))
                .build();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                OPENAI + "stop-param.gpt-4",
                OPENAI + "json-schema.gpt-5",
                GROQ + "system.kimi-k2-instruct-0905",
                GROQ + "reasoning-out-reasoning-param.qwen3-32b"
            })
    void completes_a_chat(String name) throws Exception {
        Recording recording = Recording.of(name);
        Scene scene = installation.upstream().scene(Acts.replay(recording));

        ChatCompletion completion = client.chat().completions().create(params(recording, scene));

        JsonNode recorded = recording.json();
        assertThat(completion.id()).isEqualTo(recorded.path("id").asText());
        assertThat(completion.choices().getFirst().message().content())
                .hasValue(recorded.at("/choices/0/message/content").asText());
        assertThat(completion.usage().orElseThrow().totalTokens())
                .isEqualTo(recorded.at("/usage/total_tokens").asLong());
        assertThat(scene.request().path())
                .isEqualTo(name.startsWith(GROQ) ? "/openai/v1/chat/completions" : "/v1/chat/completions");
    }

    @Test
    void says_in_its_headers_what_it_did() throws Exception {
        Recording recording = Recording.of(OPENAI + "plain.gpt-3.5-turbo");
        Scene scene = installation.upstream().scene(Acts.replay(recording));

        try (HttpResponseFor<ChatCompletion> response =
                client.chat().completions().withRawResponse().create(params(recording, scene))) {
            assertThat(response.headers().values("X-SmashCost-Request-Id"))
                    .singleElement()
                    .satisfies(id ->
                            assertThat(id).matches("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"));
            assertThat(response.headers().values("X-SmashCost-Model-Requested")).containsExactly("gpt-3.5-turbo");
            assertThat(response.headers().values("X-SmashCost-Model-Used")).containsExactly("gpt-3.5-turbo");
            assertThat(response.headers().values("X-SmashCost-Provider")).containsExactly("openai");
            assertThat(response.headers().values("X-SmashCost-Mode")).containsExactly("observation");
            assertThat(response.headers().values("X-SmashCost-Routing")).containsExactly("passthrough");
            assertThat(response.headers().values("X-SmashCost-Attempts")).containsExactly("1");
            // 62 tokens at $0.50 and 14 at $1.50 per million
            assertThat(response.headers().values("X-SmashCost-Cost-USD"))
                    .singleElement()
                    .satisfies(cost -> assertThat(new BigDecimal(cost)).isEqualByComparingTo("0.000052"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                OPENAI + "tool-call-usage-only-chunk-system.gpt-4o.stream",
                OPENAI + "json-schema-usage-only-chunk.gpt-4o-mini.stream",
                GROQ + "usage-only-chunk-system.kimi-k2-instruct-0905.stream"
            })
    void passes_each_chunk_on_before_the_provider_sends_the_next(String name) throws Exception {
        Recording recording = Recording.of(name);
        Scene scene = installation.upstream().scene(Acts.replayStepByStep(recording));
        scene.allowNext();

        int chunks = 0;
        try (StreamResponse<ChatCompletionChunk> response =
                client.chat().completions().createStreaming(params(recording, scene))) {
            Iterator<ChatCompletionChunk> stream = response.stream().iterator();
            while (stream.hasNext()) {
                stream.next();
                chunks++;
                // had the gateway kept this chunk back, nobody would allow the next one
                assertThat(scene.piecesSent()).isEqualTo(chunks);
                scene.allowNext();
            }
        }

        assertThat(chunks).isEqualTo(recording.events().size() - 1);
    }

    @Test
    void returns_a_tool_call() throws Exception {
        Recording recording = Recording.of(OPENAI + "parallel-tools-tool-call-system.gpt-4o-mini");
        Scene scene = installation.upstream().scene(Acts.replay(recording));

        ChatCompletion completion = client.chat().completions().create(params(recording, scene));

        assertThat(calls(completion)).isNotEmpty().isEqualTo(recordedCalls(recording.json()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                OPENAI + "parallel-tools-tool-call-usage-only-chunk.gpt-4o.stream",
                OPENAI + "tool-call-usage-only-chunk-system.gpt-5.stream"
            })
    void streams_a_tool_call_in_pieces_that_add_up(String name) throws Exception {
        Recording recording = Recording.of(name);
        Scene scene = installation.upstream().scene(Acts.replay(recording));

        ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
        try (StreamResponse<ChatCompletionChunk> response =
                client.chat().completions().createStreaming(params(recording, scene))) {
            response.stream().forEach(accumulator::accumulate);
        }

        ChatCompletion completion = accumulator.chatCompletion();
        assertThat(calls(completion)).isNotEmpty().allSatisfy(call -> {
            assertThat(call.get(1)).isNotEmpty();
            assertThat(ObjectMappers.jsonMapper().readTree(call.get(2)).isObject())
                    .isTrue();
        });
        assertThat(completion.usage().orElseThrow().totalTokens())
                .isEqualTo(recording.usage().path("total_tokens").asLong());
    }

    @Test
    void hands_on_that_a_model_does_not_exist() {
        Recording recording = Recording.of(OPENAI + "http404.this-model-does-not-exist");

        NotFoundException refused = refused(recording, NotFoundException.class);

        assertThat(refused.code()).hasValue("model_not_found");
        assertThat(refused.type()).hasValue("invalid_request_error");
        assertThat(refused.getMessage()).contains("does not exist or you do not have access to it");
    }

    @ParameterizedTest
    @ValueSource(strings = {OPENAI + "http400-system.o1-mini", GROQ + "http400-system.gpt-oss-120b"})
    void hands_on_what_was_wrong_with_a_request(String name) {
        Recording recording = Recording.of(name);

        BadRequestException refused = refused(recording, BadRequestException.class);

        assertThat(refused.getMessage())
                .contains(recording.json().at("/error/message").asText());
    }

    @Test
    void hands_on_how_long_a_limited_client_should_wait() {
        Recording recording = Recording.ofError("openai/429-tpm");

        RateLimitException refused = refused(recording, RateLimitException.class);

        assertThat(refused.headers().values("retry-after")).containsExactly("2");
        assertThat(refused.headers().values("retry-after-ms")).containsExactly("1574");
        assertThat(refused.headers().values("x-ratelimit-remaining-tokens")).containsExactly("0");
        assertThat(refused.code()).hasValue("rate_limit_exceeded");
    }

    @Test
    void hands_on_that_the_provider_failed() {
        InternalServerException failed =
                refused(Recording.ofError("openai/500-server-error"), InternalServerException.class);

        assertThat(failed.statusCode()).isEqualTo(500);
        assertThat(failed.type()).hasValue("server_error");
    }

    @Test
    void raises_in_the_client_a_stream_that_broke_off() throws Exception {
        Recording recording = Recording.of(OPENAI + "tool-call-usage-only-chunk-system.gpt-4o.stream");
        Scene scene = installation.upstream().scene(Acts.breakOffAfter(3, recording));

        List<ChatCompletionChunk> chunks = new ArrayList<>();
        OpenAIException broken = catchThrowableOfType(OpenAIException.class, () -> {
            try (StreamResponse<ChatCompletionChunk> response =
                    client.chat().completions().createStreaming(params(recording, scene))) {
                response.stream().forEach(chunks::add);
            }
        });

        assertThat(broken).hasMessageContaining("broke off");
        assertThat(chunks).hasSize(3);
    }

    @Test
    void refuses_a_strange_key_in_words_that_the_client_understands() {
        OpenAIClient stranger = client("sk-not-one-of-ours");

        UnauthorizedException refused = catchThrowableOfType(
                UnauthorizedException.class,
                () -> stranger.chat()
                        .completions()
                        .create(ChatCompletionCreateParams.builder()
                                .model("gpt-4o-mini")
                                .addUserMessage("hello")
                                .build()));

        assertThat(refused.code()).hasValue("invalid_api_key");
    }

    @Test
    void lists_models_to_anthropic_clients_as_anthropic_does() throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(installation.origin().resolve("/v1/models"))
                                .header("x-api-key", CUSTOMER.key().text())
                                .header("anthropic-version", "2023-06-01")
                                .build(),
                        BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        JsonNode list = new ObjectMapper().readTree(answer.body());
        assertThat(list.path("has_more").asBoolean(true)).isFalse();
        assertThat(list.path("data"))
                .isNotEmpty()
                .allSatisfy(model -> assertThat(model.path("type").asText()).isEqualTo("model"));
        assertThat(list.path("first_id")).isEqualTo(list.path("data").path(0).path("id"));
    }

    @Test
    void says_that_somebody_is_there_to_who_asks_first() throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(installation.origin().resolve("/"))
                                .method("HEAD", BodyPublishers.noBody())
                                .build(),
                        BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void lists_the_models_of_the_providers_that_the_organization_has_credentials_for() {
        List<String> models =
                client.models().list().data().stream().map(Model::id).toList();

        assertThat(models).contains("gpt-4o-mini", "openai/gpt-oss-120b").noneMatch(id -> id.startsWith("claude-"));
        assertThat(models).doesNotHaveDuplicates();
    }

    @Test
    void describes_one_model() {
        assertThat(client.models().retrieve("gpt-4o-mini").ownedBy()).isEqualTo("openai");
        assertThat(catchThrowableOfType(
                                NotFoundException.class, () -> client.models().retrieve("gpt-none"))
                        .code())
                .hasValue("model_not_found");
    }

    private <E extends OpenAIException> E refused(Recording recording, Class<E> type) {
        Scene scene = installation.upstream().scene(Acts.replay(recording));
        return catchThrowableOfType(
                type,
                () -> client.chat()
                        .completions()
                        .create(ChatCompletionCreateParams.builder()
                                .model(recording.model().isEmpty() ? "gpt-4o-mini" : recording.model())
                                .addUserMessage("What follows from " + scene.marker() + "?")
                                .build()));
    }

    /** The recorded request, sent by the client in its own words. */
    private static ChatCompletionCreateParams params(Recording recording, Scene scene) throws Exception {
        ObjectNode body = recording.request().deepCopy();
        body.remove("stream");
        body.put("user", scene.marker());
        return ChatCompletionCreateParams.builder()
                .body(ObjectMappers.jsonMapper().treeToValue(body, ChatCompletionCreateParams.Body.class))
                .build();
    }

    private static List<List<String>> calls(ChatCompletion completion) {
        return completion.choices().getFirst().message().toolCalls().orElse(List.of()).stream()
                .map(ChatCompletionMessageToolCall::asFunction)
                .map(call -> List.of(
                        call.id(), call.function().name(), call.function().arguments()))
                .toList();
    }

    private static List<List<String>> recordedCalls(JsonNode completion) {
        List<List<String>> calls = new ArrayList<>();
        completion
                .at("/choices/0/message/tool_calls")
                .forEach(call -> calls.add(List.of(
                        call.path("id").asText(),
                        call.at("/function/name").asText(),
                        call.at("/function/arguments").asText())));
        return calls;
    }
}
