package com.smashcost.gateway.control;

import com.smashcost.access.control.KeyText;
import com.smashcost.access.control.Pepper;
import com.smashcost.admission.control.Budgets;
import com.smashcost.admission.control.Hold;
import com.smashcost.admission.control.RateLimits;
import com.smashcost.admission.control.SlidingWindow.Permit;
import com.smashcost.catalog.control.Catalogue.Offer;
import com.smashcost.ledger.control.Ledger;
import com.smashcost.ledger.control.OpenEntry;
import com.smashcost.ledger.entity.LedgerEntry;
import com.smashcost.ledger.entity.LedgerEntry.Choice;
import com.smashcost.ledger.entity.LedgerEntry.Metered;
import com.smashcost.ledger.entity.LedgerEntry.Outcome;
import com.smashcost.metering.control.WorstCase;
import com.smashcost.provider.control.Answer;
import com.smashcost.provider.control.ClientBody;
import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.Dialects;
import com.smashcost.provider.control.Providers;
import com.smashcost.provider.control.Upstream;
import com.smashcost.provider.control.UpstreamFailure;
import com.smashcost.provider.control.anthropic.AnthropicResponse;
import com.smashcost.refusal.control.Refusal;
import com.smashcost.routing.control.Classification;
import com.smashcost.routing.control.Conversation;
import com.smashcost.routing.control.Experience;
import com.smashcost.routing.control.Router;
import com.smashcost.routing.control.RoutingDecision;
import com.smashcost.routing.control.Terms;
import com.smashcost.routing.control.Weighing;
import com.smashcost.secret.control.Binding;
import com.smashcost.secret.control.Secret;
import com.smashcost.secret.control.Vault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The straight line of one request: key, limit, decision, budget, intent, call, charge, record. It reads one snapshot, touches no
 * database, and leaves exactly one ledger record for every request it accepted.
 */
@ApplicationScoped
public class Gateway {

    @Inject
    private Snapshots snapshots;

    @Inject
    private Pepper pepper;

    @Inject
    private RateLimits limits;

    @Inject
    private Budgets budgets;

    @Inject
    private Providers providers;

    @Inject
    private Vault vault;

    @Inject
    private Ledger ledger;

    @Inject
    private Upstream upstream;

    @Inject
    private Attempts attempts;

    @Inject
    private KeepAlive keepAlive;

    @Inject
    private Router router;

    @Inject
    private ShadowRouting shadowRouting;

    @Inject
    private Experience experience;

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
     * Serves a request for one answer of a model.
     *
     * @param route the dialect that the client speaks
     * @param clientHeaders what the client sent, by lower-case name
     * @throws Refusal if the request is not accepted, which leaves no record
     */
    public Reply serve(
            Admission admission, Exchange exchange, Dialect route, byte[] body, Map<String, String> clientHeaders) {
        ClientBody request = ClientBody.read(body, route);
        Terms terms = admission.terms(providers, exchange.startedAt());
        RoutingDecision decision =
                router.decide(terms, request.model(), exchange.wish(), () -> conversation(route, body));
        Candidate chosen;
        try {
            chosen = candidate(admission, route, request, clientHeaders, decision.model());
        } catch (Refusal.BadRequest refusal) {
            if (decision.model().equals(decision.baseline())) {
                throw refusal;
            }
            decision = decision.staying(); // the client did not ask for the model that cannot follow it
            chosen = candidate(admission, route, request, clientHeaders, decision.model());
        }
        RouterVerdict verdict = verdict(terms, exchange, route, request, decision);
        Accepted accepted = accept(admission, exchange, route, request, verdict, chosen.target(), true);
        return attempts.serve(
                accepted,
                chosen,
                model -> standIn(admission, route, request, clientHeaders, model),
                (served, candidate) -> served.trial(() -> call(admission, exchange, candidate), served::reply));
    }

    /**
     * A model as it would serve this request.
     *
     * @throws Refusal if the organisation cannot use it, or it cannot do what is asked for
     */
    private Candidate candidate(
            Admission admission, Dialect route, ClientBody request, Map<String, String> clientHeaders, String model) {
        Target target = Target.of(admission, providers, route, model);
        Outbound outbound = Outbound.of(request, route, target.dialect(), target.traits());
        return new Candidate(
                target,
                outbound,
                Dialects.uri(
                        outbound.spoken(), target.provider(), target.traits().model(), request.stream()),
                request.stream(),
                route == outbound.spoken() ? clientHeaders : Map.of());
    }

    private Optional<Candidate> standIn(
            Admission admission, Dialect route, ClientBody request, Map<String, String> clientHeaders, String model) {
        try {
            return Optional.of(candidate(admission, route, request, clientHeaders, model));
        } catch (Refusal refusal) {
            return Optional.empty(); // the client did not ask for this model
        }
    }

    /**
     * Embeds texts for a client of the OpenAI dialect. No router has a say: vectors of different models do not compare.
     *
     * @throws Refusal if the request is not accepted, which leaves no record
     */
    public Reply embed(Admission admission, Exchange exchange, byte[] body) {
        ClientBody request = ClientBody.read(body);
        RoutingDecision decision = Router.named(admission.terms(providers, exchange.startedAt()), request.model());
        Target target = Target.ofKind("embedding", admission, providers, Dialect.OPENAI_CHAT, request.model());
        Embedding embedding = Embedding.of(request, target);
        RouterVerdict verdict = RouterVerdict.none(admission.tenant().id(), exchange.startedAt(), decision, experience);
        Candidate candidate = new Candidate(target, embedding.outbound(), embedding.uri(), false, Map.of());
        Accepted accepted = accept(admission, exchange, Dialect.OPENAI_CHAT, request, verdict, target, false);
        return attempts.serve(
                accepted,
                candidate,
                model -> Optional.empty(),
                (served, only) -> served.trial(
                        () -> call(admission, exchange, only), answer -> served.vectors(answer, embedding)));
    }

    /** What a client says; Anthropic's clients are translated for all other providers. */
    private static Conversation conversation(Dialect route, byte[] body) {
        Conversation conversation = Conversation.read(body);
        return route == Dialect.ANTHROPIC_MESSAGES ? conversation.translated() : conversation;
    }

    /** What the router makes of a request: known where it acts, worked out once the request has left where it observes. */
    private RouterVerdict verdict(
            Terms terms, Exchange exchange, Dialect route, ClientBody request, RoutingDecision decision) {
        if (terms.status().routes()) {
            return RouterVerdict.none(terms.organizationId(), terms.at(), decision, experience);
        }
        ShadowRouting.Shadow shadow =
                shadowRouting.of(terms, request.model(), exchange.wish(), () -> conversation(route, request.body()));
        exchange.call().whenSent(shadow);
        return new RouterVerdict(terms.organizationId(), terms.at(), decision, shadow::weighing, experience);
    }

    /**
     * Takes what the request may cost from its budgets and opens its record: from here on it is accepted.
     *
     * @param writes whether the model answers in tokens
     */
    private Accepted accept(
            Admission admission,
            Exchange exchange,
            Dialect route,
            ClientBody request,
            RouterVerdict verdict,
            Target target,
            boolean writes) {
        Hold hold = hold(admission, exchange, request, target.traits().model(), writes);
        try {
            OpenEntry entry = ledger.open(intent(admission, exchange, request, verdict.decision(), target));
            return new Accepted(admission, exchange, route, request, verdict, entry, hold, keepAlive);
        } catch (RuntimeException e) {
            hold.release();
            throw e;
        }
    }

    private Hold hold(Admission admission, Exchange exchange, ClientBody request, String model, boolean writes) {
        Tenant tenant = admission.tenant();
        if (tenant.budgets().isEmpty()) {
            return Hold.NONE;
        }
        return budgets.take(
                tenant.budgets(),
                tenant.timeZone(),
                new Budgets.Asking(
                        exchange.id(), admission.door().keyId(), exchange.tags().customer(), exchange.startedAt()),
                () -> WorstCase.of(
                        request,
                        admission.snapshot().catalogue().find(model).orElse(null),
                        exchange.startedAt(),
                        writes));
    }

    /**
     * Says how many tokens the prompt of an Anthropic messages request has: by its provider where that counts, else by our
     * estimate. It uses nothing, so it leaves no record.
     *
     * @throws Refusal if the request is not accepted
     */
    public Reply countTokens(Admission admission, Exchange exchange, byte[] body, Map<String, String> clientHeaders) {
        ClientBody request = ClientBody.read(body);
        RoutingDecision decision = Router.unweighed(admission.terms(providers, exchange.startedAt()), request.model());
        Target target = Target.of(admission, providers, Dialect.ANTHROPIC_MESSAGES, decision.model());
        Map<String, String> headers = Accepted.headers(admission, exchange, request, decision, target);
        headers.put("content-type", "application/json");
        TokenCount count = TokenCount.of(request, target);
        Outbound outbound = count.outbound();
        if (outbound == null) {
            return new Reply.Whole(200, headers, AnthropicResponse.countTokensAnswer(Heard.prompt(body)));
        }
        Map<String, String> passed = outbound.spoken() == Dialect.ANTHROPIC_MESSAGES ? clientHeaders : Map.of();
        Candidate candidate = new Candidate(target, outbound, count.uri(), false, passed);
        try (Answer answer = call(admission, exchange, candidate)) {
            byte[] counted = Served.readAll(answer, exchange);
            if (answer.status() == 200) {
                return new Reply.Whole(200, headers, count.answer(counted));
            }
        } catch (UpstreamFailure failure) {
            // an estimate is better than no answer, without which some clients cannot go on
        }
        return new Reply.Whole(200, headers, AnthropicResponse.countTokensAnswer(Heard.prompt(body)));
    }

    private Answer call(Admission admission, Exchange exchange, Candidate candidate) throws UpstreamFailure {
        Tenant.SealedCredential sealed = candidate.target().credential();
        Outbound outbound = candidate.outbound();
        Binding binding = Binding.ofCredential(
                admission.tenant().id(), candidate.provider(), sealed.origin(), sealed.id(), sealed.version());
        Map<String, String> headers;
        try (Secret apiKey = vault.open(sealed.envelope(), binding)) {
            headers = new LinkedHashMap<>(
                    Dialects.headers(outbound.spoken(), apiKey.bytes(), candidate.stream(), candidate.clientHeaders()));
        }
        headers.putAll(outbound.headers());
        return upstream.post(candidate.uri(), headers, outbound.body(), exchange.call());
    }

    private static LedgerEntry intent(
            Admission admission, Exchange exchange, ClientBody request, RoutingDecision decision, Target target) {
        Weighing weighing = decision.weighing().orElse(null);
        Classification classification = weighing == null ? null : weighing.classification();
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
                        classification == null ? null : classification.task().name(),
                        classification == null ? null : RouterVerdict.score(classification)),
                weighing == null ? null : RouterVerdict.numbers(weighing),
                new Outcome(null, null, 1, false, null, null),
                Metered.UNKNOWN);
    }

    private static Refusal.Unauthenticated unknownKey() {
        return new Refusal.Unauthenticated(
                "invalid_api_key",
                "This is no live key of this gateway. Send a SmashCost key as Authorization: Bearer or x-api-key.");
    }
}
