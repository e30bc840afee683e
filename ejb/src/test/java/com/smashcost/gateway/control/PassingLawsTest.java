package com.smashcost.gateway.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.provider.control.Events;
import com.smashcost.provider.control.Recordings;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

@Tag("G40")
class PassingLawsTest {

    private static final List<Recordings.Streamed> STREAMS = Recordings.allStreams();

    @Property(tries = 500)
    void is_the_same_however_it_is_cut(
            @ForAll("streams") Recordings.Streamed stream,
            @ForAll @Size(max = 40) List<@IntRange(max = 1_000_000) Integer> places,
            @ForAll boolean withhold) {
        PassingTest.assertSame(
                PassingTest.watch(stream.bytes(), withhold, cuts(places, stream.bytes().length)),
                PassingTest.watch(stream.bytes(), withhold));
    }

    @Property(tries = 150)
    void is_the_same_with_any_line_ends_however_it_is_cut(
            @ForAll("streams") Recordings.Streamed stream,
            @ForAll("lineEnds") String lineEnd,
            @ForAll @Size(max = 40) List<@IntRange(max = 1_000_000) Integer> places) {
        byte[] bytes = new String(stream.bytes(), StandardCharsets.ISO_8859_1)
                .replaceAll("\r\n|\r|\n", lineEnd)
                .getBytes(StandardCharsets.ISO_8859_1);
        PassingTest.Seen cut = PassingTest.watch(bytes, true, cuts(places, bytes.length));
        PassingTest.assertSame(cut, PassingTest.watch(bytes, true));
        assertThat(cut.sent()).isEqualTo(new String(Events.forClient(bytes, true), StandardCharsets.ISO_8859_1));
    }

    @Property
    void passes_on_any_lines_that_are_no_chunks(
            @ForAll @Size(max = 12) List<@From("lines") String> lines,
            @ForAll @Size(max = 10) List<@IntRange(max = 1_000_000) Integer> places) {
        byte[] bytes = String.join("", lines).getBytes(StandardCharsets.ISO_8859_1);
        PassingTest.Seen seen = PassingTest.watch(bytes, true, cuts(places, bytes.length));
        assertThat(seen.sent()).isEqualTo(String.join("", lines));
        assertThat(seen.end()).isNull();
    }

    @Provide
    Arbitrary<Recordings.Streamed> streams() {
        return Arbitraries.of(STREAMS);
    }

    @Provide
    Arbitrary<String> lineEnds() {
        return Arbitraries.of("\n", "\r\n", "\r");
    }

    @Provide
    Arbitrary<String> lines() {
        return Arbitraries.of(
                        "",
                        ": comment",
                        "event: x",
                        "id",
                        "foo: bar",
                        "data",
                        "retry: 3",
                        "Ã¼",
                        "\u00EF\u00BB\u00BF: x")
                .flatMap(line -> lineEnds().map(end -> line + end));
    }

    private static int[] cuts(List<Integer> places, int length) {
        return places.stream()
                .mapToInt(place -> length == 0 ? 0 : place % (length + 1))
                .sorted()
                .toArray();
    }
}
