package com.smashcost.access.control;

import com.smashcost.account.control.OrganizationErased;
import com.smashcost.account.entity.Member;
import jakarta.ejb.Stateless;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.util.List;

/** Signs out the members of an organisation that is being deleted, and forgets that they were ever signed in. */
@Stateless
public class DeletedMembers {

    @PersistenceContext(unitName = "smashcost")
    private EntityManager database;

    @Inject
    private PortalSessions sessions;

    /** Ends and erases their sessions. */
    public void signOut(@Observes OrganizationErased erased) {
        List<Member> members = database.createNamedQuery("Member.ofOrganization", Member.class)
                .setParameter("organization", erased.organizationId())
                .getResultList();
        for (Member member : members) {
            sessions.endAllOf(member.id());
            database.createQuery("DELETE FROM PortalSession s WHERE s.memberId = :member")
                    .setParameter("member", member.id())
                    .executeUpdate();
        }
    }
}
