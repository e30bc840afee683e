package com.smashcost.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.smashcost.installation.Customer;
import com.smashcost.installation.Installation;
import com.smashcost.upstream.Scene;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One turn of each coding agent on what was recorded; {@code src/test/node/agents.md} says what they need. */
@Tag("long")
class AgentsIT {

    private static final Customer CUSTOMER = Installation.running().admin().newCustomerOfAllProviders();

    private final Installation installation = Installation.running();

    @Test
    void codex_completes_a_turn() throws Exception {
        turn("codex", "gpt-5.2", Exchange.of("recorded/openai/responses/system.gpt-5.2.stream"));
    }

    @Test
    void claude_code_completes_a_turn() throws Exception {
        turn(
                "claude",
                "claude-sonnet-4-5",
                Exchange.of("recorded/anthropic/messages/tool-result-turn-system.claude-sonnet-4-20250514.stream"));
    }

    @Test
    void claude_code_completes_a_turn_of_a_model_of_openai() throws Exception {
        turn("claude", "gpt-5.2", Exchange.of("recorded/openai/responses/system.gpt-5.2.stream"));
    }

    @Test
    void claude_code_completes_a_turn_of_a_model_of_google() throws Exception {
        turn(
                "claude",
                "gemini-2.5-flash",
                Exchange.of("recorded/gemini/streamGenerateContent/plain.gemini-2.5-flash.stream"));
    }

    private void turn(String agent, String model, Exchange exchange) throws Exception {
        assumeThat(Arrays.stream(System.getenv("PATH").split(":"))
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, agent))))
                .as(agent + " is not on the PATH; see src/test/node/agents.md")
                .isTrue();
        Scene scene = installation.upstream().scene(exchange.act());
        Path scripts = Path.of(System.getProperty("smashcost.target"), "..", "src", "test", "node")
                .normalize();

        String printed = Node.run(
                scripts,
                "node",
                "agents.mjs",
                agent,
                installation.origin().toString(),
                CUSTOMER.key().text(),
                model,
                "Answer briefly " + scene.marker());

        Path transcript = Path.of(System.getProperty("smashcost.target"), "agent-" + agent + "-" + model + ".txt");
        Files.writeString(transcript, printed);
        String text = exchange.facts().text().strip();
        assertThat(printed.replaceAll("\\s+|\\\\[nu]", ""))
                .as("see " + transcript)
                .contains(text.substring(0, Math.min(40, text.length())).replaceAll("\\s+", ""));
        assertThat(scene.requests()).isNotEmpty();
    }
}
