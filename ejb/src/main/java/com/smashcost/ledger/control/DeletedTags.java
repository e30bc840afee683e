package com.smashcost.ledger.control;

import com.smashcost.account.control.OrganizationErased;
import jakarta.ejb.Stateless;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;

/** Erases the tag texts of an organisation that is being deleted; its ledger rows keep ids that say nothing. */
@Stateless
public class DeletedTags {

    @PersistenceContext(unitName = "smashcost")
    private EntityManager database;

    /** Erases them. */
    public void erase(@Observes OrganizationErased erased) {
        database.createNativeQuery("DELETE FROM tag WHERE organization_id = ?1")
                .setParameter(1, erased.organizationId())
                .executeUpdate();
    }
}
