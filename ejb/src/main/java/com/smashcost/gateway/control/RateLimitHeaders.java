package com.smashcost.gateway.control;

import com.smashcost.admission.control.SlidingWindow.Permit;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A permit in the headers that clients of the OpenAI dialect read. */
public final class RateLimitHeaders {

    private static final Pattern ANTHROPIC =
            Pattern.compile("anthropic-ratelimit-(requests|tokens)-(limit|remaining|reset)");

    private RateLimitHeaders() {}

    /** Puts limit, remaining and reset, over what a provider may have said of its own limit. */
    public static void put(Permit permit, Map<String, String> headers) {
        headers.put("x-ratelimit-limit-requests", Integer.toString(permit.limit()));
        headers.put("x-ratelimit-remaining-requests", Integer.toString(permit.remaining()));
        headers.put("x-ratelimit-reset-requests", format(permit.reset()));
    }

    /**
     * Puts what Anthropic says of its limits, unless there is a limit of ours; other headers are left alone.
     *
     * @param name in lower case
     * @param now for the time of a reset, which Anthropic gives as a date
     */
    static void translate(String name, String value, Instant now, Map<String, String> headers) {
        Matcher matcher = ANTHROPIC.matcher(name);
        if (!matcher.matches()) {
            return;
        }
        String told = value;
        if (matcher.group(2).equals("reset")) {
            try {
                told = format(Duration.between(now, OffsetDateTime.parse(value).toInstant()));
            } catch (DateTimeParseException e) {
                return;
            }
        }
        headers.putIfAbsent("x-ratelimit-" + matcher.group(2) + "-" + matcher.group(1), told);
    }

    /** A duration as those clients write it, rounded up: {@code 120ms}, {@code 1.574s}, {@code 1m0s}. */
    static String format(Duration duration) {
        long millis = Math.max(0, duration.plusNanos(999_999).toMillis());
        if (millis < 1000) {
            return millis + "ms";
        }
        long minutes = millis / 60_000;
        long rest = millis % 60_000;
        String seconds = rest % 1000 == 0
                ? rest / 1000 + "s"
                : rest / 1000 + "."
                        + String.format(Locale.ROOT, "%03d", rest % 1000).replaceAll("0+$", "") + "s";
        return minutes > 0 ? minutes + "m" + seconds : seconds;
    }
}
