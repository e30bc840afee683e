package com.smashcost.provider.control.anthropic;

import com.smashcost.provider.control.SseEvent;
import com.smashcost.provider.control.SseFrames;
import com.smashcost.provider.control.WireRecording;
import com.smashcost.provider.control.conversation.AnswerFrame;
import com.smashcost.provider.control.conversation.EventReader;
import com.smashcost.provider.control.conversation.StreamEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** All answers in the dialect that were recorded, or kept by makers of clients. */
final class Answers {

    private static final Path WIRE = WireRecording.wire();

    private Answers() {}

    /** @param name where it is kept */
    record Answer(String name, byte[] bytes) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** All exchanges with the provider. */
    static List<WireRecording> recordings() {
        return WireRecording.of("anthropic", "messages");
    }

    /** Answers that came whole and well. */
    static List<Answer> wholes() {
        List<Answer> answers = new ArrayList<>(recordings().stream()
                .filter(recording -> !recording.streamed() && recording.status() == 200)
                .map(recording -> new Answer(recording.name(), recording.body()))
                .toList());
        answers.addAll(fixtures(".json"));
        return answers;
    }

    /** Streams that ended well; {@code spliced-message-start} does not, and has a test of its own. */
    static List<Answer> streams() {
        List<Answer> answers = new ArrayList<>(recordings().stream()
                .filter(WireRecording::streamed)
                .map(recording -> new Answer(recording.name(), recording.body()))
                .toList());
        for (Answer fixture : fixtures(".chunks.txt")) {
            if (!fixture.name().startsWith("spliced")) {
                int part = 0;
                for (String stream : messages(fixture)) {
                    answers.add(new Answer(fixture.name() + " " + ++part, framed(bytes(stream))));
                }
            }
        }
        return answers;
    }

    /** The streams in a fixture, of which some hold those of several steps one after the other. */
    private static List<String> messages(Answer fixture) {
        return List.of(
                new String(fixture.bytes(), StandardCharsets.UTF_8).split("(?<=\n)(?=\\{\"type\":\"message_start\")"));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static Answer fixture(String name) {
        return fixtures(name).get(0);
    }

    /** Events of a fixture that holds one payload per line. */
    static byte[] framed(byte[] lines) {
        StringBuilder stream = new StringBuilder();
        new String(lines, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .forEach(line -> stream.append("event: ")
                        .append(Told.tree(line).get("type").asText())
                        .append("\ndata: ")
                        .append(line)
                        .append("\n\n"));
        return stream.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** What a reader understands of a stream that is cut at these places. */
    static List<StreamEvent> read(EventReader reader, byte[] stream, int... cuts) {
        List<StreamEvent> events = new ArrayList<>();
        for (SseEvent event : frames(stream, cuts)) {
            events.addAll(reader.read(event));
        }
        events.addAll(reader.end());
        return events;
    }

    static List<SseEvent> frames(byte[] stream, int... cuts) {
        List<SseEvent> events = new ArrayList<>();
        SseFrames frames = new SseFrames();
        SseFrames.Sink sink = new SseFrames.Sink() {
            @Override
            public boolean event(byte[] buffer, int from, int to) {
                SseEvent.in(buffer, from, to).ifPresent(events::add);
                return true;
            }

            @Override
            public void oversized(byte[] buffer, int from, int to) {
                throw new IllegalStateException("too large for a recording");
            }
        };
        try {
            int from = 0;
            for (int cut : cuts) {
                if (cut > from && cut < stream.length) {
                    frames.accept(stream, from, cut - from, sink);
                    from = cut;
                }
            }
            frames.accept(stream, from, stream.length - from, sink);
            frames.close(sink);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return events;
    }

    /** What a client gets of these events, to the end. */
    static byte[] write(AnthropicStream.Writer writer, List<StreamEvent> events) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            for (StreamEvent event : events) {
                writer.write(event, out);
            }
            writer.end(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** For an answer to a client of the dialect that asked for thoughts. */
    static AnswerFrame frame() {
        return frame(",\"thinking\":{\"type\":\"adaptive\"}");
    }

    /** For an answer to a client that asked with these members besides. */
    static AnswerFrame frame(String members) {
        return new AnswerFrame(
                "0190-abc",
                1_700_000_000,
                "claude-test",
                AnthropicRequest.read(Told.object(
                        "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]"
                                + members + "}")));
    }

    private static List<Answer> fixtures(String ending) {
        Path folder = WIRE.resolve("sdk-fixtures/anthropic/messages");
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .map(Answers::fixture)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Answer fixture(Path file) {
        try {
            return new Answer(String.valueOf(file.getFileName()), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
