package com.smashcost.routing.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.smashcost.catalog.entity.Tier;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassifierTest {

    private static final Classifier CLASSIFIER = Classifier.shipped();

    private static final List<String> PROMPTS = List.of(
            "What is the capital of Mongolia?",
            "Prove that the square root of 2 is irrational and derive a bound on its rational approximations.",
            "Translate into German: The delivery is late.",
            "Which of the following is a noble gas?\nA. Oxygen\nB. Neon\nC. Nitrogen\nD. Chlorine",
            "Write a Python function that merges two sorted lists.",
            "thanks!");

    @Test
    void the_same_request_is_always_classified_the_same() {
        for (String prompt : PROMPTS) {
            Classification first = CLASSIFIER.classify(Asked.of(prompt));
            Classification second = CLASSIFIER.classify(Asked.of(prompt));

            assertThat(second.task()).isEqualTo(first.task());
            assertThat(second.score()).isEqualTo(first.score());
            assertThat(second.right()).isEqualTo(first.right());
            assertThat(Arrays.deepToString(second.retained())).isEqualTo(Arrays.deepToString(first.retained()));
            assertThat(second.familiar()).isEqualTo(first.familiar());
        }
    }

    @Property(tries = 300)
    void any_text_gives_probabilities_that_never_fall_with_the_tier(@ForAll String prompt) {
        Classification found = CLASSIFIER.classify(Asked.of(prompt));

        assertThat(found.score()).isBetween(0.0, 1.0);
        assertThat(found.right()).isSorted();
        assertThat(Arrays.stream(found.right())).allMatch(right -> right >= 0 && right <= 1);
    }

    @Property(tries = 300)
    void retention_is_1_for_the_same_tier_and_falls_with_the_distance(
            @ForAll String prompt, @ForAll @IntRange(min = 0, max = 3) int asked) {
        double[] retained = CLASSIFIER.classify(Asked.of(prompt)).retained()[asked];

        assertThat(retained).isSorted();
        assertThat(Arrays.copyOfRange(retained, asked, 4)).containsOnly(1);
    }

    @Test
    void a_higher_target_moves_fewer_requests() {
        for (Tier asked : Tier.values()) {
            for (Tier candidate : Tier.values()) {
                long quality = moved(asked, candidate, RoutingMode.quality);
                long balanced = moved(asked, candidate, RoutingMode.balanced);
                long savings = moved(asked, candidate, RoutingMode.savings);

                assertThat(quality).isLessThanOrEqualTo(balanced);
                assertThat(balanced).isLessThanOrEqualTo(savings);
            }
        }
    }

    private static long moved(Tier asked, Tier candidate, RoutingMode mode) {
        return PROMPTS.stream()
                .filter(prompt -> CLASSIFIER.classify(Asked.of(prompt)).retained(asked, candidate) >= mode.target())
                .count();
    }

    @Test
    void ten_million_characters_take_no_longer_than_the_excerpt() {
        Asked asked = Asked.of("a b, c? ".repeat(1_300_000));

        Assertions.assertTimeout(Duration.ofSeconds(2), () -> {
            for (int round = 0; round < 50; round++) {
                CLASSIFIER.classify(asked);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\n\n\n",
                "\ud800",
                "\udc00\ud800 x",
                "\u0000\uffff",
                "????????",
                "\u0301\u0301\u0301",
                "\ud83d\ude00\ud83d\ude00",
                "````````"
            })
    void odd_text_is_classified_too(String prompt) {
        assertThatCode(() -> CLASSIFIER.classify(Asked.of(prompt))).doesNotThrowAnyException();
        assertThatCode(() -> CLASSIFIER.classify(Asked.of(prompt.repeat(2000)))).doesNotThrowAnyException();
    }

    @Test
    void text_in_no_known_language_is_unfamiliar() {
        String prompt = "\u12a0\u121b\u122d\u129b \u1290\u12cd \u12e8\u121a\u1293\u1308\u1229\u1275 ".repeat(6);

        assertThat(CLASSIFIER.classify(Asked.of(prompt)).familiar()).isFalse();
    }

    @Test
    void nothing_of_the_prompt_is_printed() {
        assertThat(CLASSIFIER.classify(Asked.of("Xylophone tuning")).toString()).doesNotContain("Xylophone");
    }
}
