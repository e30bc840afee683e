package com.smashcost.secret.control;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What an envelope belongs to. It is authenticated with the envelope, so a row that is copied to another owner, provider or
 * destination does not open there.
 */
public record Binding(List<String> parts) {

    public Binding {
        parts = List.copyOf(parts);
    }

    /** The binding of a provider credential; {@code origin} is where the key may be sent. */
    public static Binding ofCredential(
            long organizationId, String provider, String origin, long credentialId, int version) {
        return new Binding(List.of(
                "smashcost/cred/v1",
                Long.toString(organizationId),
                provider,
                origin,
                Long.toString(credentialId),
                Integer.toString(version)));
    }

    /** The binding of a secret of the installation. */
    public static Binding ofInstallation(String name) {
        return new Binding(List.of("smashcost/installation/v1", name));
    }

    /** The parts, each with its length before it, so that no two bindings have the same bytes. */
    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String part : parts) {
            byte[] text = part.getBytes(StandardCharsets.UTF_8);
            out.writeBytes(ByteBuffer.allocate(4).putInt(text.length).array());
            out.writeBytes(text);
        }
        return out.toByteArray();
    }
}
