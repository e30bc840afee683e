package com.smashcost.admin.boundary;

import com.nimbusds.jwt.JWTClaimsSet;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.jwt.Claims;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/** An operator as a verified token tells of them. */
final class OperatorToken implements JsonWebToken {

    private final String name;
    private final Map<String, Object> claims = new LinkedHashMap<>();

    OperatorToken(String name, Set<String> groups, JWTClaimsSet verified) {
        this.name = name;
        verified.getClaims().forEach((claim, value) -> claims.put(claim, asMicroProfileReadsIt(value)));
        claims.put(Claims.aud.name(), Set.copyOf(verified.getAudience()));
        claims.put(Claims.groups.name(), Set.copyOf(groups));
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public Set<String> getClaimNames() {
        return Set.copyOf(claims.keySet());
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    public <T> @Nullable T getClaim(String claim) {
        return (T) claims.get(claim);
    }

    private static Object asMicroProfileReadsIt(Object value) {
        return value instanceof Date date ? (Object) date.toInstant().getEpochSecond() : value;
    }

    @Override
    public String toString() {
        return "OperatorToken[" + name + "]";
    }
}
