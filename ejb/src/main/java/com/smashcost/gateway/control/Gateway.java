package com.smashcost.gateway.control;

import com.smashcost.access.control.KeyText;
import com.smashcost.access.control.Pepper;
import com.smashcost.admission.control.RateLimits;
import com.smashcost.admission.control.SlidingWindow.Permit;
import com.smashcost.catalog.control.Catalogue.Offer;
import com.smashcost.ledger.control.Ledger;
import com.smashcost.ledger.control.OpenEntry;
import com.smashcost.ledger.entity.LedgerEntry;
import com.smashcost.ledger.entity.LedgerEntry.Choice;
import com.smashcost.ledger.entity.LedgerEntry.Metered;
import com.smashcost.ledger.entity.LedgerEntry.Outcome;
import com.smashcost.metering.control.Estimate;
import com.smashcost.provider.control.Answer;
import com.smashcost.provider.control.ClientBody;
import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.Dialects;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.ProviderError;
import com.smashcost.provider.control.Providers;
import com.smashcost.provider.control.Upstream;
import com.smashcost.provider.control.UpstreamFailure;
import com.smashcost.provider.control.UpstreamFailure.Kind;
import com.smashcost.provider.control.anthropic.AnthropicResponse;
import com.smashcost.provider.control.conversation.AnswerFrame;
import com.smashcost.provider.control.conversation.Completion;
import com.smashcost.provider.control.conversation.Conversation;
import com.smashcost.provider.control.conversation.Report;
import com.smashcost.provider.control.conversation.Traits;
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
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The straight line of one request: key, limit, decision, intent, call, charge, record. It reads one snapshot, touches no
 * database, and leaves exactly one ledger record for every request it accepted.
 */
@ApplicationScoped
public class Gateway {

    private static final int LARGEST_ANSWER = 64 * 1024 * 1024;

    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_.\\[\\]-]{1,64}");
    private static final int MOST_NAMES = 20;

    /** The longest wait that a client's SDK is left to sit out by itself; some obey any number. */
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(2);

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

    @Inject
    private KeepAlive keepAlive;

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
        Tenant tenant = admission.tenant();
        Decision decision = Router.decide(tenant.status(), request.model(), tenant.defaultModel());
        Target target = Target.of(admission, providers, route, decision.model());
        Outbound outbound = Outbound.of(request, route, target.dialect(), target.traits());
        OpenEntry entry = ledger.open(intent(admission, exchange, request, decision, target));
        Ending ending =
                new Ending(exchange, entry, admission.snapshot().catalogue(), decision.model(), decision.baseline());
        Served served = new Served(
                exchange,
                route,
                request,
                target.traits(),
                outbound,
                ending,
                headers(admission, exchange, request, decision, target));
        if (!outbound.dropped().isEmpty()) {
            served.headers.put("X-SmashCost-Dropped", names(outbound.dropped()));
        }
        try {
            URI uri = Dialects.uri(
                    outbound.spoken(), target.provider(), target.traits().model(), request.stream());
            return served.reply(call(admission, exchange, uri, request.stream(), target, outbound, clientHeaders));
        } catch (UpstreamFailure failure) {
            return served.failed(failure);
        } catch (RuntimeException e) {
            ending.failed(500, "internal");
            throw e;
        }
    }

    /**
     * Embeds texts for a client of the OpenAI dialect. No router has a say: vectors of different models do not compare.
     *
     * @throws Refusal if the request is not accepted, which leaves no record
     */
    public Reply embed(Admission admission, Exchange exchange, byte[] body) {
        ClientBody request = ClientBody.read(body);
        Decision decision = Router.named(admission.tenant().status(), request.model());
        Target target = Target.ofKind("embedding", admission, providers, Dialect.OPENAI_CHAT, request.model());
        Embedding embedding = Embedding.of(request, target);
        OpenEntry entry = ledger.open(intent(admission, exchange, request, decision, target));
        Ending ending =
                new Ending(exchange, entry, admission.snapshot().catalogue(), decision.model(), decision.baseline());
        Served served = new Served(
                exchange,
                Dialect.OPENAI_CHAT,
                request,
                target.traits(),
                embedding.outbound(),
                ending,
                headers(admission, exchange, request, decision, target));
        try {
            return served.vectors(
                    call(admission, exchange, embedding.uri(), false, target, embedding.outbound(), Map.of()),
                    embedding);
        } catch (UpstreamFailure failure) {
            return served.failed(failure);
        } catch (RuntimeException e) {
            ending.failed(500, "internal");
            throw e;
        }
    }

    /**
     * Says how many tokens the prompt of an Anthropic messages request has: by its provider where that counts, else by our
     * estimate. It uses nothing, so it leaves no record.
     *
     * @throws Refusal if the request is not accepted
     */
    public Reply countTokens(Admission admission, Exchange exchange, byte[] body, Map<String, String> clientHeaders) {
        ClientBody request = ClientBody.read(body);
        Decision decision = Router.decide(
                admission.tenant().status(), request.model(), admission.tenant().defaultModel());
        Target target = Target.of(admission, providers, Dialect.ANTHROPIC_MESSAGES, decision.model());
        Map<String, String> headers = headers(admission, exchange, request, decision, target);
        headers.put("content-type", "application/json");
        TokenCount count = TokenCount.of(request, target);
        Outbound outbound = count.outbound();
        if (outbound == null) {
            return new Reply.Whole(200, headers, AnthropicResponse.countTokensAnswer(Heard.prompt(body)));
        }
        try (Answer answer = call(admission, exchange, count.uri(), false, target, outbound, clientHeaders)) {
            byte[] counted = readAll(answer, exchange);
            if (answer.status() == 200) {
                return new Reply.Whole(200, headers, count.answer(counted));
            }
        } catch (UpstreamFailure failure) {
            // an estimate is better than no answer, without which some clients cannot go on
        }
        return new Reply.Whole(200, headers, AnthropicResponse.countTokensAnswer(Heard.prompt(body)));
    }

    /** Names for a header: they are the client's words, so only plain ones are repeated. */
    private static String names(List<String> members) {
        return members.stream()
                .map(name -> PLAIN_NAME.matcher(name).matches() ? name : "?")
                .distinct()
                .limit(MOST_NAMES)
                .collect(Collectors.joining(", "));
    }

    private Answer call(
            Admission admission,
            Exchange exchange,
            URI uri,
            boolean stream,
            Target target,
            Outbound outbound,
            Map<String, String> clientHeaders)
            throws UpstreamFailure {
        Tenant.SealedCredential sealed = target.credential();
        Binding binding = Binding.ofCredential(
                admission.tenant().id(), target.provider().id(), sealed.origin(), sealed.id(), sealed.version());
        Map<String, String> headers;
        try (Secret apiKey = vault.open(sealed.envelope(), binding)) {
            headers = new LinkedHashMap<>(Dialects.headers(
                    outbound.spoken(),
                    apiKey.bytes(),
                    stream,
                    outbound.conversation() == null ? clientHeaders : Map.of()));
        }
        headers.putAll(outbound.headers());
        return upstream.post(uri, headers, outbound.body(), exchange.call());
    }

    /** One accepted request and what the client is told of it. */
    private final class Served {

        private final Exchange exchange;
        private final Dialect route;
        private final ClientBody request;
        private final Traits traits;
        private final Outbound outbound;
        private final Ending ending;
        private final Map<String, String> headers;

        Served(
                Exchange exchange,
                Dialect route,
                ClientBody request,
                Traits traits,
                Outbound outbound,
                Ending ending,
                Map<String, String> headers) {
            this.exchange = exchange;
            this.route = route;
            this.request = request;
            this.traits = traits;
            this.outbound = outbound;
            this.ending = ending;
            this.headers = headers;
        }

        /** Takes over those of the provider's headers that are for the client. */
        private void takeHeaders(Answer answer) {
            answer.headers((name, value) -> {
                if (Dialects.passesOn(outbound.spoken(), name)) {
                    headers.putIfAbsent(name, value);
                    RateLimitHeaders.translate(name, value, exchange.startedAt(), headers);
                }
            });
        }

        Reply vectors(Answer answer, Embedding embedding) throws UpstreamFailure {
            takeHeaders(answer);
            try (answer) {
                byte[] body = readAll(answer, exchange);
                if (answer.status() != 200) {
                    return error(answer, body);
                }
                Embedding.Vectors vectors = embedding.read(body);
                BigDecimal cost = ending.succeeded(
                        200, vectors.report(), null, () -> Embedding.prompt(Heard.prompt(request.body())));
                headers.put("content-type", "application/json");
                putCost(cost);
                return new Reply.Whole(200, headers, vectors.body());
            }
        }

        Reply reply(Answer answer) throws UpstreamFailure {
            takeHeaders(answer);
            if (answer.status() == 200 && request.stream() && answer.isEventStream()) {
                return live(answer);
            }
            try (answer) {
                byte[] body = readAll(answer, exchange);
                if (answer.status() >= 200 && answer.status() < 300) {
                    return whole(answer.status(), body);
                }
                return error(answer, body);
            }
        }

        private Reply live(Answer answer) throws UpstreamFailure {
            Conversation conversation = outbound.conversation();
            Heard heard = new Heard(request.body());
            headers.put("Cache-Control", "no-cache");
            headers.put("X-Accel-Buffering", "no");
            if (conversation == null) {
                StreamPath path = new StreamPath.Passing(
                        route, exchange.id().toString(), Dialects.watch(route, request.withholdsUsage()));
                return new Reply.Live(200, headers, new StreamFlow(answer, exchange, ending, path, heard, keepAlive));
            }
            headers.put("content-type", "text/event-stream");
            long promptTokens =
                    route == Dialect.ANTHROPIC_MESSAGES ? Estimate.roughlyOfPrompt(conversation.source()) : 0;
            StreamPath path = new StreamPath.Translating(
                    Dialects.reader(outbound.spoken(), conversation, traits),
                    Dialects.writer(route, frame(conversation), promptTokens));
            StreamFlow flow = new StreamFlow(answer, exchange, ending, path, heard, keepAlive);
            ProviderError error;
            try {
                error = flow.open();
            } catch (UpstreamFailure | RuntimeException e) {
                answer.close();
                throw e;
            }
            if (error != null) {
                answer.close();
                return told(error);
            }
            return new Reply.Live(200, headers, flow);
        }

        private Reply whole(int status, byte[] body) throws UpstreamFailure {
            Heard heard = new Heard(request.body());
            heard.add(body, body.length);
            Conversation conversation = outbound.conversation();
            Report report;
            byte[] told;
            if (conversation == null) {
                report = Dialects.report(route, body)
                        .orElseThrow(() -> new UpstreamFailure(Kind.upstream_invalid_response));
                told = body;
            } else {
                Completion completion = Dialects.read(outbound.spoken(), body, conversation, traits);
                report = completion.report();
                headers.put("content-type", "application/json");
                told = Dialects.write(route, completion, frame(conversation));
            }
            putCost(ending.succeeded(status, report, null, heard::estimate));
            return new Reply.Whole(status, headers, told);
        }

        private void putCost(@Nullable BigDecimal cost) {
            if (cost != null) {
                headers.put("X-SmashCost-Cost-USD", cost.stripTrailingZeros().toPlainString());
            }
        }

        private AnswerFrame frame(Conversation conversation) {
            return new AnswerFrame(
                    exchange.id().toString().replace("-", ""),
                    exchange.startedAt().getEpochSecond(),
                    ending.model(),
                    conversation);
        }

        /** An error of the provider: its own bytes where the client understands them, else the same in the client's dialect. */
        private Reply error(Answer answer, byte[] body) {
            ProviderError error = Dialects.error(
                    outbound.spoken(),
                    answer.status(),
                    name -> answer.header(name).orElse(null),
                    body);
            if (outbound.conversation() != null || error.kind() == ProviderError.Kind.CREDENTIAL) {
                return told(error);
            }
            if (!isError(body)) {
                return failed(new UpstreamFailure(Kind.upstream_invalid_response));
            }
            discourage(error);
            ending.failed(answer.status(), errorClass(answer.status()));
            return new Reply.Whole(answer.status(), headers, body);
        }

        private Reply told(ProviderError error) {
            if (error.kind() == ProviderError.Kind.CREDENTIAL) {
                ending.failed(502, "provider_credential_rejected");
                return ours(
                        502,
                        "provider_credential_rejected",
                        "The provider refused the credential that is stored for your organisation. Your gateway key is fine.",
                        null);
            }
            if (error.retryAfter() != null) {
                headers.putIfAbsent(
                        "retry-after",
                        Long.toString(
                                Math.max(1, error.retryAfter().plusMillis(999).toSeconds())));
            }
            discourage(error);
            ending.failed(error.status(), errorClass(error.status()));
            return ours(error.status(), StreamFlow.code(error), StreamFlow.message(error), error.param());
        }

        /** Tells SDKs not to try again what cannot help, or not before long. */
        private void discourage(ProviderError error) {
            if (error.kind() == ProviderError.Kind.QUOTA
                    || (error.retryAfter() != null && error.retryAfter().compareTo(LONGEST_RETRY) > 0)) {
                headers.put("x-should-retry", "false");
            }
        }

        Reply failed(UpstreamFailure failure) {
            return switch (failure.kind()) {
                case upstream_timeout -> own(504, failure, "The provider did not answer in time.");
                case upstream_unreachable -> own(502, failure, "The provider cannot be reached.");
                case upstream_closed_early ->
                    own(502, failure, "The provider broke off before its answer was complete.");
                case upstream_invalid_response ->
                    own(502, failure, "The provider sent what is not an answer in its dialect.");
                case client_closed -> own(499, failure, "The client left.");
            };
        }

        private Reply own(int status, UpstreamFailure failure, String message) {
            ending.failed(status, failure.kind().name());
            return ours(status, failure.kind().name(), message, null);
        }

        private Reply ours(int status, String code, String message, @Nullable String param) {
            headers.put("content-type", "application/json");
            return new Reply.Whole(
                    status,
                    headers,
                    Dialects.errorBody(
                            route, status, code, message, param, exchange.id().toString()));
        }
    }

    /** Whether this is an error that SDKs recognise: an object with an object {@code error}, in all dialects. */
    private static boolean isError(byte[] body) {
        return Json.readObject(body)
                .filter(json -> json.path("error").isObject())
                .isPresent();
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

    private static LedgerEntry intent(
            Admission admission, Exchange exchange, ClientBody request, Decision decision, Target target) {
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
            Admission admission, Exchange exchange, ClientBody request, Decision decision, Target target) {
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

    private static Refusal.Unauthenticated unknownKey() {
        return new Refusal.Unauthenticated(
                "invalid_api_key",
                "This is no live key of this gateway. Send a SmashCost key as Authorization: Bearer or x-api-key.");
    }
}
