package com.smashcost.account.control;

import com.smashcost.account.entity.Member;
import com.smashcost.account.entity.Organization;
import jakarta.ejb.Stateless;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.util.Locale;
import java.util.Optional;

/** The people of organisations. */
@Stateless
public class Members {

    @PersistenceContext
    private EntityManager database;

    /** The member with this mail address, in whatever case it is written. */
    public Optional<Member> findByEmail(String email) {
        String wanted = email.strip().toLowerCase(Locale.ROOT);
        // the column's collation also takes é for e, which is another mailbox
        return database.createNamedQuery("Member.byEmail", Member.class)
                .setParameter("email", wanted)
                .getResultStream()
                .filter(member -> member.email().toLowerCase(Locale.ROOT).equals(wanted))
                .findFirst();
    }

    /** The organisation that this member belongs to. */
    public Organization organizationOf(Member member) {
        return database.find(Organization.class, member.organizationId());
    }

    /** Replaces a member's password by one with this bcrypt hash. */
    public void changePassword(long memberId, String bcrypt) {
        database.find(Member.class, memberId).changePassword(bcrypt);
    }
}
