package com.smashcost.routing.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.catalog.entity.Tier;
import com.smashcost.routing.control.Asked;
import com.smashcost.routing.control.Classification;
import com.smashcost.routing.control.Classifier;
import com.smashcost.routing.control.RoutingMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ArtefactTest {

    private static final Path MODULE = Path.of("").toAbsolutePath();
    private static final int WINDOW = 12;

    @Test
    void it_is_small_and_is_the_one_that_was_trained() throws IOException {
        byte[] artefact = Files.readAllBytes(MODULE.resolve(Train.ARTEFACT));
        String expected = Files.readString(MODULE.resolve(Train.ARTEFACT + ".sha256"));

        assertThat(artefact).hasSizeLessThan(8_000_000);
        assertThat(Train.checksum(artefact)).isEqualTo(expected.strip());
    }

    @Test
    void it_holds_no_text_of_any_prompt() throws IOException {
        String artefact = new String(Files.readAllBytes(MODULE.resolve(Train.ARTEFACT)), StandardCharsets.ISO_8859_1);
        Corpus corpus = Corpus.read(MODULE.resolve("src/test/routing"));
        Set<String> windows = new HashSet<>();
        Stream.concat(corpus.routing().stream(), corpus.tasks().stream())
                .map(sample -> new String(
                        sample.asked().instruction().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1))
                .forEach(text -> {
                    for (int at = 0; at + WINDOW <= text.length(); at += WINDOW) {
                        windows.add(text.substring(at, at + WINDOW));
                    }
                });

        assertThat(windows).hasSizeGreaterThan(100_000);
        for (int at = 0; at + WINDOW <= artefact.length(); at++) {
            assertThat(windows.contains(artefact.substring(at, at + WINDOW)))
                    .as("bytes at %s", at)
                    .isFalse();
        }
    }

    @Test
    void pasted_filler_rarely_changes_the_tier() throws IOException {
        List<Sample> samples = Corpus.read(MODULE.resolve("src/test/routing")).routing().stream()
                .filter(sample -> sample.val() && sample.asked().characters() < 600)
                .limit(300)
                .toList();
        Classifier classifier = Classifier.shipped();
        int changed = 0;
        int all = 0;
        for (Filler.Kind kind : Filler.Kind.values()) {
            for (int at = 0; at < samples.size(); at++) {
                Asked plain = samples.get(at).asked();
                Asked padded = Trainer.padded(plain.instruction(), kind, at);
                all++;
                changed += tier(classifier.classify(plain)) == tier(classifier.classify(padded)) ? 0 : 1;
            }
        }

        assertThat((double) changed / all).isLessThan(0.05);
    }

    private static Tier tier(Classification found) {
        for (Tier tier : Tier.values()) {
            if (found.retained(Tier.large, tier) >= RoutingMode.balanced.target()) {
                return tier;
            }
        }
        return Tier.large;
    }

    @Test
    @Tag("long")
    void training_again_gives_the_same_bytes() throws IOException {
        assertThat(Train.checksum(Train.artefact(MODULE)))
                .isEqualTo(Files.readString(MODULE.resolve(Train.ARTEFACT + ".sha256"))
                        .strip());
    }
}
