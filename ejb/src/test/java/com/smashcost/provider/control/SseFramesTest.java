package com.smashcost.provider.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The framing cases say for themselves which events they hold. */
class SseFramesTest {

    static List<Path> cases() throws IOException {
        try (Stream<Path> files = Files.list(WireRecording.wire().resolve("sse-framing"))) {
            return files.filter(file -> file.toString().endsWith(".sse"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void holds_the_events_that_the_case_says_it_holds_however_it_is_cut(Path file) throws IOException {
        Path told = file.resolveSibling(file.getFileName().toString().replace(".sse", ".expected.json"));
        List<String> expected = new ArrayList<>();
        for (JsonNode event : Json.read(Files.readAllBytes(told)).orElseThrow().path("expected_events")) {
            expected.add(event.path("event").asText() + " " + event.path("data").asText());
        }
        byte[] bytes = Files.readAllBytes(file);
        for (int piece : new int[] {bytes.length, 1, 3, 7}) {
            assertThat(events(bytes, piece)).as("in pieces of " + piece).isEqualTo(expected);
        }
    }

    private static List<String> events(byte[] bytes, int piece) throws IOException {
        List<String> events = new ArrayList<>();
        SseFrames.Sink sink = new SseFrames.Sink() {
            @Override
            public boolean event(byte[] buffer, int from, int to) {
                SseEvent.in(buffer, from, to)
                        .ifPresent(event -> events.add((event.name() == null ? "message" : event.name()) + " "
                                + new String(event.data(), StandardCharsets.UTF_8)));
                return true;
            }

            @Override
            public void oversized(byte[] buffer, int from, int to) {
                throw new AssertionError("no case has such an event");
            }
        };
        SseFrames frames = new SseFrames();
        for (int from = 0; from < bytes.length; from += piece) {
            int count = Math.min(piece, bytes.length - from);
            byte[] part = new byte[count];
            System.arraycopy(bytes, from, part, 0, count);
            frames.accept(part, 0, count, sink);
        }
        return events; // by the standard; what lacks its empty line is handed over when the stream is closed
    }
}
