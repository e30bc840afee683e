package com.smashcost.gateway.control;

import com.smashcost.access.control.KeyText;
import com.smashcost.access.control.Pepper;
import com.smashcost.admission.control.RateLimits;
import com.smashcost.admission.control.SlidingWindow.Permit;
import com.smashcost.catalog.control.Catalogue;
import com.smashcost.catalog.control.Catalogue.Offer;
import com.smashcost.catalog.control.Catalogue.Price;
import com.smashcost.ledger.control.Ledger;
import com.smashcost.ledger.control.OpenEntry;
import com.smashcost.ledger.entity.LedgerEntry;
import com.smashcost.ledger.entity.LedgerEntry.Choice;
import com.smashcost.ledger.entity.LedgerEntry.FrozenPrices;
import com.smashcost.ledger.entity.LedgerEntry.Metered;
import com.smashcost.ledger.entity.LedgerEntry.Outcome;
import com.smashcost.metering.control.Meter;
import com.smashcost.provider.control.Answer;
import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.Provider;
import com.smashcost.provider.control.Providers;
import com.smashcost.provider.control.Upstream;
import com.smashcost.provider.control.UpstreamFailure;
import com.smashcost.provider.control.UpstreamFailure.Kind;
import com.smashcost.provider.control.openai.OpenAiError;
import com.smashcost.provider.control.openai.OpenAiProvider;
import com.smashcost.provider.control.openai.OpenAiRequest;
import com.smashcost.provider.control.openai.OpenAiUsage;
import com.smashcost.provider.entity.Usage;
import com.smashcost.refusal.control.Refusal;
import com.smashcost.routing.control.Router;
import com.smashcost.routing.control.Router.Decision;
import com.smashcost.secret.control.Binding;
import com.smashcost.secret.control.Secret;
import com.smashcost.secret.control.Vault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The straight line of one request: key, limit, decision, intent, call, charge, record. It reads one snapshot, touches no
 * database, and leaves exactly one ledger record for every request it accepted.
 */
@ApplicationScoped
public class Gateway {

    private static final int LARGEST_ANSWER = 64 * 1024 * 1024;

    /** Where models go that the catalogue does not know: to the provider whose dialect the route speaks. */
    private static final String PROVIDER_OF_UNKNOWN_MODELS = "openai";

    @Inject
    private Snapshots snapshots;

    @Inject
    private Pepper pepper;

    @Inject
    private RateLimits limits;

    @Inject
    private Providers providers;

    @Inject
    private Vault vault;

    @Inject
    private Ledger ledger;

    @Inject
    private Upstream upstream;

    /**
     * Lets a caller in who has a live key of an organisation whose traffic flows. Counts against no limit.
     *
     * @param credential the key as it was sent; null if none was
     * @throws Refusal.Unauthenticated if there is no such key
     * @throws Refusal.Unavailable if there may be such a key but the database cannot be asked
     * @throws Refusal.Forbidden if the operator blocked the organisation
     */
    public Admission authenticate(@Nullable String credential) {
        KeyText key = KeyText.parse(credential).orElseThrow(Gateway::unknownKey);
        Snapshot snapshot = snapshots.current();
        Optional<Snapshot.Door> door = snapshot.open(key, pepper.hash(key));
        if (door.isEmpty() && !snapshots.isFresh()) {
            throw new Refusal.Unavailable(
                    "key_unverifiable",
                    "The database is away and this key is not among those known; try again.",
                    Duration.ofSeconds(2));
        }
        Tenant tenant = door.map(found -> snapshot.tenants().get(found.organizationId()))
                .orElseThrow(Gateway::unknownKey);
        if (!tenant.status().letsTrafficFlow()) {
            throw new Refusal.Forbidden("organization_blocked", "The operator has blocked this organisation.");
        }
        return new Admission(snapshot, tenant, door.get(), null);
    }

    /**
     * Lets in by {@link #authenticate} who is within the organisation's rate limit.
     *
     * @throws RateLimited if the limit is reached
     */
    public Admission admit(@Nullable String credential) {
        Admission in = authenticate(credential);
        Permit permit =
                limits.take(in.tenant().id(), in.tenant().requestsPerMinute()).orElse(null);
        if (permit != null && !permit.granted()) {
            throw new RateLimited(permit);
        }
        return new Admission(in.snapshot(), in.tenant(), in.door(), permit);
    }

    /** A rate limit was reached; says when it will not be. */
    public static final class RateLimited extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Permit permit;

        RateLimited(Permit permit) {
            super("rate limit reached", null, false, false);
            this.permit = permit;
        }

        public Permit permit() {
            return permit;
        }
    }

    /** The models that this caller can use now, by provider and name. */
    public List<Offer> models(Admission admission) {
        return admission.snapshot().catalogue().offers().stream()
                .filter(Offer::enabled)
                .filter(offer -> admission.tenant().credential(offer.provider()).isPresent())
                .toList();
    }

    /**
     * Serves a chat completion in the OpenAI dialect.
     *
     * @param beta the client's {@code OpenAI-Beta} header; null if it sent none
     * @throws Refusal if the request is not accepted, which leaves no record
     */
    public Reply chat(Admission admission, Exchange exchange, byte[] body, @Nullable String beta) {
        OpenAiRequest request = OpenAiRequest.read(body);
        Tenant tenant = admission.tenant();
        Decision decision = Router.decide(tenant.status(), request.model(), tenant.defaultModel());
        Target target = target(admission, exchange, decision);
        OpenEntry entry = ledger.open(intent(admission, exchange, request, decision, target));
        Ending ending = new Ending(exchange, entry, target.meter(), target.usedVersion(), target.baselineVersion());
        try {
            Answer answer = call(admission, exchange, request, target, decision, beta);
            Map<String, String> headers = headers(admission, exchange, request, decision, target);
            answer.headers((name, value) -> {
                if (OpenAiProvider.passesOn(name)) {
                    headers.putIfAbsent(name, value);
                }
            });
            if (answer.status() == 200 && request.stream() && answer.isEventStream()) {
                headers.put("Cache-Control", "no-cache");
                headers.put("X-Accel-Buffering", "no");
                return new Reply.Live(200, headers, new StreamFlow(answer, exchange, ending, request.withholdsUsage()));
            }
            try (answer) {
                return whole(answer, readAll(answer, exchange), headers, ending);
            }
        } catch (UpstreamFailure failure) {
            return failed(failure, headers(admission, exchange, request, decision, target), ending);
        } catch (RuntimeException e) {
            ending.failed(500, "internal", Usage.UNKNOWN, null);
            throw e;
        }
    }

    private Answer call(
            Admission admission,
            Exchange exchange,
            OpenAiRequest request,
            Target target,
            Decision decision,
            @Nullable String beta)
            throws UpstreamFailure {
        Tenant.SealedCredential sealed = target.credential();
        Provider provider = target.provider();
        Binding binding = Binding.ofCredential(
                admission.tenant().id(), provider.id(), sealed.origin(), sealed.id(), sealed.version());
        Map<String, String> headers;
        try (Secret apiKey = vault.open(sealed.envelope(), binding)) {
            headers = OpenAiProvider.headers(apiKey.bytes(), request.stream(), beta);
        }
        return upstream.post(
                OpenAiProvider.chatCompletions(provider), headers, request.bodyFor(decision.model()), exchange.call());
    }

    private Reply whole(Answer answer, byte[] body, Map<String, String> headers, Ending ending) {
        int status = answer.status();
        if (status == 401 || status == 403) {
            return credentialRejected(headers, ending);
        }
        if (status >= 200 && status < 300) {
            OpenAiUsage report = OpenAiUsage.read(body, 0, body.length).orElse(null);
            if (report == null) {
                return failed(new UpstreamFailure(Kind.upstream_invalid_response), headers, ending);
            }
            BigDecimal cost = ending.succeeded(status, report.usage(), report.serviceTier(), null);
            if (cost != null) {
                headers.put("X-SmashCost-Cost-USD", cost.stripTrailingZeros().toPlainString());
            }
            return new Reply.Whole(status, headers, body);
        }
        if (!OpenAiError.isOne(body)) {
            return failed(new UpstreamFailure(Kind.upstream_invalid_response), headers, ending);
        }
        ending.failed(status, errorClass(status), Usage.UNKNOWN, null);
        return new Reply.Whole(status, headers, body);
    }

    private static Reply failed(UpstreamFailure failure, Map<String, String> headers, Ending ending) {
        return switch (failure.kind()) {
            case upstream_timeout -> own(504, failure, "The provider did not answer in time.", headers, ending);
            case upstream_unreachable -> own(502, failure, "The provider cannot be reached.", headers, ending);
            case upstream_closed_early ->
                own(502, failure, "The provider broke off before its answer was complete.", headers, ending);
            case upstream_invalid_response ->
                own(502, failure, "The provider sent what is not an answer in its dialect.", headers, ending);
            case client_closed -> own(499, failure, "The client left.", headers, ending);
        };
    }

    private static Reply credentialRejected(Map<String, String> headers, Ending ending) {
        ending.failed(502, "provider_credential_rejected", Usage.UNKNOWN, null);
        return ourError(
                502,
                "provider_credential_rejected",
                "The provider refused the credential that is stored for your organisation. Your gateway key is fine.",
                headers);
    }

    private static Reply own(
            int status, UpstreamFailure failure, String message, Map<String, String> headers, Ending ending) {
        ending.failed(status, failure.kind().name(), Usage.UNKNOWN, null);
        return ourError(status, failure.kind().name(), message, headers);
    }

    private static Reply ourError(int status, String code, String message, Map<String, String> headers) {
        headers.put("content-type", "application/json");
        return new Reply.Whole(status, headers, OpenAiError.body(status, code, message, null));
    }

    static String errorClass(int status) {
        return switch (status) {
            case 429 -> "upstream_rate_limited";
            case 408, 504 -> "upstream_timeout";
            default -> status < 500 ? "upstream_rejected" : "upstream_error";
        };
    }

    private static byte[] readAll(Answer answer, Exchange exchange) throws UpstreamFailure {
        ByteArrayOutputStream whole = new ByteArrayOutputStream(4096);
        byte[] buffer = new byte[8192];
        try {
            for (int count = answer.read(buffer); count >= 0; count = answer.read(buffer)) {
                whole.write(buffer, 0, count);
                if (whole.size() > LARGEST_ANSWER) {
                    throw new UpstreamFailure(Kind.upstream_invalid_response);
                }
            }
        } catch (IOException e) {
            throw Upstream.failure(exchange.call(), e);
        }
        return whole.toByteArray();
    }

    private LedgerEntry intent(
            Admission admission, Exchange exchange, OpenAiRequest request, Decision decision, Target target) {
        return new LedgerEntry(
                exchange.id(),
                admission.tenant().id(),
                admission.door().keyId(),
                exchange.startedAt(),
                request.stream(),
                exchange.tags(),
                new Choice(
                        request.model(),
                        decision.model(),
                        null,
                        target.provider().id(),
                        decision.routing(),
                        decision.mode(),
                        null,
                        null),
                new Outcome(null, null, 1, false, null, null),
                Metered.UNKNOWN);
    }

    private static Map<String, String> headers(
            Admission admission, Exchange exchange, OpenAiRequest request, Decision decision, Target target) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("X-SmashCost-Request-Id", exchange.id().toString());
        headers.put("X-SmashCost-Model-Requested", request.model());
        headers.put("X-SmashCost-Model-Used", decision.model());
        headers.put("X-SmashCost-Provider", target.provider().id());
        headers.put("X-SmashCost-Mode", decision.mode().name());
        headers.put("X-SmashCost-Routing", decision.routing().name());
        headers.put("X-SmashCost-Attempts", "1");
        Permit permit = admission.permit();
        if (permit != null) {
            RateLimitHeaders.put(permit, headers);
        }
        return headers;
    }

    /** Where a request goes, and at what prices. */
    private record Target(
            Provider provider,
            Tenant.SealedCredential credential,
            @Nullable Price used,
            @Nullable Price baseline) {

        Meter meter() {
            return new Meter(used, baseline);
        }

        @Nullable
        Long usedVersion() {
            return used == null ? null : used.versionId();
        }

        @Nullable
        Long baselineVersion() {
            return baseline == null ? null : baseline.versionId();
        }
    }

    private Target target(Admission admission, Exchange exchange, Decision decision) {
        Catalogue catalogue = admission.snapshot().catalogue();
        Optional<Offer> offer = catalogue.find(decision.model());
        if (offer.isPresent() && !offer.get().enabled()) {
            throw new Refusal.NotFound(
                    "model_not_found", "The model is switched off in this installation's catalogue.");
        }
        String providerId = offer.map(Offer::provider).orElse(PROVIDER_OF_UNKNOWN_MODELS);
        Provider provider = providers
                .find(providerId)
                .filter(found -> found.dialect() == Dialect.OPENAI_CHAT)
                .orElseThrow(() -> new Refusal.BadRequest(
                        "model_not_supported",
                        "Models of the provider " + providerId + " cannot be called on this route.",
                        "model"));
        Tenant.SealedCredential credential = admission
                .tenant()
                .credential(providerId)
                .orElseThrow(() -> new Refusal.BadRequest(
                        "provider_credential_missing",
                        "Your organisation has no credential for the provider " + providerId
                                + ", which this model needs. Add one and try again.",
                        "model"));
        if (!credential.origin().equals(provider.origin())) {
            throw new Refusal.BadRequest(
                    "provider_credential_missing",
                    "The credential for the provider " + providerId
                            + " was entered for another address than is configured now. Enter it again.",
                    "model");
        }
        return new Target(
                provider,
                credential,
                offer.flatMap(found -> found.priceAt(exchange.startedAt())).orElse(null),
                catalogue
                        .find(decision.baseline())
                        .flatMap(found -> found.priceAt(exchange.startedAt()))
                        .orElse(null));
    }

    private static Refusal.Unauthenticated unknownKey() {
        return new Refusal.Unauthenticated(
                "invalid_api_key",
                "This is no live key of this gateway. Send a SmashCost key as Authorization: Bearer or x-api-key.");
    }

    /** How a request ends in the ledger: once, with what its provider reported, at the prices of when it began. */
    record Ending(
            Exchange exchange,
            OpenEntry entry,
            Meter meter,
            @Nullable Long usedVersion,
            @Nullable Long baselineVersion) {

        /** Records a success; returns its cost in US dollars, null where unknown. */
        @Nullable
        BigDecimal succeeded(int status, Usage usage, @Nullable String serviceTier, @Nullable Duration firstToken) {
            Metered metered = metered(usage, serviceTier);
            entry.complete(new Outcome(status, null, 1, false, exchange.age(), firstToken), metered);
            return metered.cost();
        }

        /** Records a failure with what was used all the same. */
        void failed(int status, String errorClass, Usage usage, @Nullable Duration firstToken) {
            entry.complete(new Outcome(status, errorClass, 1, false, exchange.age(), firstToken), metered(usage, null));
        }

        private Metered metered(Usage usage, @Nullable String serviceTier) {
            Meter.Reading reading = meter.read(usage, serviceTier);
            return new Metered(
                    usage,
                    false,
                    serviceTier,
                    new FrozenPrices(usedVersion, reading.usedPrices()),
                    new FrozenPrices(baselineVersion, reading.baselinePrices()),
                    reading.cost(),
                    reading.baselineCost(),
                    null);
        }
    }
}
