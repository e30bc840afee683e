package com.smashcost.account.control;

import com.smashcost.refusal.control.Expect;
import com.smashcost.refusal.control.Refusal;
import jakarta.json.Json;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import java.io.StringReader;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Lists of models as organisations write them: names, and beginnings of names that end in a star. */
public final class ModelNames {

    private static final int MOST = 100;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:/@+-]{1,128}|[A-Za-z0-9._:/@+-]{0,127}\\*");

    private ModelNames() {}

    /** Whether this model may be chosen: one of the allowed, or any where none is listed, and none of the denied. */
    public static boolean permit(List<String> allowed, List<String> denied, String model) {
        return (allowed.isEmpty() || name(allowed, model)) && !name(denied, model);
    }

    /** The list in the text that is stored of it. */
    public static List<String> parse(@Nullable String text) {
        if (text == null) {
            return List.of();
        }
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return reader.readArray().getValuesAs(JsonString::getString);
        }
    }

    /** Whether this is a beginning of names and not a whole one. */
    public static boolean isBeginning(String name) {
        return name.endsWith("*");
    }

    /** The text to store; null for an empty list. */
    static @Nullable String text(List<String> names) {
        return names.isEmpty() ? null : Json.createArrayBuilder(names).build().toString();
    }

    /**
     * The list without repetitions.
     *
     * @throws Refusal if it is too long, or one of them can be no name
     */
    static List<String> check(String field, List<String> names) {
        if (!names.stream().allMatch(NAME.asMatchPredicate())) {
            throw Expect.refuse(
                    field,
                    "must be an array of model names, or of beginnings of them with a star at the end, such as gpt-4o*");
        }
        List<String> once = names.stream().distinct().toList();
        if (once.size() > MOST) {
            throw Expect.refuse(field, "must have at most " + MOST + " names");
        }
        return once;
    }

    private static boolean name(List<String> names, String model) {
        for (String name : names) {
            if (isBeginning(name) ? model.regionMatches(0, name, 0, name.length() - 1) : name.equals(model)) {
                return true;
            }
        }
        return false;
    }
}
