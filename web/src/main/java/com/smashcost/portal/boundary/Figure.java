package com.smashcost.portal.boundary;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * A value as a page shows it: short where it stands, exact on hover. What is unknown is a dash with a reason, never 0.
 *
 * @param known whether there is a value
 * @param text what stands on the page
 * @param exact the exact value, or the reason why there is none
 */
public record Figure(boolean known, String text, String exact) {

    private static final BigDecimal ONE = BigDecimal.ONE;
    private static final int ROW_DECIMALS = 6;
    private static final int SUMMARY_DECIMALS = 4;
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMM, HH:mm", Locale.ENGLISH);
    private static final DateTimeFormatter DAY_OF_ANOTHER_YEAR =
            DateTimeFormatter.ofPattern("d MMM uuuu", Locale.ENGLISH);
    private static final DateTimeFormatter EXACT =
            DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm:ss.SSS (VV, xxx)", Locale.ENGLISH);

    /** A value that is its own exact form. */
    static Figure of(String text) {
        return new Figure(true, text, text);
    }

    /** A value that is not known, for this reason. */
    static Figure unknown(String reason) {
        return new Figure(false, "—", reason);
    }

    /** US dollars: two decimals from one dollar, six below. */
    static Figure money(BigDecimal usd) {
        return new Figure(true, amount(usd, ROW_DECIMALS), "$" + plain(usd) + " exactly");
    }

    /** A saving, or what a request cost more than its baseline. */
    static Figure saving(BigDecimal usd) {
        String text = usd.signum() < 0
                ? amount(usd.negate(), SUMMARY_DECIMALS) + " more"
                : amount(usd, SUMMARY_DECIMALS) + " saved";
        return new Figure(true, text, "$" + plain(usd) + " exactly");
    }

    /** A count of tokens: 999, 12.3 k, 1.2 M. */
    static Figure tokens(long count) {
        return new Figure(true, shortCount(count), grouped(count));
    }

    /** A duration: milliseconds to 999, then seconds with one decimal. */
    static Figure latency(Duration duration) {
        long milliseconds = duration.toMillis();
        String text = milliseconds < 1000
                ? milliseconds + " ms"
                : BigDecimal.valueOf(milliseconds, 3)
                                .setScale(1, RoundingMode.HALF_UP)
                                .toPlainString()
                        + " s";
        return new Figure(true, text, grouped(milliseconds) + " ms");
    }

    /** A share of 1 with two decimals. */
    static Figure score(BigDecimal share) {
        return new Figure(true, share.setScale(2, RoundingMode.HALF_UP).toPlainString(), plain(share));
    }

    /** A moment in this zone: how long ago under a day, then its date. */
    static Figure moment(Instant moment, Instant now, ZoneId zone) {
        ZonedDateTime there = moment.atZone(zone);
        Duration ago = Duration.between(moment, now);
        String text;
        if (ago.compareTo(Duration.ofDays(1)) < 0) {
            text = ago(ago);
        } else if (there.getYear() == now.atZone(zone).getYear()) {
            text = DAY.format(there);
        } else {
            text = DAY_OF_ANOTHER_YEAR.format(there);
        }
        return new Figure(true, text, EXACT.format(there));
    }

    private static String ago(Duration ago) {
        if (ago.toSeconds() < 5) {
            return "now";
        }
        if (ago.toMinutes() < 1) {
            return ago.toSeconds() + " s ago";
        }
        return ago.toHours() < 1 ? ago.toMinutes() + " min ago" : ago.toHours() + " h ago";
    }

    private static String amount(BigDecimal usd, int decimals) {
        if (usd.signum() == 0) {
            return "0";
        }
        if (usd.abs().compareTo(ONE) >= 0) {
            return new DecimalFormat("#,##0.00", DecimalFormatSymbols.getInstance(Locale.ROOT))
                    .format(usd.setScale(2, RoundingMode.HALF_UP));
        }
        BigDecimal rounded = usd.setScale(decimals, RoundingMode.HALF_UP);
        return rounded.signum() == 0
                ? "<" + BigDecimal.ONE.movePointLeft(decimals).toPlainString()
                : rounded.toPlainString();
    }

    private static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }

    private static String shortCount(long count) {
        if (count < 1000) {
            return Long.toString(count);
        }
        BigDecimal thousands = BigDecimal.valueOf(count, 3).setScale(1, RoundingMode.HALF_UP);
        if (thousands.compareTo(BigDecimal.valueOf(1000)) < 0) {
            return thousands.toPlainString() + " k";
        }
        return BigDecimal.valueOf(count, 6).setScale(1, RoundingMode.HALF_UP).toPlainString() + " M";
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
