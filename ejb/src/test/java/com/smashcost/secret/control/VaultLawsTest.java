package com.smashcost.secret.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.Size;

@Tag("G2")
class VaultLawsTest {

    private static final Binding BINDING = Binding.ofCredential(7, "openai", "https://api.openai.com", 42, 3);

    private final Vault vault = VaultTest.vault();

    @Property(tries = 200)
    void opens_what_it_sealed(@ForAll @Size(max = 600) byte[] secret) {
        assertThat(VaultTest.opened(vault, vault.seal(secret, BINDING), BINDING))
                .isEqualTo(secret);
    }

    @Property(tries = 300)
    void never_opens_made_up_bytes(@ForAll @Size(max = 200) byte[] bytes) {
        VaultTest.assertRefused(vault, bytes, BINDING);
    }

    @Property(tries = 200)
    void never_opens_under_a_binding_with_any_part_changed(
            @ForAll @Size(min = 1, max = 6) List<@NumericChars String> parts,
            @ForAll int place,
            @ForAll @NumericChars String other) {
        List<String> changed = new ArrayList<>(parts);
        if (!changed.set(Math.floorMod(place, parts.size()), other).equals(other)) {
            byte[] envelope = vault.seal(new byte[] {1, 2, 3}, new Binding(parts));
            VaultTest.assertRefused(vault, envelope, new Binding(changed));
        }
    }
}
