package com.smashcost.admin.control;

import com.smashcost.account.control.Subscriptions;
import com.smashcost.audit.control.Audit;
import com.smashcost.audit.entity.Actor;
import com.smashcost.audit.entity.AuditRecord;
import com.smashcost.gateway.control.Snapshots;
import com.smashcost.job.control.BusinessClock;
import com.smashcost.refusal.control.Refusal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Runs the changes that an operator asks for. What is done records itself in its own transaction and reaches the gateway at
 * once; what is refused leaves a record of that.
 */
@ApplicationScoped
public class Changes {

    private static final Pattern SUBJECT = Pattern.compile("[A-Za-z0-9._:/@+-]{1,128}");

    @Inject
    private Audit audit;

    @Inject
    private BusinessClock clock;

    @Inject
    private Snapshots snapshots;

    /**
     * The outcome of {@code change}, which commits before it returns.
     *
     * @param organizationId null where the change concerns the installation
     * @param action what was asked for, for the record of a refusal
     * @param subject what it was asked for, as the operator wrote it, or null
     */
    public <T extends @Nullable Object> T make(
            Actor actor, @Nullable Long organizationId, String action, @Nullable String subject, Supplier<T> change) {
        T outcome;
        try {
            outcome = change.get();
        } catch (Refusal refusal) {
            if (!refusal.code().equals(Subscriptions.ILLEGAL_TRANSITION)) {
                boolean harmless = subject != null && SUBJECT.matcher(subject).matches() && !Audit.holdsKey(subject);
                audit.appendApart(new AuditRecord(
                        organizationId,
                        clock.now(),
                        actor,
                        action,
                        harmless ? subject : null,
                        AuditRecord.Outcome.refused,
                        refusal.code()));
            }
            throw refusal;
        }
        snapshots.refresh();
        return outcome;
    }
}
