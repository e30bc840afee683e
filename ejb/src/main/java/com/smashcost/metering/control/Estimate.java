package com.smashcost.metering.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import java.util.Set;

/**
 * Counts tokens where a provider reports none: with OpenAI's o200k_base, which for other vendors is an approximation. What it
 * says is always flagged as estimated.
 */
public final class Estimate {

    private static final Encoding ENCODING = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);

    /** What chat formats add for each message, by OpenAI's description of its own. */
    private static final int TOKENS_OF_A_MESSAGE = 4;

    /** A middling picture; the rules differ by vendor and size. */
    private static final int TOKENS_OF_A_FILE = 765;

    /** Members that say how, and not what: no model reads their text. */
    private static final Set<String> UNREAD = Set.of(
            "model",
            "role",
            "type",
            "id",
            "call_id",
            "tool_call_id",
            "tool_use_id",
            "media_type",
            "detail",
            "service_tier",
            "user",
            "safety_identifier",
            "prompt_cache_key",
            "reasoning_effort",
            "effort",
            "signature",
            "encrypted_content");

    private static final int LONGEST_ENCODED = 100_000;
    private static final int CHARACTERS_OF_A_TOKEN = 4;

    private Estimate() {}

    /** Tokens of this text. */
    public static long ofText(String text) {
        if (text.length() > LONGEST_ENCODED) { // then a part stands for the whole
            long part = ENCODING.countTokensOrdinary(text.substring(0, LONGEST_ENCODED));
            return part * text.length() / LONGEST_ENCODED;
        }
        return ENCODING.countTokensOrdinary(text);
    }

    /** Tokens of the prompt in a request's body, of whatever dialect: all its texts, names and schemas included. */
    public static long ofPrompt(JsonNode body) {
        StringBuilder text = new StringBuilder();
        long besides = gather(body, text);
        return ofText(text.toString()) + besides;
    }

    /** The same without the tokenizer: for a first figure that must cost no time and is soon replaced. */
    public static long roughlyOfPrompt(JsonNode body) {
        StringBuilder text = new StringBuilder();
        long besides = gather(body, text);
        return text.length() / CHARACTERS_OF_A_TOKEN + besides;
    }

    /** Tokens for so many bytes that nobody looked into. */
    public static long ofBytes(long bytes) {
        return bytes / CHARACTERS_OF_A_TOKEN;
    }

    private static long gather(JsonNode node, StringBuilder text) {
        if (node.isTextual()) {
            String value = node.asText();
            if (isFile(value)) {
                return TOKENS_OF_A_FILE;
            }
            text.append(value).append('\n');
            return 0;
        }
        long besides = node.has("role") ? TOKENS_OF_A_MESSAGE : 0;
        if (node.isObject()) {
            for (var member : node.properties()) {
                if (UNREAD.contains(member.getKey()) && member.getValue().isTextual()) {
                    continue;
                }
                besides += gather(member.getValue(), text);
                if (member.getValue().isObject()) {
                    text.append(member.getKey()).append('\n'); // names of a schema's properties
                }
            }
        } else {
            for (JsonNode element : node) {
                besides += gather(element, text);
            }
        }
        return besides;
    }

    /** Whether this is base64 and no text. */
    private static boolean isFile(String value) {
        return value.startsWith("data:")
                || (value.length() > 1000 && value.indexOf(' ') < 0 && value.indexOf('\n') < 0);
    }
}
