package com.smashcost.planted.admin.control;

import com.smashcost.account.entity.Organization;
import com.smashcost.account.entity.SubscriptionStatus;
import java.time.Instant;

/** Changes a status past the one place that may. */
public class EntersByItself {

    /** What {@code enter} looks like to who only hands it on. */
    @FunctionalInterface
    public interface Change {
        /** Does it. */
        void apply(Organization organization, SubscriptionStatus target, long auditId, Instant now);
    }

    /** Calls it. */
    public void block(Organization organization) {
        organization.enter(SubscriptionStatus.BLOCKED, 0, Instant.EPOCH);
    }

    /** Hands it on. */
    public Change reference() {
        return Organization::enter;
    }
}
