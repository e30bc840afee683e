package com.smashcost.gateway.control;

import com.smashcost.catalog.control.Catalogue.Offer;
import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.Provider;
import com.smashcost.provider.control.Providers;
import com.smashcost.provider.control.conversation.Traits;
import com.smashcost.refusal.control.Refusal;
import java.util.Map;
import java.util.Optional;

/**
 * Where a request goes.
 *
 * @param dialect in which the provider is spoken to
 */
record Target(Provider provider, Tenant.SealedCredential credential, Dialect dialect, Traits traits) {

    /**
     * The target for a model; one that the catalogue does not know goes to the provider whose dialect the client speaks.
     *
     * @throws Refusal if the organisation cannot use the model
     */
    static Target of(Admission admission, Providers providers, Dialect route, String model) {
        String mode =
                admission.snapshot().catalogue().find(model).map(Offer::mode).orElse("chat");
        return ofKind(mode.equals("responses") ? mode : "chat", admission, providers, route, model);
    }

    /** The same for models of another kind, such as {@code embedding}. */
    static Target ofKind(String kind, Admission admission, Providers providers, Dialect route, String model) {
        Optional<Offer> offer = admission.snapshot().catalogue().find(model);
        if (offer.isPresent() && !offer.get().enabled()) {
            throw new Refusal.NotFound(
                    "model_not_found", "The model is switched off in this installation's catalogue.");
        }
        String providerId =
                offer.map(Offer::provider).orElse(route == Dialect.ANTHROPIC_MESSAGES ? "anthropic" : "openai");
        Provider provider = providers
                .find(providerId)
                .orElseThrow(() -> new Refusal.BadRequest(
                        "model_not_supported",
                        "The provider of this model is not known to this installation.",
                        "model"));
        String mode = offer.map(Offer::mode).orElse(kind);
        if (!mode.equals(kind)) {
            throw new Refusal.BadRequest(
                    "model_not_supported", "This model is for " + mode + " and cannot be used on this route.", "model");
        }
        Traits traits = new Traits(
                model,
                providerId,
                offer.map(Offer::contextWindow).orElse(null),
                offer.map(Offer::maxOutputTokens).orElse(null),
                offer.map(Offer::capabilities).orElse(Map.of()));
        boolean keepsThoughts = route == Dialect.ANTHROPIC_MESSAGES && traits.can("reasoning");
        return new Target(
                provider,
                credential(admission, provider),
                provider.dialectFor(route, mode.equals("responses") || keepsThoughts),
                traits);
    }

    /** The organisation's credential for a provider, bound to the address that is configured now. */
    static Tenant.SealedCredential credential(Admission admission, Provider provider) {
        Tenant.SealedCredential credential = admission
                .tenant()
                .credential(provider.id())
                .orElseThrow(() -> new Refusal.BadRequest(
                        "provider_credential_missing",
                        "Your organisation has no credential for the provider " + provider.id()
                                + ", which this model needs. Add one and try again.",
                        "model"));
        if (!credential.origin().equals(provider.origin())) {
            throw new Refusal.BadRequest(
                    "provider_credential_missing",
                    "The credential for the provider " + provider.id()
                            + " was entered for another address than is configured now. Enter it again.",
                    "model");
        }
        return credential;
    }
}
