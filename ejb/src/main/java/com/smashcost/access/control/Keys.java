package com.smashcost.access.control;

import com.smashcost.access.entity.GatewayKey;
import com.smashcost.account.control.OrganizationErased;
import com.smashcost.account.control.Organizations;
import com.smashcost.audit.control.Audit;
import com.smashcost.audit.entity.Actor;
import com.smashcost.audit.entity.AuditRecord;
import com.smashcost.job.control.BusinessClock;
import com.smashcost.refusal.control.Expect;
import com.smashcost.refusal.control.Refusal;
import jakarta.ejb.Stateless;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The gateway keys of organisations. */
@Stateless
public class Keys {

    private static final int LONGEST_NAME = 100;

    @PersistenceContext(unitName = "smashcost")
    private EntityManager database;

    @Inject
    private Organizations organizations;

    @Inject
    private Pepper pepper;

    @Inject
    private Audit audit;

    @Inject
    private BusinessClock clock;

    /**
     * A key that was just issued.
     *
     * @param text the whole key, which nobody can read again once this is gone
     */
    public record Issued(GatewayKey stored, KeyText text) {}

    /**
     * Issues a key under a name by which its owner will know it.
     *
     * @throws Refusal if the name is wrong or the organisation was deleted
     */
    public Issued issue(long organizationId, @Nullable String name, Actor actor) {
        organizations.hold(organizationId);
        KeyText text = KeyText.mint();
        GatewayKey key = new GatewayKey(
                organizationId,
                text.publicId(),
                Expect.text("name", name, LONGEST_NAME),
                pepper.hash(text),
                clock.now());
        database.persist(key);
        note(organizationId, actor, "key.create", text.publicId());
        return new Issued(key, text);
    }

    /** All keys of the organisation, revoked ones too, oldest first. */
    public List<GatewayKey> list(long organizationId) {
        return database.createNamedQuery("GatewayKey.ofOrganization", GatewayKey.class)
                .setParameter("organization", organizationId)
                .getResultList();
    }

    /**
     * The organisation's key under this public id.
     *
     * @throws Refusal if there is none
     */
    public GatewayKey require(long organizationId, String publicId) {
        return database.createNamedQuery("GatewayKey.byPublicId", GatewayKey.class)
                .setParameter("organization", organizationId)
                .setParameter("publicId", publicId)
                .getResultStream()
                .findFirst()
                .orElseThrow(() -> new Refusal.NotFound("key_not_found", "The organization has no such key."));
    }

    /**
     * Ends a key for good; a second call changes nothing.
     *
     * @throws Refusal if there is no such key
     */
    public GatewayKey revoke(long organizationId, String publicId, Actor actor) {
        organizations.hold(organizationId);
        GatewayKey key = require(organizationId, publicId);
        if (key.revokedAt() == null) {
            key.revoke(clock.now());
            note(organizationId, actor, "key.revoke", publicId);
        }
        return key;
    }

    /** Erases the keys of an organisation that is being deleted. */
    public void erase(@Observes OrganizationErased erased) {
        list(erased.organizationId()).forEach(key -> key.erase(erased.at()));
    }

    private void note(long organizationId, Actor actor, String action, String publicId) {
        audit.append(
                new AuditRecord(organizationId, clock.now(), actor, action, publicId, AuditRecord.Outcome.done, null));
    }
}
