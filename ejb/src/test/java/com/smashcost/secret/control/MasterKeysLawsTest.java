package com.smashcost.secret.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

@Tag("G2")
class MasterKeysLawsTest {

    @Property(tries = 200)
    void derive_as_rfc_5869_says(
            @ForAll @Size(min = 1, max = 80) byte[] key,
            @ForAll @AlphaChars @StringLength(min = 1, max = 20) String purpose)
            throws Exception {
        byte[] extracted = MasterKeysTest.hmac(new byte[32], key);
        byte[] expanded =
                MasterKeysTest.hmac(extracted, ("smashcost/" + purpose + "\1").getBytes(StandardCharsets.US_ASCII));
        assertThat(MasterKeys.hkdf(key, purpose)).isEqualTo(expanded);
    }
}
