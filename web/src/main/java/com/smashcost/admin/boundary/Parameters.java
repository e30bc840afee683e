package com.smashcost.admin.boundary;

import com.smashcost.ledger.entity.RequestId;
import com.smashcost.refusal.control.Expect;
import com.smashcost.refusal.control.Refusal;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Query parameters as the API's pages understand them; what is malformed is refused by name. */
final class Parameters {

    private static final int USUAL = 50;
    private static final int MOST = 500;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
    private static final Pattern UUID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}");

    private Parameters() {}

    /**
     * How many rows a page has.
     *
     * @throws Refusal if that is not from 1 to 500
     */
    static int limit(@Nullable String text) {
        if (text == null) {
            return USUAL;
        }
        if (!NUMBER.matcher(text).matches()) {
            throw Expect.refuse("limit", "must be from 1 to " + MOST);
        }
        return (int) Expect.within("limit", Long.parseLong(text), 1, MOST);
    }

    static @Nullable Instant instant(String name, @Nullable String text) {
        return text == null ? null : JsonBody.instant(name, text);
    }

    static @Nullable RequestId requestId(String name, @Nullable String text) {
        if (text == null) {
            return null;
        }
        if (!UUID.matcher(text).matches()) {
            throw Expect.refuse(name, "must be a request id");
        }
        return RequestId.parse(text);
    }

    static @Nullable Long number(String name, @Nullable String text) {
        if (text == null) {
            return null;
        }
        if (!NUMBER.matcher(text).matches()) {
            throw Expect.refuse(name, "must be a number");
        }
        return Long.valueOf(text);
    }
}
