package com.smashcost.account.entity;

import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How much may be used in a calendar window, and by whom.
 *
 * @param id of the budget; one that comes to count something else gets another
 * @param name by which people know it, in {@code [a-z0-9-]}
 * @param keyId the key of a budget for one key, else null
 * @param customer the customer tag of a budget for one customer, else null
 * @param limit in the unit
 */
public record BudgetRule(
        long id,
        long organizationId,
        String name,
        Scope scope,
        @Nullable Long keyId,
        @Nullable String customer,
        Unit unit,
        BigDecimal limit,
        BudgetWindow window,
        Action action) {

    /** Whose requests count. */
    public enum Scope {
        organization,
        key,
        customer_tag
    }

    /** What is counted. */
    public enum Unit {
        usd,
        tokens
    }

    /** What happens to a request for which there is no room. */
    public enum Action {
        warn,
        refuse
    }

    /** Whether a request by this key for this customer counts. */
    public boolean counts(long key, @Nullable String tag) {
        return switch (scope) {
            case organization -> true;
            case key -> keyId != null && keyId == key;
            case customer_tag -> customer != null && customer.equals(tag);
        };
    }

    /** Whether both count the same in the same windows, whatever the limits. */
    public boolean countsLike(BudgetRule other) {
        return scope == other.scope
                && Objects.equals(keyId, other.keyId)
                && Objects.equals(customer, other.customer)
                && unit == other.unit
                && window == other.window;
    }
}
