package com.smashcost.server.launcher;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One of the domain's JVM options with the Java releases it is for: {@code [17|]--add-opens=…} holds from 17 on.
 *
 * @param least first feature release, inclusive
 * @param most last feature release, inclusive
 */
record JvmOption(int least, int most, String text) {

    private static final Pattern CONDITION = Pattern.compile("\\[([^|\\]]*)\\|([^\\]]*)](.+)");

    /** Empty for an option of a Java that is not plain OpenJDK. */
    static Optional<JvmOption> parse(String option) {
        Matcher matcher = CONDITION.matcher(option);
        if (!matcher.matches()) {
            return Optional.of(new JvmOption(0, Integer.MAX_VALUE, option));
        }
        if (matcher.group(1).matches("[A-Za-z].*")) {
            return Optional.empty();
        }
        return Optional.of(new JvmOption(
                feature(matcher.group(1), 0), feature(matcher.group(2), Integer.MAX_VALUE), matcher.group(3)));
    }

    boolean appliesTo(int release) {
        return least <= release && release <= most;
    }

    private static int feature(String version, int missing) {
        if (version.isBlank()) {
            return missing;
        }
        String plain = version.startsWith("1.") ? version.substring(2) : version;
        return Integer.parseInt(plain.split("[._]", -1)[0]);
    }
}
