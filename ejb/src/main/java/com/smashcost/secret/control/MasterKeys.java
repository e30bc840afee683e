package com.smashcost.secret.control;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;

/**
 * The keys of {@code SMASHCOST_MASTER_KEYS}: the first encrypts, all decrypt. Nothing uses a master key itself, only sub-keys
 * derived from it by HKDF-SHA256 (RFC 5869) under a purpose.
 */
public final class MasterKeys {

    private static final String SETTING = "SMASHCOST_MASTER_KEYS";
    private static final Pattern ENTRY = Pattern.compile("([a-z0-9]{1,4}):([A-Za-z0-9+/]{43}=)");

    private final Map<String, byte[]> keys;
    private final String first;

    private MasterKeys(Map<String, byte[]> keys, String first) {
        this.keys = keys;
        this.first = first;
    }

    /**
     * Reads the setting, {@code k2:base64,k1:base64} with 32 bytes each.
     *
     * @throws SettingRefused if it is missing or anything else
     */
    public static MasterKeys from(Environment environment) {
        Map<String, byte[]> keys = new LinkedHashMap<>();
        String first = null;
        for (String entry : environment.require(SETTING).split(",", -1)) {
            Matcher parts = ENTRY.matcher(entry.strip());
            if (!parts.matches()) {
                throw new SettingRefused(
                        SETTING,
                        "must be name:base64[,name:base64] with names of 1 to 4 lower-case letters or digits and 32 bytes"
                                + " each");
            }
            if (keys.put(parts.group(1), Base64.getDecoder().decode(parts.group(2))) != null) {
                throw new SettingRefused(SETTING, "names a key twice");
            }
            first = first == null ? parts.group(1) : first;
        }
        return new MasterKeys(keys, String.valueOf(first));
    }

    /** The name of the key that encrypts. */
    public String first() {
        return first;
    }

    /** Each key's name with its check value, by which a wrong key is told from the right one before anything is lost. */
    public Map<String, byte[]> checkValues() {
        Map<String, byte[]> values = new LinkedHashMap<>();
        keys.forEach((name, key) ->
                values.put(name, Arrays.copyOf(hmac(key, "kcv".getBytes(StandardCharsets.US_ASCII)), 8)));
        return values;
    }

    /** The sub-key of 32 bytes for this purpose under the named key; empty if there is no such key. */
    Optional<byte[]> derive(String name, String purpose) {
        return Optional.ofNullable(keys.get(name)).map(key -> hkdf(key, purpose));
    }

    /** The four bytes that name a key inside an envelope. */
    static byte[] tag(String name) {
        return ByteBuffer.allocate(4)
                .put(name.getBytes(StandardCharsets.US_ASCII))
                .array();
    }

    /** The name in these four bytes. */
    static String name(byte[] tag) {
        int length = tag.length;
        while (length > 0 && tag[length - 1] == 0) {
            length--;
        }
        return new String(tag, 0, length, StandardCharsets.US_ASCII);
    }

    /** 32 bytes by HKDF-SHA256 (RFC 5869) without salt. */
    public static byte[] hkdf(byte[] key, String purpose) {
        HKDFBytesGenerator generator = new HKDFBytesGenerator(new SHA256Digest());
        generator.init(new HKDFParameters(key, null, ("smashcost/" + purpose).getBytes(StandardCharsets.US_ASCII)));
        byte[] derived = new byte[32];
        generator.generateBytes(derived, 0, derived.length);
        return derived;
    }

    private static byte[] hmac(byte[] key, byte[] message) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(message);
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
