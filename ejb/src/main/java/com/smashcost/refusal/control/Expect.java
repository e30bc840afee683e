package com.smashcost.refusal.control;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Checks of what comes from outside; what does not pass is refused with the name of the field and the limit it broke. */
public final class Expect {

    private static final String CODE = "invalid_value";

    private Expect() {}

    /** The value, which must be there. */
    public static <T> T present(String field, @Nullable T value) {
        if (value == null) {
            throw refuse(field, "is missing");
        }
        return value;
    }

    /** The text without blanks around it: 1 to {@code most} characters that can be seen and do not turn the line around. */
    public static String text(String field, @Nullable String value, int most) {
        String text = present(field, value).strip();
        long length = text.codePoints().count();
        if (length == 0 || length > most || !text.codePoints().allMatch(Expect::isHarmless)) {
            throw refuse(field, "must have 1 to " + most + " characters and no control characters");
        }
        return text;
    }

    /** The number, from {@code least} to {@code most}. */
    public static long within(String field, long value, long least, long most) {
        if (value < least || value > most) {
            throw refuse(field, "must be from " + least + " to " + most);
        }
        return value;
    }

    /** The number, from 0 to less than {@code bound} and with at most this many decimals. */
    public static BigDecimal below(String field, BigDecimal value, BigDecimal bound, int decimals) {
        if (value.signum() < 0
                || value.compareTo(bound) >= 0
                || value.stripTrailingZeros().scale() > decimals) {
            throw refuse(
                    field,
                    "must be from 0 to less than " + bound.toPlainString() + ", with at most " + decimals
                            + " decimals");
        }
        return value;
    }

    /** The one of these values that has this name. */
    public static <E extends Enum<E>> E oneOf(String field, @Nullable String name, E[] values) {
        String given = present(field, name);
        for (E value : values) {
            if (value.name().equals(given)) {
                return value;
            }
        }
        throw refuse(
                field, "must be one of " + Arrays.stream(values).map(Enum::name).collect(Collectors.joining(", ")));
    }

    /** The refusal of a field that is wrong in the way that {@code problem} says. */
    public static Refusal.BadRequest refuse(String field, String problem) {
        return new Refusal.BadRequest(CODE, field + " " + problem, field);
    }

    private static boolean isHarmless(int character) {
        boolean turns = (character >= 0x202A && character <= 0x202E) || (character >= 0x2066 && character <= 0x2069);
        return !turns && !Character.isISOControl(character) && Character.getType(character) != Character.SURROGATE;
    }
}
