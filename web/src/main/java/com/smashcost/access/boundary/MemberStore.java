package com.smashcost.access.boundary;

import com.smashcost.access.control.Passwords;
import com.smashcost.access.control.SignedInMember;
import com.smashcost.account.control.Members;
import com.smashcost.account.entity.Member;
import com.smashcost.account.entity.SubscriptionStatus;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.security.enterprise.credential.Credential;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStore;
import java.util.Optional;

/** The portal's members, known by mail address and password; they are in the group {@code member} and that of their role. */
@ApplicationScoped
public class MemberStore implements IdentityStore {

    @Inject
    private Members members;

    @Inject
    private Passwords passwords;

    @Override
    public CredentialValidationResult validate(Credential credential) {
        return credential instanceof UsernamePasswordCredential password
                ? validate(password)
                : CredentialValidationResult.NOT_VALIDATED_RESULT;
    }

    private CredentialValidationResult validate(UsernamePasswordCredential credential) {
        Optional<Member> member = members.findByEmail(credential.getCaller())
                .filter(found -> members.organizationOf(found).status() != SubscriptionStatus.DELETED);
        boolean proven = passwords.matches(
                credential.getPasswordAsString(),
                member.map(Member::passwordHash).orElse(null));
        if (member.isEmpty() || !proven) {
            return CredentialValidationResult.INVALID_RESULT;
        }
        SignedInMember caller = SignedInMember.of(member.get());
        return new CredentialValidationResult(caller, caller.groups());
    }
}
