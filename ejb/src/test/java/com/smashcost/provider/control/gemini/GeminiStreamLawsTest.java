package com.smashcost.provider.control.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class GeminiStreamLawsTest {

    private static final List<GeminiTraffic.Streamed> STREAMS = GeminiTraffic.streams();

    @Property(tries = 400)
    void tells_the_same_however_the_network_cuts_it(
            @ForAll("streams") GeminiTraffic.Streamed stream,
            @ForAll @Size(max = 40) List<@IntRange(max = 1_000_000) Integer> places) {
        int[] cuts = places.stream()
                .mapToInt(place -> place % stream.bytes().length)
                .sorted()
                .toArray();
        assertThat(GeminiTraffic.read(stream.bytes(), GeminiTraffic.conversation(), cuts))
                .isEqualTo(GeminiTraffic.read(stream.bytes(), GeminiTraffic.conversation()));
    }

    @Provide
    Arbitrary<GeminiTraffic.Streamed> streams() {
        return Arbitraries.of(STREAMS);
    }
}
