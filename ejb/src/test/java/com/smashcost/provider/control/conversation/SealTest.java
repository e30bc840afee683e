package com.smashcost.provider.control.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.WireRecording;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class SealTest {

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void travels_as_text_and_in_ids(Dialect dialect) {
        for (String value : List.of("", "EqQB+/==", "{\"id\":\"rs_1\"}", "ü\n__sc1-")) {
            Seal seal = new Seal(dialect, "thought", value);
            assertThat(seal.text()).matches("[A-Za-z0-9_-]+");
            assertThat(Seal.parse(seal.text())).hasValue(seal);
            String id = Seal.join("call_1", seal);
            assertThat(id).matches("[A-Za-z0-9_-]+");
            assertThat(Seal.idOf(id)).isEqualTo("call_1");
            assertThat(Seal.sealOf(id)).hasValue(seal);
            assertThat(Seal.isIn(("{\"x\":\"" + id + "\"}").getBytes(StandardCharsets.UTF_8)))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {"", "sc1-", "sc1-gemini", "sc1-gemini-thought", "sc1-gemini-thought-%%", "sc1-unsigned", "EqQB"})
    void is_in_no_other_text(@Nullable String text) {
        assertThat(Seal.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {Seal.UNSIGNED, Seal.FOREIGN_CITATION})
    void has_marks_of_ours_beside_it_that_no_provider_would_take(String mark) {
        assertThat(Seal.isIn(("{\"signature\":\"" + mark + "\"}").getBytes(StandardCharsets.UTF_8)))
                .isTrue();
        assertThat(Seal.isOurs(mark)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sc1", "sc1-", "about sc1-model and sc1-geminis", "SC1-gemini-"})
    void is_not_seen_in_what_people_write(String text) {
        assertThat(Seal.isIn(text.getBytes(StandardCharsets.UTF_8))).isFalse();
    }

    @Test
    void is_in_nothing_that_was_recorded() {
        Map.of("openai", "responses", "anthropic", "messages", "groq", "chat-completions")
                .forEach((provider, endpoint) -> assertThat(WireRecording.of(provider, endpoint))
                        .noneMatch(exchange -> Seal.isIn(Json.bytes(exchange.request()))));
    }

    @Test
    void prints_nothing_of_what_it_holds() {
        assertThat(new Seal(Dialect.GEMINI, "thought", "secret")).asString().doesNotContain("secret");
    }
}
