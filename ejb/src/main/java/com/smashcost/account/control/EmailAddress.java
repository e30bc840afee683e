package com.smashcost.account.control;

import com.smashcost.refusal.control.Expect;
import com.smashcost.refusal.control.Refusal;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A mail address in the one spelling under which a member is known: lower case. */
public record EmailAddress(String text) {

    private static final int LONGEST = 254;
    private static final Pattern FORM =
            Pattern.compile("(?=.{1,64}@)[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
                    + "@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*");

    public EmailAddress {
        if (text.length() > LONGEST || !FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("not a mail address");
        }
    }

    /**
     * The address in this text, lower-cased and without blanks around it.
     *
     * @throws Refusal if it is none; the refusal names {@code field}
     */
    public static EmailAddress of(String field, @Nullable String text) {
        String address = Expect.present(field, text).strip().toLowerCase(Locale.ROOT);
        if (address.length() > LONGEST || !FORM.matcher(address).matches()) {
            throw Expect.refuse(field, "must be a mail address of at most " + LONGEST + " characters");
        }
        return new EmailAddress(address);
    }

    @Override
    public String toString() {
        return text;
    }
}
