package com.smashcost.provider.control;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/** Writes JSON as no sane client would: blanks anywhere, escapes where none are needed, the members in any order. */
public final class JsonText {

    private static final String[] BLANKS = {"", "", "", " ", "\n", "\t", "\r\n", "  "};
    private static final String[] NAMES = {
        "model",
        "stream",
        "stream_options",
        "include_usage",
        "messages",
        "content",
        "a",
        "",
        "ü",
        "\uD83D\uDE42",
        "\"",
        "\\",
        "}"
    };

    private final Random random;

    public JsonText(Random random) {
        this.random = random;
    }

    /** A request for a chat completion, with members that it should act on and others that only look so. */
    public String chatCompletion() {
        List<String> members = new ArrayList<>();
        members.add(member("model", oneOf("\"gpt-4o\"", "\"auto\"", "\"gpt\\u002d4o\"", "\"a/b:c@d+e_f.1\"")));
        if (random.nextInt(5) > 0) {
            members.add(member("stream", oneOf("true", "true", "true", "false", "null")));
        }
        if (random.nextBoolean()) {
            members.add(member("stream_options", random.nextInt(5) == 0 ? "null" : streamOptions()));
        }
        Set<String> names = new LinkedHashSet<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            String name = oneOf(NAMES);
            if (!List.of("model", "stream", "stream_options").contains(name) && names.add(name)) {
                members.add(member(name, value(4)));
            }
        }
        Collections.shuffle(members, random);
        return blank() + "{" + String.join(",", members) + "}" + blank();
    }

    private String streamOptions() {
        List<String> options = new ArrayList<>();
        if (random.nextBoolean()) {
            options.add(member("include_usage", oneOf("true", "false", "null")));
        }
        if (random.nextBoolean()) {
            options.add(member("include_obfuscation", value(2)));
        }
        if (random.nextBoolean()) {
            options.add(member("stream_options", value(2)));
        }
        Collections.shuffle(options, random);
        return "{" + (options.isEmpty() ? blank() : String.join(",", options)) + "}";
    }

    private String member(String name, String value) {
        return blank() + string(name) + blank() + ":" + blank() + value + blank();
    }

    private String value(int depth) {
        return switch (random.nextInt(depth > 0 ? 7 : 5)) {
            case 0 -> oneOf("true", "false", "null");
            case 1 -> oneOf("0", "-1", "1.5", "1e5", "-0.25E-7", "123456789012345678901234567890");
            case 2, 3 -> string(text());
            case 4 -> oneOf("{}", "[]", "\"\"", "{ }", "[\n]");
            case 5 -> object(depth);
            default -> array(depth);
        };
    }

    private String object(int depth) {
        Set<String> names = new LinkedHashSet<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            names.add(oneOf(NAMES));
        }
        List<String> members =
                names.stream().map(name -> member(name, value(depth - 1))).toList();
        return "{" + (members.isEmpty() ? blank() : String.join(",", members)) + "}";
    }

    private String array(int depth) {
        List<String> values = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            values.add(blank() + value(depth - 1) + blank());
        }
        return "[" + String.join(",", values) + "]";
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            text.append(oneOf(
                    "a",
                    "\"",
                    "\\",
                    "{",
                    "}",
                    ",",
                    "\n",
                    "\u0000",
                    "é",
                    "\u20AC",
                    "\uD83D\uDE42",
                    "model",
                    "\"stream\":true"));
        }
        return text.toString();
    }

    /** The text as a JSON string; each character as it is where it may be, or in one of its escapes. */
    private String string(String text) {
        StringBuilder string = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean needed = c < 0x20 || c == '"' || c == '\\';
            if (needed || (random.nextInt(8) == 0 && !Character.isSurrogate(c))) {
                boolean brief = (c == '"' || c == '\\' || c == '/') && random.nextBoolean();
                string.append(brief ? "\\" + c : String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                string.append(c);
            }
        }
        return string.append('"').toString();
    }

    private String blank() {
        return oneOf(BLANKS);
    }

    private String oneOf(String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
