package com.smashcost.provider.control.gemini;

import com.smashcost.provider.control.conversation.Conversation;
import com.smashcost.provider.control.conversation.Part;
import com.smashcost.provider.control.conversation.Tool;
import com.smashcost.provider.control.conversation.Turn;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The names of one conversation's functions as Gemini takes them: they begin with a letter or an underscore, and have at most 64
 * characters. A name that fits stays; for any other there is a substitute that depends on nothing but the name, so that the
 * prompt is the same in each turn.
 */
final class GeminiNames {

    private static final int LONGEST = 64;
    private static final int HASH = 8;
    private static final Pattern FITS = Pattern.compile("[A-Za-z_][A-Za-z0-9_.:-]{0," + (LONGEST - 1) + "}");
    private static final Pattern UNFIT = Pattern.compile("[^A-Za-z0-9_.:-]");

    private final Map<String, String> sent = new HashMap<>();
    private final Map<String, String> original = new HashMap<>();

    private GeminiNames(Set<String> names) {
        names.stream().filter(name -> FITS.matcher(name).matches()).forEach(name -> put(name, name));
        for (String name : names) {
            if (!sent.containsKey(name)) {
                String substitute = substitute(name, "");
                for (int salt = 1; original.containsKey(substitute); salt++) {
                    substitute = substitute(name, String.valueOf(salt));
                }
                put(name, substitute);
            }
        }
    }

    /** The names of the functions that the conversation declares or has called. */
    static GeminiNames of(Conversation conversation) {
        Set<String> names = new LinkedHashSet<>();
        for (Tool tool : conversation.tools()) {
            if (tool instanceof Tool.Function function) {
                names.add(function.name());
            }
        }
        for (Turn turn : conversation.turns()) {
            for (Part part : turn.parts()) {
                if (part instanceof Part.ToolCall call) {
                    names.add(call.name());
                }
            }
        }
        return new GeminiNames(names);
    }

    /** The name for the provider. */
    String sent(String name) {
        return sent.getOrDefault(name, name);
    }

    /** The client's name for what the provider calls so; any other name stays as it is. */
    String original(String name) {
        return original.getOrDefault(name, name);
    }

    private void put(String name, String substitute) {
        sent.put(name, substitute);
        original.put(substitute, name);
    }

    private static String substitute(String name, String salt) {
        String clean = UNFIT.matcher(name).replaceAll("_");
        if (clean.isEmpty() || !FITS.matcher(clean.substring(0, 1)).matches()) {
            clean = "_" + clean;
        }
        int most = LONGEST - HASH - 1;
        return (clean.length() > most ? clean.substring(0, most) : clean) + "_" + hash(name + salt);
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, HASH / 2);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
