package com.smashcost.admin.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("G18")
class AdminTokensTest {

    private static final Instant START = Instant.parse("2026-11-21T20:00:00Z");
    private static final KeyPair KEYS = SigningKey.generate();
    private static final String KEY_ID = SigningKey.id(KEYS.getPublic());

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final AdminTokens tokens = new AdminTokens(KEYS, now::get);

    @Test
    void know_the_operator_they_were_issued_to() {
        OperatorToken operator = tokens.verify(tokens.issue("operator")).orElseThrow();

        assertThat(operator.getName()).isEqualTo("operator");
        assertThat(operator.getSubject()).isEqualTo("operator");
        assertThat(operator.getGroups()).containsExactly("operator");
        assertThat(operator.getIssuer()).isEqualTo("smashcost");
        assertThat(operator.getAudience()).containsExactly("smashcost-admin");
        assertThat(operator.getIssuedAtTime()).isEqualTo(START.getEpochSecond());
        assertThat(operator.getExpirationTime())
                .isEqualTo(START.plusSeconds(1800).getEpochSecond());
        assertThat(operator.getTokenID()).isNotBlank();
        assertThat(operator.getClaimNames()).contains("iss", "aud", "sub", "upn", "groups", "jti", "iat", "exp");
    }

    @Test
    void are_all_different() {
        assertThat(tokens.issue("operator")).isNotEqualTo(tokens.issue("operator"));
    }

    @Test
    void expire_to_the_second() {
        String token = tokens.issue("operator");

        now.set(START.plus(Duration.ofMinutes(30)).minusMillis(1));
        assertThat(tokens.verify(token)).isPresent();
        now.set(START.plus(Duration.ofMinutes(30)));
        assertThat(tokens.verify(token)).isEmpty();
    }

    @Test
    void are_not_believed_when_any_character_was_changed() {
        String token = tokens.issue("operator");

        for (int i = 0; i < token.length(); i++) {
            char other = token.charAt(i) == 'A' ? 'B' : 'A';
            String changed = token.substring(0, i) + other + token.substring(i + 1);
            assertThat(tokens.verify(changed))
                    .as("character %d of %s", i, token)
                    .isEmpty();
        }
    }

    @Test
    void have_one_spelling() {
        String token = tokens.issue("operator");
        String base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        char last = token.charAt(token.length() - 1);

        // the last character of 64 bytes carries two bits; the other four are spare
        for (int spare = 1; spare < 16; spare++) {
            char same = base64.charAt(base64.indexOf(last) & 0b110000 | spare);
            assertThat(tokens.verify(token.substring(0, token.length() - 1) + same))
                    .isEmpty();
        }
        assertThat(tokens.verify(token + "=")).isEmpty();
        assertThat(tokens.verify(token + ".")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a.b.c", "eyJhbGciOiJub25lIn0..", "{}", "null"})
    void are_not_just_any_text(String text) {
        assertThat(tokens.verify(text)).isEmpty();
    }

    @Test
    void are_not_long() {
        assertThat(tokens.verify("a".repeat(5000))).isEmpty();
    }

    @Test
    void are_signed() throws Exception {
        assertThat(tokens.verify(new PlainJWT(claims(good -> {})).serialize())).isEmpty();
        String token = tokens.issue("operator");
        assertThat(tokens.verify(token.substring(0, token.lastIndexOf('.') + 1)))
                .isEmpty();
        String payload = token.split("\\.", -1)[1];
        String none = Base64URL.encode("{\"alg\":\"none\",\"kid\":\"" + KEY_ID + "\"}") + "." + payload + ".";
        assertThat(tokens.verify(none)).isEmpty();
    }

    @Test
    void are_not_signed_with_what_everybody_may_know() throws Exception {
        for (byte[] known : List.of(
                KEYS.getPublic().getEncoded(),
                new ECKey.Builder(Curve.P_256, (ECPublicKey) KEYS.getPublic())
                        .build()
                        .toJSONString()
                        .getBytes(StandardCharsets.UTF_8))) {
            String forged = sign(JWSAlgorithm.HS256, KEY_ID, new MACSigner(known), header -> header, good -> {});
            assertThat(tokens.verify(forged)).isEmpty();
        }
    }

    @Test
    void are_signed_with_the_one_algorithm() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair rsa = generator.generateKeyPair();

        assertThat(tokens.verify(sign(
                        JWSAlgorithm.RS256, KEY_ID, new RSASSASigner(rsa.getPrivate()), header -> header, good -> {})))
                .isEmpty();
    }

    @Test
    void are_signed_with_our_key_whatever_key_they_bring() throws Exception {
        KeyPair other = SigningKey.generate();
        ECKey brought = new ECKey.Builder(Curve.P_256, (ECPublicKey) other.getPublic()).build();
        JWSSigner signer = new ECDSASigner((ECPrivateKey) other.getPrivate());

        assertThat(tokens.verify(sign(JWSAlgorithm.ES256, KEY_ID, signer, header -> header, good -> {})))
                .isEmpty();
        assertThat(tokens.verify(sign(JWSAlgorithm.ES256, KEY_ID, signer, header -> header.jwk(brought), good -> {})))
                .isEmpty();
        assertThat(tokens.verify(sign(
                        JWSAlgorithm.ES256, SigningKey.id(other.getPublic()), signer, header -> header, good -> {})))
                .isEmpty();
    }

    @Test
    void name_our_key() throws Exception {
        assertThat(tokens.verify(ours("another", header -> header, good -> {}))).isEmpty();
        assertThat(tokens.verify(ours(null, header -> header, good -> {}))).isEmpty();
    }

    @Test
    void ask_for_nothing_that_we_would_not_understand() throws Exception {
        assertThat(tokens.verify(ours(
                        KEY_ID, header -> header.criticalParams(Set.of("b64")).base64URLEncodePayload(true), g -> {})))
                .isEmpty();
    }

    @Test
    void are_of_our_issuer_for_our_audience_and_of_a_known_shape() throws Exception {
        assertThat(tokens.verify(ours(KEY_ID, header -> header, good -> {}))).isPresent();
        List<Consumer<JWTClaimsSet.Builder>> wrong = List.of(
                claims -> claims.issuer("somebody"),
                claims -> claims.issuer(null),
                claims -> claims.audience("smashcost-portal"),
                claims -> claims.audience(List.of("smashcost-admin", "other")),
                claims -> claims.audience((String) null),
                claims -> claims.expirationTime(null),
                claims -> claims.expirationTime(Date.from(START)),
                claims -> claims.subject(null),
                claims -> claims.subject("o p"),
                claims -> claims.claim("groups", null),
                claims -> claims.claim("groups", "operator"));
        for (int i = 0; i < wrong.size(); i++) {
            assertThat(tokens.verify(ours(KEY_ID, header -> header, wrong.get(i))))
                    .as("case %d", i)
                    .isEmpty();
        }
    }

    private static String ours(
            @Nullable String keyId, UnaryOperator<JWSHeader.Builder> header, Consumer<JWTClaimsSet.Builder> change)
            throws JOSEException {
        return sign(JWSAlgorithm.ES256, keyId, new ECDSASigner((ECPrivateKey) KEYS.getPrivate()), header, change);
    }

    private static String sign(
            JWSAlgorithm algorithm,
            @Nullable String keyId,
            JWSSigner signer,
            UnaryOperator<JWSHeader.Builder> header,
            Consumer<JWTClaimsSet.Builder> change)
            throws JOSEException {
        SignedJWT token = new SignedJWT(
                header.apply(new JWSHeader.Builder(algorithm)
                                .type(JOSEObjectType.JWT)
                                .keyID(keyId))
                        .build(),
                claims(change));
        token.sign(signer);
        return token.serialize();
    }

    private static JWTClaimsSet claims(Consumer<JWTClaimsSet.Builder> change) {
        JWTClaimsSet.Builder good = new JWTClaimsSet.Builder()
                .issuer("smashcost")
                .audience("smashcost-admin")
                .subject("operator")
                .claim("upn", "operator")
                .claim("groups", List.of("operator"))
                .jwtID("1")
                .issueTime(Date.from(START))
                .expirationTime(Date.from(START.plusSeconds(60)));
        change.accept(good);
        return good.build();
    }
}
