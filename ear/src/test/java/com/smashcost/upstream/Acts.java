package com.smashcost.upstream;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** What providers do, and what they should not do. */
public final class Acts {

    private static final Map<String, String> JSON = Map.of("content-type", "application/json");
    private static final Map<String, String> EVENTS = Map.of("content-type", "text/event-stream; charset=utf-8");

    private Acts() {}

    /** Answers as it was recorded; a stream arrives event by event. */
    public static Act replay(Recording recording) {
        return replay(recording, Duration.ZERO);
    }

    /** Answers as it was recorded, with a pause before each event of a stream. */
    public static Act replay(Recording recording, Duration pause) {
        if (!recording.headers().getOrDefault("content-type", "").startsWith("text/event-stream")) {
            return line -> line.answer(recording.status(), recording.headers(), recording.body());
        }
        return line -> {
            line.begin(recording.status(), recording.headers());
            for (byte[] event : recording.events()) {
                Thread.sleep(pause);
                line.send(event);
            }
            line.end();
        };
    }

    /** Answers a stream as it was recorded, each event when the test allows it. */
    public static Act replayStepByStep(Recording recording) {
        return line -> {
            line.begin(recording.status(), recording.headers());
            for (byte[] event : recording.events()) {
                line.scene().awaitAllowed();
                line.send(event);
            }
            line.end();
        };
    }

    /** Sends so many events of the recording, then closes the connection as if the provider had died. */
    public static Act breakOffAfter(int events, Recording recording) {
        return line -> {
            line.begin(recording.status(), recording.headers());
            for (byte[] event : recording.events().subList(0, events)) {
                line.send(event);
            }
        };
    }

    /** Answers with these bytes. */
    public static Act answer(int status, String contentType, byte[] body) {
        return line -> line.answer(status, Map.of("content-type", contentType), body);
    }

    /** Answers with this JSON. */
    public static Act answer(int status, String json) {
        return answer(status, "application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    /** Accepts the request and never answers. */
    public static Act silence() {
        return line -> new CountDownLatch(1).await();
    }

    /** Sends the head of a stream, and nothing after it. */
    public static Act headOnly() {
        return line -> {
            line.begin(200, EVENTS);
            new CountDownLatch(1).await();
        };
    }

    /** Closes the connection without a byte of answer. */
    public static Act hangUp() {
        return line -> {};
    }

    /** Resets the connection without a byte of answer. */
    public static Act reset() {
        return Line::reset;
    }

    /** Sends what is not HTTP. */
    public static Act noise() {
        return line -> line.raw(
                "\u0016\u0003 this is no HTTP at all \u0000\u0001\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Announces more bytes than it sends. */
    public static Act cutShort() {
        return line -> line.raw(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 5000\r\n\r\n{\"id\":\"chatcmpl-1\""
                        .getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Streams a word after each pause until the caller leaves. */
    public static Act endless(Duration pause) {
        return line -> {
            line.begin(200, EVENTS);
            while (true) {
                line.send(chunk("word "));
                Thread.sleep(pause);
            }
        };
    }

    /** A short completion, streamed if the request says so. */
    public static Act smallTalk() {
        return smallTalk(1, Duration.ZERO);
    }

    /** A completion of so many words with a pause before each, streamed if the request says so. */
    public static Act smallTalk(int words, Duration pause) {
        return line -> {
            if (line.request().json().path("stream").asBoolean()) {
                line.begin(200, EVENTS);
                for (int i = 0; i < words; i++) {
                    Thread.sleep(pause);
                    line.send(chunk("word "));
                }
                line.send(event("""
                        {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,\
                        "delta":{},"finish_reason":"stop"}]}"""));
                line.send(event("""
                        {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[],\
                        "usage":%s}""".formatted(usage(words))));
                line.send("data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII));
                line.end();
            } else {
                Thread.sleep(pause.multipliedBy(words));
                line.answer(200, JSON, """
                        {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,\
                        "message":{"role":"assistant","content":"%s"},"finish_reason":"stop"}],"usage":%s}""".formatted("word ".repeat(words), usage(words))
                        .getBytes(StandardCharsets.UTF_8));
            }
        };
    }

    private static byte[] chunk(String content) {
        return event("""
                {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,\
                "delta":{"content":"%s"},"finish_reason":null}]}""".formatted(content));
    }

    private static String usage(int words) {
        return "{\"prompt_tokens\":11,\"completion_tokens\":" + words + ",\"total_tokens\":" + (11 + words) + "}";
    }

    private static byte[] event(String data) {
        return ("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
    }
}
