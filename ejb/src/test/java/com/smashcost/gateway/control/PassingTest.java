package com.smashcost.gateway.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.Events;
import com.smashcost.provider.control.Recordings;
import com.smashcost.provider.control.openai.OpenAiStream;
import com.smashcost.provider.control.openai.OpenAiUsageTest;
import com.smashcost.provider.entity.Usage;
import jakarta.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("G40")
class PassingTest {

    private static final String TEXT = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n";
    private static final String FINISH =
            "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    private static final String USAGE =
            "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}\n\n";
    private static final String DONE = "data: [DONE]\n\n";

    /** What became of a stream. */
    @SuppressWarnings("ArrayRecordComponent")
    record Seen(
            StreamPath.Passing stream,
            String sent,
            @Nullable String end) {

        /** Whether an error that follows has to end the last event first. */
        boolean leftOpen() {
            ByteArrayOutputStream client = new ByteArrayOutputStream();
            try {
                stream.fail(502, "x", "x", client);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return client.toString(StandardCharsets.UTF_8).startsWith("\n\n");
        }
    }

    static List<Recordings.Streamed> recorded() {
        return Recordings.streams();
    }

    static List<Recordings.Streamed> all() {
        return Recordings.allStreams();
    }

    @ParameterizedTest
    @MethodSource("all")
    void goes_on_byte_by_byte_as_it_came_but_for_usage_and_end_mark(Recordings.Streamed stream) {
        for (boolean withhold : new boolean[] {false, true}) {
            assertThat(watch(stream.bytes(), withhold).sent())
                    .isEqualTo(latin(Events.forClient(stream.bytes(), withhold)));
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void is_the_same_when_it_comes_one_byte_at_a_time(Recordings.Streamed stream) {
        for (boolean withhold : new boolean[] {false, true}) {
            assertSame(watchEach(stream.bytes(), withhold), watch(stream.bytes(), withhold));
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void is_the_same_when_it_comes_in_two_parts_however_it_is_cut(Recordings.Streamed stream) {
        byte[] bytes = stream.bytes();
        Seen whole = watch(bytes, true);
        int step = Math.max(1, bytes.length / 300);
        for (int cut = 0; cut <= bytes.length; cut += step) {
            assertSame(watch(bytes, true, cut), whole);
        }
    }

    @Test
    void is_the_same_when_it_is_cut_where_it_hurts() {
        List<JsonObject> plans = Recordings.splitPlans();
        assertThat(plans).hasSizeGreaterThanOrEqualTo(7);
        for (JsonObject plan : plans) {
            byte[] bytes = Recordings.stream(plan.getString("file")).bytes();
            assertThat(bytes).as(plan.getString("file")).hasSize(plan.getInt("bytes"));
            assertSame(watch(bytes, true, Recordings.offsets(plan)), watch(bytes, true));
        }
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void has_the_usage_that_its_tree_has(Recordings.Streamed stream) {
        Usage expected = OpenAiUsageTest.expected(Events.usage(stream.bytes()).orElse(null));
        assertThat(watch(stream.bytes(), true).stream().report().usage()).isEqualTo(expected);
        assertThat(watch(stream.bytes(), false).stream().report().usage()).isEqualTo(expected);
    }

    @Test
    void has_a_usage_in_most_recordings() {
        assertThat(recorded().stream()
                        .filter(stream -> watch(stream.bytes(), true).stream()
                                .report()
                                .usage()
                                .isKnown())
                        .count())
                .isGreaterThan(20);
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void has_ended_well_unless_its_provider_said_otherwise(Recordings.Streamed stream) {
        Seen seen = watch(stream.bytes(), true);
        boolean error = Events.of(stream.bytes()).stream().anyMatch(Events.Event::isError);
        assertThat(seen.stream().error() != null).isEqualTo(error);
        assertThat(seen.stream().isComplete()).isEqualTo(!error);
        assertThat(seen.end() != null).isEqualTo(!error);
        assertThat(seen.stream().hasStarted()).isTrue();
    }

    @Test
    void withholds_the_chunk_that_is_nothing_but_usage_and_no_other() {
        Seen seen = watch(TEXT + FINISH + USAGE + DONE, true);
        assertThat(seen.sent()).isEqualTo(TEXT + FINISH);
        assertThat(seen.end()).isEqualTo(DONE);
        assertThat(seen.stream().report().usage()).isEqualTo(new Usage(3L, null, null, null, 4L, null, null, null));
        assertThat(watch(TEXT + FINISH + USAGE + DONE, false).sent()).isEqualTo(TEXT + FINISH + USAGE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"choices\":[{\"index\":0,\"delta\":{}}],\"usage\":{\"prompt_tokens\":1}}",
                "{\"usage\":{\"prompt_tokens\":1},\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"}}]}",
                "{\"x\":{\"choices\":[]},\"usage\":{\"prompt_tokens\":1},\"choices\":[{\"index\":0}]}",
                "{\"choices\":[],\"usage\":null,\"prompt_filter_results\":[]}",
                "{\"choices\":[],\"moderation\":{\"flagged\":false}}",
                "{\"choices\":[{\"delta\":{\"content\":\"\\\"usage\\\":{\\\"prompt_tokens\\\":1},\\\"choices\\\":[]\"}}]}",
                "{\"choices\":[{\"delta\":{\"content\":\"[DONE]\"}}]}",
                "\"[DONE]\"",
                "[]",
                "not json at all"
            })
    void never_withholds_a_chunk_with_choices_or_one_that_it_does_not_understand(String data) {
        assertThat(watch("data: " + data + "\n\n", true).sent()).isEqualTo("data: " + data + "\n\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}",
                "{\"usage\":{\"completion_tokens\":4,\"prompt_tokens\":3},\"choices\":[]}",
                "{ \"choices\" : [ ] , \"usage\" : { \"prompt_tokens\" : 3 , \"completion_tokens\" : 4 } }",
                "{\t\"choices\"\t:\t[\t]\t,\t\"usage\"\t:\t{\t\"prompt_tokens\"\t:\t3,\"completion_tokens\":4}}",
                "{\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4},\"x\":{\"choices\":[1]}}"
            })
    void withholds_a_usage_chunk_however_it_is_written(String data) {
        Seen seen = watch(TEXT + "data: " + data + "\n\n" + DONE, true);
        assertThat(seen.sent()).isEqualTo(TEXT);
        assertThat(seen.stream().report().usage().output()).isEqualTo(4L);
    }

    @Test
    void takes_the_last_of_several_usages_and_does_not_add_them() {
        Seen seen = watch(
                USAGE + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":30,\"completion_tokens\":40}}\n\n" + DONE,
                true);
        assertThat(seen.stream().report().usage().input()).isEqualTo(30L);
        assertThat(seen.sent()).isEmpty();
    }

    @Test
    void keeps_the_service_tier_of_the_answer() {
        assertThat(
                        watch(
                                        "data: {\"choices\":[],\"service_tier\":\"flex\",\"usage\":{\"prompt_tokens\":1}}\n\n",
                                        true)
                                .stream()
                                .report()
                                .serviceTier())
                .isEqualTo("flex");
        assertThat(watch(USAGE, true).stream().report().serviceTier()).isNull();
    }

    @Test
    void sees_the_error_that_groq_sends_in_the_middle() {
        String error = "event: error\ndata: {\"error\":{\"message\":\"Failed to call a function.\",\"type\":"
                + "\"invalid_request_error\",\"code\":\"tool_use_failed\",\"failed_generation\":\"\\\"choices\\\":[]\","
                + "\"status_code\":400}}\n\n";
        Seen seen = watch(TEXT + error, true);
        assertThat(seen.sent()).isEqualTo(TEXT + error);
        assertThat(seen.stream().error() != null).isTrue();
        assertThat(seen.stream().isComplete()).isFalse();
    }

    @Test
    void sees_the_error_of_an_overloaded_server() {
        Seen seen = watch(
                Recordings.stream("reported-errors/openai/stream-error-server-is-overloaded.sse")
                        .bytes(),
                true);
        assertThat(seen.stream().error() != null).isTrue();
        assertThat(seen.stream().isComplete()).isFalse();
    }

    @Test
    void takes_no_talk_of_errors_for_one() {
        String talk = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"{\\\"error\\\":{}}\"}}]}\n\n";
        assertThat(watch(talk + FINISH, true).stream().isComplete()).isTrue();
    }

    @Test
    void is_not_complete_without_end_mark_and_finish_reason() {
        assertThat(watch(TEXT, true).stream().isComplete()).isFalse();
        assertThat(watch("", true).stream().isComplete()).isFalse();
        assertThat(watch("", true).stream().hasStarted()).isFalse();
        assertThat(watch(": keep-alive\n\n", true).stream().hasStarted()).isFalse();
        assertThat(watch(TEXT + FINISH, true).stream().isComplete()).isTrue();
        assertThat(watch(TEXT + DONE, true).stream().isComplete()).isTrue();
    }

    @Test
    void takes_no_talk_of_a_finish_for_one() {
        String talk = "data: {\"choices\":[{\"delta\":{\"content\":\"\\\"finish_reason\\\":\\\"stop\\\"\"},"
                + "\"finish_reason\":null}]}\n\n";
        assertThat(watch(talk, true).stream().isComplete()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"data: [DONE]", "data: [DONE]\n", "data: [DONE]\n\n", "data:[DONE]\n\n", "data: [DONE]\r\n\r\n"})
    void ends_with_its_mark_even_if_that_is_cut_short(String mark) {
        Seen seen = watch(TEXT + mark, true);
        assertThat(seen.sent()).isEqualTo(TEXT);
        assertThat(seen.end()).isEqualTo(mark);
        assertThat(seen.stream().isComplete()).isTrue();
        Seen slow = watchEach((TEXT + mark).getBytes(StandardCharsets.ISO_8859_1), true);
        assertThat(slow.end()).isEqualTo(mark);
    }

    @Test
    void sends_nothing_that_follows_the_end_mark() {
        assertThat(watch(TEXT + DONE + TEXT + ": more\n\n", true).sent()).isEqualTo(TEXT);
    }

    @Test
    void sends_an_event_as_soon_as_it_is_complete_and_not_before() throws IOException {
        ByteArrayOutputStream client = new ByteArrayOutputStream();
        StreamPath.Passing stream = path(true);
        byte[] bytes = TEXT.getBytes(StandardCharsets.US_ASCII);
        assertThat(stream.accept(bytes, bytes.length - 1, client)).isFalse();
        assertThat(client.size()).isZero();
        assertThat(stream.accept(new byte[] {bytes[bytes.length - 1]}, 1, client))
                .isTrue();
        assertThat(client.size()).isEqualTo(bytes.length);
        assertThat(stream.accept(": keep-alive\n\n".getBytes(StandardCharsets.US_ASCII), 14, client))
                .isTrue();
    }

    @Test
    void drops_an_event_that_was_cut_in_the_middle_of_its_json() {
        Seen seen = watch(TEXT + "data: {\"choices\":[{\"index\":0,\"del", true);
        assertThat(seen.sent()).isEqualTo(TEXT);
        assertThat(seen.stream().isComplete()).isFalse();
    }

    @Test
    void says_when_its_last_event_lacks_its_empty_line() {
        assertThat(watch(TEXT, true).leftOpen()).isFalse();
        assertThat(watch(TEXT.strip(), true).leftOpen()).isTrue();
        assertThat(watch(TEXT + ": keep-al", true).leftOpen()).isTrue();
    }

    @Test
    void lets_an_event_pass_unread_that_is_too_large_to_hold() {
        byte[] huge = ("data: {\"choices\":[{\"delta\":{\"content\":\"" + "a".repeat(9 * 1024 * 1024) + "\"}}]}\n\n"
                        + USAGE + DONE)
                .getBytes(StandardCharsets.US_ASCII);
        Seen seen = watch(huge, true, cuts(huge.length, 16 * 1024));
        assertThat(seen.sent().length()).isEqualTo(huge.length - USAGE.length() - DONE.length());
        assertThat(seen.end()).isEqualTo(DONE);
        assertThat(seen.stream().report().usage().input()).isEqualTo(3L);
    }

    static void assertSame(Seen seen, Seen expected) {
        assertThat(seen.sent()).isEqualTo(expected.sent());
        assertThat(seen.end()).isEqualTo(expected.end());
        assertThat(seen.stream().report().usage())
                .isEqualTo(expected.stream().report().usage());
        assertThat(seen.stream().report().serviceTier())
                .isEqualTo(expected.stream().report().serviceTier());
        assertThat(seen.stream().error() != null).isEqualTo(expected.stream().error() != null);
        assertThat(seen.stream().isComplete()).isEqualTo(expected.stream().isComplete());
        assertThat(seen.leftOpen()).isEqualTo(expected.leftOpen());
    }

    private static Seen watch(String stream, boolean withhold) {
        return watch(stream.getBytes(StandardCharsets.ISO_8859_1), withhold);
    }

    private static Seen watchEach(byte[] stream, boolean withhold) {
        return watch(stream, withhold, cuts(stream.length, 1));
    }

    /** Gives a watch the stream in pieces, as the gateway does: until the end mark, then no more. */
    static Seen watch(byte[] bytes, boolean withhold, int... cuts) {
        List<Integer> ends = new ArrayList<>();
        for (int cut : cuts) {
            ends.add(cut);
        }
        ends.add(bytes.length);
        ByteArrayOutputStream client = new ByteArrayOutputStream();
        StreamPath.Passing stream = path(withhold);
        try {
            int from = 0;
            for (int to : ends) {
                if (!stream.hasEnded()) {
                    stream.accept(Arrays.copyOfRange(bytes, from, to), to - from, client);
                }
                from = to;
            }
            if (!stream.hasEnded()) {
                stream.close(client);
            }
            ByteArrayOutputStream end = new ByteArrayOutputStream();
            stream.end(end);
            return new Seen(stream, latin(client.toByteArray()), end.size() == 0 ? null : latin(end.toByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static StreamPath.Passing path(boolean withhold) {
        return new StreamPath.Passing(Dialect.OPENAI_CHAT, "id", new OpenAiStream.Watch(withhold));
    }

    private static int[] cuts(int length, int each) {
        int[] cuts = new int[Math.max(0, (length - 1) / each)];
        for (int i = 0; i < cuts.length; i++) {
            cuts[i] = (i + 1) * each;
        }
        return cuts;
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
