package com.smashcost.access.control;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;

@Tag("G16")
class KeyTextLawsTest {

    @Property
    void with_any_single_character_changed_is_none(@ForAll @IntRange(max = 46) int place, @ForAll char other) {
        String text = KeyText.mint().reveal();
        if (text.charAt(place) != other) {
            assertThat(KeyText.parse(text.substring(0, place) + other + text.substring(place + 1)))
                    .isEmpty();
        }
    }

    @Property
    void with_two_neighbours_swapped_is_none(@ForAll @IntRange(min = 3, max = 45) int place) {
        String text = KeyText.mint().reveal();
        char first = text.charAt(place);
        char second = text.charAt(place + 1);
        if (first != second) {
            assertThat(KeyText.parse(text.substring(0, place) + second + first + text.substring(place + 2)))
                    .isEmpty();
        }
    }

    @Property
    void made_up_by_chance_is_none(
            @ForAll
                    @StringLength(44)
                    @Chars('0')
                    @CharRange(from = '1', to = '9')
                    @CharRange(from = 'A', to = 'Z')
                    @CharRange(from = 'a', to = 'z')
                    String rest) {
        assertThat(KeyText.parse("sc_" + rest)).isEmpty();
    }
}
