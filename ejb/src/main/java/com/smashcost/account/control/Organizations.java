package com.smashcost.account.control;

import com.smashcost.account.entity.Member;
import com.smashcost.account.entity.MemberRole;
import com.smashcost.account.entity.Organization;
import com.smashcost.account.entity.OrganizationSettings;
import com.smashcost.account.entity.SubscriptionStatus;
import com.smashcost.audit.control.Audit;
import com.smashcost.audit.entity.Actor;
import com.smashcost.audit.entity.AuditRecord;
import com.smashcost.job.control.BusinessClock;
import com.smashcost.refusal.control.Expect;
import com.smashcost.refusal.control.Refusal;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.PersistenceException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The organisations that there are and, under opaque names, those that there were. */
@Stateless
public class Organizations {

    private static final String ERASED = "deleted-";
    private static final int LONGEST_NAME = 200;

    @PersistenceContext(unitName = "smashcost")
    private EntityManager database;

    @Inject
    private Subscriptions subscriptions;

    @Inject
    private Audit audit;

    @Inject
    private BusinessClock clock;

    @Inject
    private Event<OrganizationErased> erased;

    /**
     * Founds an organisation in observation, with the usual settings and an owner who has no password yet.
     *
     * @throws Refusal if a field is wrong, or the slug or the mail address is in use
     */
    public Organization create(@Nullable String slug, @Nullable String name, @Nullable String ownerEmail, Actor actor) {
        String freeSlug = checkSlug(slug);
        EmailAddress owner = EmailAddress.of("owner_email", ownerEmail);
        Instant now = clock.now();
        Organization organization = new Organization(freeSlug, Expect.text("name", name, LONGEST_NAME), now);
        if (bySlug(freeSlug).isPresent()) {
            throw slugTaken();
        }
        if (isMember(owner)) {
            throw emailTaken();
        }
        store(organization, "organization_slug", slugTaken());
        database.persist(new OrganizationSettings(organization.id()));
        store(new Member(organization.id(), owner.text(), MemberRole.owner, now), "member_email", emailTaken());
        audit.append(new AuditRecord(
                organization.id(),
                now,
                actor,
                "organization.create",
                Long.toString(organization.id()),
                AuditRecord.Outcome.done,
                null));
        return organization;
    }

    /**
     * The organisation of this slug.
     *
     * @throws Refusal if there is none
     */
    public Organization require(String slug) {
        return bySlug(slug).orElseThrow(Organizations::unknown);
    }

    /** The organisation of this id. */
    public Optional<Organization> find(long organizationId) {
        return Optional.ofNullable(database.find(Organization.class, organizationId));
    }

    /**
     * The organisation of this id, locked until the caller's transaction ends. Call it first in a transaction that changes
     * anything the organisation owns: changes of one organisation happen one after another, and none after its deletion.
     *
     * @throws Refusal if there is none, or it was deleted
     */
    @TransactionAttribute(TransactionAttributeType.MANDATORY)
    public Organization hold(long organizationId) {
        Organization organization = database.find(Organization.class, organizationId, LockModeType.PESSIMISTIC_WRITE);
        if (organization == null) {
            throw unknown();
        }
        if (organization.status() == SubscriptionStatus.DELETED) {
            throw new Refusal.Conflict("organization_deleted", "The organization was deleted.");
        }
        return organization;
    }

    /**
     * Organisations by slug.
     *
     * @param after only those whose slugs sort after this one; null = from the first
     */
    public List<Organization> page(int limit, @Nullable String after) {
        return database.createQuery(
                        "SELECT o FROM Organization o WHERE o.slug > :after ORDER BY o.slug", Organization.class)
                .setParameter("after", after == null ? "" : after)
                .setMaxResults(limit)
                .getResultList();
    }

    /** The settings of this organisation. */
    public Settings settings(long organizationId) {
        return Settings.of(stored(organizationId));
    }

    /**
     * Changes the settings from what they are when the change is made to what {@code change} makes of them.
     *
     * @throws Refusal if a setting is out of its limits
     */
    public Settings changeSettings(long organizationId, UnaryOperator<Settings> change, Actor actor) {
        hold(organizationId);
        OrganizationSettings stored = stored(organizationId);
        Settings before = Settings.of(stored);
        Settings after = change.apply(before);
        String changes = after.changesSince(before);
        if (!changes.isEmpty()) {
            after.writeTo(stored);
            audit.append(new AuditRecord(
                    organizationId, clock.now(), actor, "settings.change", null, AuditRecord.Outcome.done, changes));
        }
        return after;
    }

    /**
     * Deletes the organisation for good: its keys, credentials and sessions end at once, and its names, mail addresses and tag
     * texts are erased. Its rows in the ledger and the trail stay, under ids that name nobody.
     *
     * @throws Refusal if there is none, or it was deleted already
     */
    public void delete(long organizationId, Actor actor, String reason) {
        Organization organization = subscriptions.transition(organizationId, SubscriptionStatus.DELETED, actor, reason);
        organization.erase();
        erased.fire(new OrganizationErased(organizationId, clock.now()));
        database.createQuery("DELETE FROM Member m WHERE m.organizationId = :organization")
                .setParameter("organization", organizationId)
                .executeUpdate();
        database.createQuery("DELETE FROM MailMessage m WHERE m.organizationId = :organization")
                .setParameter("organization", organizationId)
                .executeUpdate();
    }

    static Refusal unknown() {
        return new Refusal.NotFound("organization_not_found", "There is no such organization.");
    }

    private static String checkSlug(@Nullable String slug) {
        String text = Expect.present("slug", slug);
        if (!Organization.SLUG.matcher(text).matches()) {
            throw Expect.refuse("slug", "must have 2 to 63 lower-case letters, digits and inner hyphens");
        }
        if (text.startsWith(ERASED)) {
            throw Expect.refuse("slug", "must not begin with " + ERASED + ", as the slugs of deleted organizations do");
        }
        return text;
    }

    private Optional<Organization> bySlug(String slug) {
        return database.createNamedQuery("Organization.bySlug", Organization.class)
                .setParameter("slug", slug)
                .getResultStream()
                .findFirst();
    }

    private boolean isMember(EmailAddress email) {
        return !database.createNamedQuery("Member.byEmail", Member.class)
                .setParameter("email", email.text())
                .getResultList()
                .isEmpty();
    }

    private OrganizationSettings stored(long organizationId) {
        OrganizationSettings stored = database.find(OrganizationSettings.class, organizationId);
        if (stored == null) {
            throw unknown();
        }
        return stored;
    }

    /** Stores it now; whoever was faster than our look has taken the key, which is refused in the same words. */
    private void store(Object entity, String uniqueKey, Refusal taken) {
        try {
            database.persist(entity);
            database.flush();
        } catch (PersistenceException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof SQLIntegrityConstraintViolationException
                        && String.valueOf(cause.getMessage()).contains(uniqueKey)) {
                    throw taken;
                }
            }
            throw e;
        }
    }

    private static Refusal slugTaken() {
        return new Refusal.Conflict("slug_taken", "Another organization has this slug.");
    }

    private static Refusal emailTaken() {
        return new Refusal.Conflict("email_taken", "Another member has this mail address.");
    }
}
