package com.smashcost.provider.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.refusal.control.Refusal;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

@Tag("G5")
class ClientBodyLawsTest {

    @Property(tries = 3_000)
    void sends_the_client_s_bytes_or_the_same_json_with_usage_demanded(@ForAll("bodies") String text) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        JsonObject original = Recordings.json(body).asJsonObject();
        ClientBody request = chat(body);
        assertThat(request.model()).isEqualTo(original.getString("model"));
        assertThat(request.stream()).isEqualTo(JsonValue.TRUE.equals(original.get("stream")));

        List<Piece> pieces = request.bodyFor(request.model());
        if (request.stream() && !demandsUsage(original)) {
            assertThat(request.withholdsUsage()).isTrue();
            assertThat(sent(pieces)).isEqualTo(withUsage(original));
        } else {
            assertThat(request.withholdsUsage()).isFalse();
            assertThat(pieces).hasSize(1);
            assertThat(ClientBodyTest.text(pieces)).isEqualTo(text);
        }
        assertThat(ownBytes(pieces, body))
                .as("bytes of the client that are not sent")
                .isGreaterThan(body.length - 8);
    }

    @Property(tries = 2_000)
    void replaces_the_model_and_nothing_else(@ForAll("bodies") String text) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        JsonObject original = Recordings.json(body).asJsonObject();
        ClientBody request = chat(body);
        JsonObject expected = Json.createObjectBuilder(request.withholdsUsage() ? withUsage(original) : original)
                .add("model", "another/model-1.5")
                .build();
        assertThat(sent(request.bodyFor("another/model-1.5"))).isEqualTo(expected);
    }

    @Property(tries = 3_000)
    void never_fails_but_by_refusing(@ForAll("bodies") String text, @ForAll int place, @ForAll byte other) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        body[Math.floorMod(place, body.length)] = other;
        try {
            ClientBody request = chat(body);
            assertThat(ClientBodyTest.text(request.bodyFor("another-model"))).contains("\"another-model\"");
        } catch (Refusal.BadRequest refused) {
            assertThat(refused.code()).isEqualTo("invalid_request");
        }
    }

    @Provide
    Arbitrary<String> bodies() {
        return Arbitraries.randomValue(random -> new JsonText(random).chatCompletion());
    }

    private static boolean demandsUsage(JsonObject body) {
        return body.get("stream_options") instanceof JsonObject options
                && JsonValue.TRUE.equals(options.get("include_usage"));
    }

    private static JsonObject withUsage(JsonObject body) {
        JsonObjectBuilder options = body.get("stream_options") instanceof JsonObject present
                ? Json.createObjectBuilder(present)
                : Json.createObjectBuilder();
        return Json.createObjectBuilder(body)
                .add("stream_options", options.add("include_usage", true))
                .build();
    }

    private static JsonObject sent(List<Piece> pieces) {
        return Recordings.json(ClientBodyTest.text(pieces).getBytes(StandardCharsets.UTF_8))
                .asJsonObject();
    }

    private static int ownBytes(List<Piece> pieces, byte[] body) {
        return pieces.stream()
                .filter(piece -> Arrays.equals(piece.bytes(), body))
                .mapToInt(Piece::length)
                .sum();
    }

    private static ClientBody chat(byte[] body) {
        return ClientBody.read(body, Dialect.OPENAI_CHAT);
    }
}
