package com.smashcost.access.control;

import com.smashcost.account.entity.Member;
import com.smashcost.account.entity.MemberRole;
import jakarta.security.enterprise.CallerPrincipal;
import java.util.Set;

/** The member behind a request of the portal, named by an opaque id so that the name may be written into the trail. */
public final class SignedInMember extends CallerPrincipal {

    private static final long serialVersionUID = 1L;

    private final long memberId;
    private final long organizationId;
    private final String email;
    private final MemberRole role;

    private SignedInMember(long memberId, long organizationId, String email, MemberRole role) {
        super("member:" + memberId);
        this.memberId = memberId;
        this.organizationId = organizationId;
        this.email = email;
        this.role = role;
    }

    /** The principal of this member. */
    public static SignedInMember of(Member member) {
        return new SignedInMember(member.id(), member.organizationId(), member.email(), member.role());
    }

    /** The groups by which beans are guarded. */
    public Set<String> groups() {
        return Set.of("member", role.name());
    }

    public long memberId() {
        return memberId;
    }

    public long organizationId() {
        return organizationId;
    }

    public String email() {
        return email;
    }

    public MemberRole role() {
        return role;
    }
}
