package com.smashcost.gateway.boundary;

import com.smashcost.ledger.entity.LedgerEntry.Tags;
import com.smashcost.refusal.control.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import org.jspecify.annotations.Nullable;

/** Reads the attribution tags of a request; they are stored, and never sent to a provider. */
final class TagHeaders {

    private static final int LONGEST = 128;

    private TagHeaders() {}

    /**
     * @throws Refusal.BadRequest if a tag is too long or holds control or direction-changing characters
     */
    static Tags read(HttpServletRequest request) {
        String customer = tag(request, "X-SmashCost-Tag-Customer");
        String feature = tag(request, "X-SmashCost-Tag-Feature");
        return customer == null && feature == null ? Tags.NONE : new Tags(customer, feature);
    }

    private static @Nullable String tag(HttpServletRequest request, String header) {
        String raw = request.getHeader(header);
        if (raw == null) {
            return null;
        }
        String tag = Normalizer.normalize(utf8(raw).strip(), Normalizer.Form.NFC);
        if (tag.codePoints().allMatch(Character::isSpaceChar)) {
            return null;
        }
        if (tag.codePointCount(0, tag.length()) > LONGEST) {
            throw new Refusal.BadRequest(
                    "invalid_tag", "The header " + header + " has at most " + LONGEST + " characters.", header);
        }
        if (tag.codePoints().anyMatch(TagHeaders::isHarmful)) {
            throw new Refusal.BadRequest(
                    "invalid_tag",
                    "The header " + header + " must not hold control, unassigned or direction-changing characters.",
                    header);
        }
        return tag;
    }

    /** The container reads header bytes as Latin-1; most clients mean UTF-8. */
    private static String utf8(String latin1) {
        boolean plain = latin1.chars().allMatch(c -> c < 0x80);
        if (plain || latin1.chars().anyMatch(c -> c > 0xFF)) {
            return latin1;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(latin1.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException e) {
            return latin1;
        }
    }

    private static boolean isHarmful(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
