package com.smashcost.secret.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

@Tag("G2")
class BindingTest {

    @Property
    void has_the_same_bytes_only_as_itself(@ForAll("parts") List<String> some, @ForAll("parts") List<String> others) {
        assertThat(Arrays.equals(new Binding(some).bytes(), new Binding(others).bytes()))
                .isEqualTo(some.equals(others));
    }

    /** Parts that try to look like one another: the lengths before them, nothing, and pieces of each other. */
    @Provide
    Arbitrary<List<String>> parts() {
        return Arbitraries.oneOf(
                        Arbitraries.of("", "\0\0\0\1", "\0\0\0\0", "a", "aa", "\0\0\0\1a", "\0", "ü", "Ã¼"),
                        Arbitraries.strings().ofMaxLength(3).filter(BindingTest::isText))
                .list()
                .ofMaxSize(4);
    }

    @Example
    void says_what_it_is_for_before_anything_else() {
        assertThat(Binding.ofCredential(1, "openai", "https://x", 2, 3).parts())
                .containsExactly("smashcost/cred/v1", "1", "openai", "https://x", "2", "3");
        assertThat(Binding.ofInstallation("pepper").parts()).containsExactly("smashcost/installation/v1", "pepper");
    }

    @Example
    void does_not_change_with_the_list_it_was_made_of() {
        List<String> parts = new ArrayList<>(List.of("a", "b"));
        Binding binding = new Binding(parts);
        parts.set(0, "c");
        assertThat(binding.parts()).containsExactly("a", "b");
    }

    private static boolean isText(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }
}
