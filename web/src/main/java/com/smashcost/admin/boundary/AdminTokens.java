package com.smashcost.admin.boundary;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.smashcost.job.control.BusinessClock;
import com.smashcost.secret.control.InstallationSecrets;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.sql.SQLException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes and verifies the tokens by which operators are known for half an hour: JSON Web Tokens signed with ES256 by a key that
 * the installation made for itself. What is accepted is pinned: this algorithm, this key, this issuer, this audience.
 */
@ApplicationScoped
public class AdminTokens {

    /** How long a token is good for. */
    public static final Duration LIFETIME = Duration.ofMinutes(30);

    private static final String ISSUER = "smashcost";
    private static final String AUDIENCE = "smashcost-admin";
    private static final String SECRET = "admin-jwt";
    private static final int LONGEST = 4096;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

    @Inject
    private InstallationSecrets secrets;

    @Inject
    private BusinessClock clock;

    private Supplier<Instant> now = () -> clock.now();

    @SuppressWarnings("NullAway.Init")
    private String keyId;

    @SuppressWarnings("NullAway.Init")
    private JWSSigner signer;

    @SuppressWarnings("NullAway.Init")
    private JWSVerifier verifier;

    @SuppressWarnings("NullAway.Init")
    protected AdminTokens() {}

    @SuppressWarnings("NullAway.Init")
    AdminTokens(KeyPair keys, Supplier<Instant> now) {
        this.now = now;
        use(keys);
    }

    @PostConstruct
    void load() {
        try {
            use(SigningKey.read(secrets.get(SECRET, () -> SigningKey.write(SigningKey.generate()))));
        } catch (SQLException e) {
            throw new IllegalStateException("the tokens' signing key cannot be read from the database", e);
        }
    }

    private void use(KeyPair keys) {
        try {
            keyId = SigningKey.id(keys.getPublic());
            signer = new ECDSASigner((ECPrivateKey) keys.getPrivate());
            verifier = new ECDSAVerifier((ECPublicKey) keys.getPublic());
        } catch (JOSEException e) {
            throw new IllegalStateException("the tokens' signing key is not of P-256", e);
        }
    }

    /** A token for the operator of this name. */
    public String issue(String operator) {
        Instant issued = now.get();
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(JOSEObjectType.JWT)
                        .keyID(keyId)
                        .build(),
                new JWTClaimsSet.Builder()
                        .issuer(ISSUER)
                        .audience(AUDIENCE)
                        .subject(operator)
                        .claim("upn", operator)
                        .claim("groups", List.of(AdminApplication.OPERATOR))
                        .jwtID(UUID.randomUUID().toString())
                        .issueTime(Date.from(issued))
                        .expirationTime(Date.from(issued.plus(LIFETIME)))
                        .build());
        try {
            token.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException("every JDK signs with ES256", e);
        }
        return token.serialize();
    }

    /** The operator whose token this is; empty if the token is not one of ours, or not good any more. */
    public Optional<OperatorToken> verify(String text) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            SignedJWT token = SignedJWT.parse(text);
            return isOurs(token) && token.verify(verifier) ? read(token.getJWTClaimsSet()) : Optional.empty();
        } catch (ParseException | JOSEException e) {
            return Optional.empty();
        }
    }

    private boolean isOurs(SignedJWT token) {
        JWSHeader header = token.getHeader();
        Base64URL signature = token.getSignature();
        return JWSAlgorithm.ES256.equals(header.getAlgorithm())
                && keyId.equals(header.getKeyID())
                && header.getCriticalParams() == null
                // spare bits in the last character would make several texts of one token
                && Base64URL.encode(signature.decode()).equals(signature);
    }

    private Optional<OperatorToken> read(@Nullable JWTClaimsSet claims) throws ParseException {
        if (claims == null) {
            return Optional.empty();
        }
        String name = claims.getSubject();
        Date expiry = claims.getExpirationTime();
        List<String> groups = claims.getStringListClaim("groups");
        boolean good = ISSUER.equals(claims.getIssuer())
                && claims.getAudience().equals(List.of(AUDIENCE))
                && expiry != null
                && now.get().isBefore(expiry.toInstant());
        return good && name != null && NAME.matcher(name).matches() && groups != null
                ? Optional.of(new OperatorToken(name, Set.copyOf(groups), claims))
                : Optional.empty();
    }
}
