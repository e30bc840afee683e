package com.smashcost.provider.control;

import com.smashcost.account.control.OrganizationErased;
import com.smashcost.account.control.Organizations;
import com.smashcost.audit.control.Audit;
import com.smashcost.audit.entity.Actor;
import com.smashcost.audit.entity.AuditRecord;
import com.smashcost.job.control.BusinessClock;
import com.smashcost.provider.entity.ProviderCredential;
import com.smashcost.refusal.control.Expect;
import com.smashcost.refusal.control.Refusal;
import com.smashcost.secret.control.Binding;
import com.smashcost.secret.control.Vault;
import jakarta.ejb.Stateless;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The customers' own API keys for the providers, encrypted as soon as they arrive; nothing here gives one back. */
@Stateless
public class Credentials {

    private static final Pattern API_KEY = Pattern.compile("[!-~]{8,512}");

    /** A shorter key would be half known by its last four characters. */
    private static final int SHORTEST_TO_SHOW_FOUR_OF = 16;

    @PersistenceContext(unitName = "smashcost")
    private EntityManager database;

    @Inject
    private Organizations organizations;

    @Inject
    private Providers providers;

    @Inject
    private Vault vault;

    @Inject
    private Audit audit;

    @Inject
    private BusinessClock clock;

    /**
     * Keeps the organisation's key for this provider, in the place of an earlier one. It can be sent only to the place that this
     * provider has now.
     *
     * @throws Refusal if the provider is unknown, the key cannot be one, or the organisation was deleted
     */
    public ProviderCredential put(long organizationId, String providerId, @Nullable String apiKey, Actor actor) {
        organizations.hold(organizationId);
        Provider provider = require(providerId);
        String key = Expect.present("api_key", apiKey);
        if (!API_KEY.matcher(key).matches()) {
            throw Expect.refuse("api_key", "must have 8 to 512 visible ASCII characters");
        }
        Instant now = clock.now();
        ProviderCredential credential = find(organizationId, provider.id()).orElse(null);
        if (credential == null) {
            credential = new ProviderCredential(organizationId, provider.id(), provider.origin(), now);
            database.persist(credential);
            database.flush();
        }
        int version = credential.nextVersion(provider.origin());
        byte[] bytes = key.getBytes(StandardCharsets.US_ASCII);
        try {
            byte[] envelope = vault.seal(
                    bytes,
                    Binding.ofCredential(organizationId, provider.id(), provider.origin(), credential.id(), version));
            credential.seal(envelope, lastFour(key), fingerprint(bytes), now);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
        note(organizationId, actor, "credential.put", provider.id());
        return credential;
    }

    /** The credentials of the organisation, by provider. */
    public List<ProviderCredential> list(long organizationId) {
        return database.createNamedQuery("ProviderCredential.ofOrganization", ProviderCredential.class)
                .setParameter("organization", organizationId)
                .getResultList();
    }

    /**
     * Deletes the organisation's key for this provider.
     *
     * @throws Refusal if there is none
     */
    public void delete(long organizationId, String providerId, Actor actor) {
        organizations.hold(organizationId);
        Provider provider = require(providerId);
        database.remove(find(organizationId, provider.id())
                .orElseThrow(() -> new Refusal.NotFound(
                        "credential_not_found", "The organization has no credential for this provider.")));
        note(organizationId, actor, "credential.delete", provider.id());
    }

    /** Deletes the credentials of an organisation that is being deleted. */
    public void erase(@Observes OrganizationErased erased) {
        list(erased.organizationId()).forEach(database::remove);
    }

    private Optional<ProviderCredential> find(long organizationId, String provider) {
        return database.createNamedQuery("ProviderCredential.byProvider", ProviderCredential.class)
                .setParameter("organization", organizationId)
                .setParameter("provider", provider)
                .getResultStream()
                .findFirst();
    }

    private Provider require(String id) {
        return providers
                .find(id)
                .orElseThrow(() -> Expect.refuse(
                        "provider",
                        "must be one of "
                                + String.join(
                                        ", ",
                                        providers.all().stream()
                                                .map(Provider::id)
                                                .toList())));
    }

    private void note(long organizationId, Actor actor, String action, String provider) {
        audit.append(
                new AuditRecord(organizationId, clock.now(), actor, action, provider, AuditRecord.Outcome.done, null));
    }

    static String lastFour(String key) {
        return key.length() < SHORTEST_TO_SHOW_FOUR_OF ? "" : key.substring(key.length() - 4);
    }

    /** The first 16 hexadecimal digits of the key's SHA-256, which its owner can compute to see which key is stored. */
    static String fingerprint(byte[] key) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
