package com.smashcost.gateway.control;

import com.smashcost.gateway.control.Trial.Good;
import com.smashcost.gateway.control.Trial.Setback;
import com.smashcost.metering.control.Estimate;
import com.smashcost.provider.control.Answer;
import com.smashcost.provider.control.ClientBody;
import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.Dialects;
import com.smashcost.provider.control.ProviderError;
import com.smashcost.provider.control.Upstream;
import com.smashcost.provider.control.UpstreamFailure;
import com.smashcost.provider.control.UpstreamFailure.Kind;
import com.smashcost.provider.control.conversation.AnswerFrame;
import com.smashcost.provider.control.conversation.Completion;
import com.smashcost.provider.control.conversation.Conversation;
import com.smashcost.provider.control.conversation.Report;
import com.smashcost.provider.control.conversation.Traits;
import com.smashcost.provider.entity.Usage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One accepted request as one call serves it, and what its client is told of it; it ends in the ledger exactly once. */
final class Served {

    /** What a provider's own failure is called in the ledger. */
    static final String UPSTREAM_ERROR = "upstream_error";

    private static final int LARGEST_ANSWER = 64 * 1024 * 1024;

    /** The longest wait that a client's SDK is left to sit out by itself; some obey any number. */
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(2);

    private final Exchange exchange;
    private final Dialect route;
    private final ClientBody request;
    private final Traits traits;
    private final Outbound outbound;
    private final Ending ending;
    private final Map<String, String> headers;
    private final KeepAlive keepAlive;
    private final boolean opens;

    /**
     * @param opens whether a stream that passes is told only when something has come of it, as something else may be done
     *     until then; one that is translated always is
     */
    Served(
            Exchange exchange,
            Dialect route,
            ClientBody request,
            Traits traits,
            Outbound outbound,
            Ending ending,
            Map<String, String> headers,
            KeepAlive keepAlive,
            boolean opens) {
        this.exchange = exchange;
        this.route = route;
        this.request = request;
        this.traits = traits;
        this.outbound = outbound;
        this.ending = ending;
        this.headers = headers;
        this.keepAlive = keepAlive;
        this.opens = opens;
    }

    /** What brings an answer. */
    interface Calling {
        Answer answer() throws UpstreamFailure;
    }

    /** What is made of an answer. */
    interface Reading {
        Trial trial(Answer answer) throws UpstreamFailure;
    }

    /** Makes a call, and tells nobody yet where it breaks. */
    Trial trial(Calling calling, Reading reading) {
        boolean heard = false;
        try {
            Answer answer = calling.answer();
            heard = true;
            return reading.trial(answer);
        } catch (UpstreamFailure failure) {
            return setback(failure, heard);
        }
    }

    /** Something of ours went wrong, and is thrown. */
    void broke() {
        ending.failed(500, "internal");
    }

    /** No call is made: the breaker is open. */
    Reply unavailable(Duration retryAfter) {
        ending.failed(503, "breaker_open");
        headers.put("retry-after", seconds(retryAfter));
        return ours(503, "provider_unavailable", "The provider keeps failing with this model. Try again later.", null);
    }

    /** Nobody waits any more. */
    Reply left() {
        return failed(new UpstreamFailure(Kind.client_closed), Report.NONE);
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

    Trial vectors(Answer answer, Embedding embedding) throws UpstreamFailure {
        takeHeaders(answer);
        try (answer) {
            byte[] body = readAll(answer, exchange);
            if (answer.status() != 200) {
                return error(answer, body);
            }
            Embedding.Vectors vectors = embedding.read(body);
            BigDecimal cost =
                    ending.succeeded(200, vectors.report(), null, () -> Embedding.prompt(Heard.prompt(request.body())));
            headers.put("content-type", "application/json");
            putCost(cost);
            return new Good(new Reply.Whole(200, headers, vectors.body()));
        }
    }

    Trial reply(Answer answer) throws UpstreamFailure {
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

    private Trial live(Answer answer) {
        Conversation conversation = outbound.conversation();
        Heard heard = new Heard(request.body());
        headers.put("Cache-Control", "no-cache");
        headers.put("X-Accel-Buffering", "no");
        if (conversation == null) {
            StreamPath path = new StreamPath.Passing(
                    route, exchange.id().toString(), Dialects.watch(route, request.withholdsUsage()));
            return begun(answer, new StreamFlow(answer, exchange, ending, path, heard, keepAlive), opens);
        }
        headers.put("content-type", "text/event-stream");
        long promptTokens = route == Dialect.ANTHROPIC_MESSAGES ? Estimate.roughlyOfPrompt(conversation.source()) : 0;
        StreamPath path = new StreamPath.Translating(
                Dialects.reader(outbound.spoken(), conversation, traits),
                Dialects.writer(route, frame(conversation), promptTokens));
        return begun(answer, new StreamFlow(answer, exchange, ending, path, heard, keepAlive), true);
    }

    private Trial begun(Answer answer, StreamFlow flow, boolean opened) {
        ProviderError error;
        try {
            error = opened ? flow.open() : null;
        } catch (UpstreamFailure failure) {
            answer.close();
            return setback(failure, false);
        } catch (RuntimeException e) {
            answer.close();
            throw e;
        }
        if (error != null) {
            answer.close();
            return setback(error, () -> refused(error));
        }
        return new Good(new Reply.Live(200, headers, flow));
    }

    private Trial whole(int status, byte[] body) throws UpstreamFailure {
        Conversation conversation = outbound.conversation();
        Report report;
        byte[] told;
        if (conversation == null) {
            report =
                    Dialects.report(route, body).orElseThrow(() -> new UpstreamFailure(Kind.upstream_invalid_response));
            told = body;
        } else {
            Completion completion;
            try {
                completion = Dialects.read(outbound.spoken(), body, conversation, traits);
            } catch (UpstreamFailure failure) { // it may have cost something all the same
                Report cost = Dialects.report(outbound.spoken(), body).orElse(Report.NONE);
                if (cost.usage().isKnown()) {
                    return new Good(failed(failure, cost));
                }
                throw failure;
            }
            report = completion.report();
            headers.put("content-type", "application/json");
            told = Dialects.write(route, completion, frame(conversation));
        }
        putCost(ending.succeeded(status, report, null, () -> Heard.whole(request.body(), body)));
        return new Good(new Reply.Whole(status, headers, told));
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
                ending.attempt().model(),
                conversation);
    }

    /** An error of the provider: its own bytes where the client understands them, else the same in the client's dialect. */
    private Trial error(Answer answer, byte[] body) {
        ProviderError error = Dialects.error(
                outbound.spoken(), answer.status(), name -> answer.header(name).orElse(null), body);
        if (outbound.conversation() != null || error.kind() == ProviderError.Kind.CREDENTIAL) {
            return setback(error, () -> refused(error));
        }
        if (!Dialects.isError(body)) {
            return setback(error, () -> failed(new UpstreamFailure(Kind.upstream_invalid_response), Report.NONE));
        }
        return setback(error, () -> {
            discourage(error);
            ending.failed(answer.status(), errorClass(answer.status()));
            return new Reply.Whole(answer.status(), headers, body);
        });
    }

    private static Setback setback(ProviderError error, Supplier<Reply> told) {
        return new Setback(Setback.Kind.of(error), error.retryAfter(), told);
    }

    private Setback setback(UpstreamFailure failure, boolean heard) {
        return new Setback(Setback.Kind.of(failure, heard), null, () -> failed(failure, Report.NONE));
    }

    private Reply refused(ProviderError error) {
        if (error.kind() == ProviderError.Kind.CREDENTIAL) {
            ending.failed(502, "provider_credential_rejected");
            return ours(
                    502,
                    "provider_credential_rejected",
                    "The provider refused the credential that is stored for your organisation. Your gateway key is fine.",
                    null);
        }
        if (error.retryAfter() != null) {
            headers.putIfAbsent("retry-after", seconds(error.retryAfter()));
        }
        discourage(error);
        ending.failed(error.status(), errorClass(error.status()));
        return ours(error.status(), StreamFlow.code(error), StreamFlow.message(error), error.param());
    }

    private static String seconds(Duration wait) {
        return Long.toString(Math.max(1, wait.plusMillis(999).toSeconds()));
    }

    /** Tells SDKs not to try again what cannot help, or not before long. */
    private void discourage(ProviderError error) {
        if (error.kind() == ProviderError.Kind.QUOTA
                || (error.retryAfter() != null && error.retryAfter().compareTo(LONGEST_RETRY) > 0)) {
            headers.put("x-should-retry", "false");
        }
    }

    private Reply failed(UpstreamFailure failure, Report report) {
        return switch (failure.kind()) {
            case upstream_timeout -> own(504, failure, report, "The provider did not answer in time.");
            case upstream_unreachable -> own(502, failure, report, "The provider cannot be reached.");
            case upstream_closed_early ->
                own(502, failure, report, "The provider broke off before its answer was complete.");
            case upstream_invalid_response ->
                own(502, failure, report, "The provider sent what is not an answer in its dialect.");
            case client_closed -> own(499, failure, report, "The client left.");
        };
    }

    private Reply own(int status, UpstreamFailure failure, Report report, String message) {
        ending.failed(status, failure.kind().name(), report, null, () -> Usage.UNKNOWN);
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

    static String errorClass(int status) {
        return switch (status) {
            case 429 -> "upstream_rate_limited";
            case 408, 504 -> "upstream_timeout";
            default -> status < 500 ? "upstream_rejected" : UPSTREAM_ERROR;
        };
    }

    /** The whole answer. */
    static byte[] readAll(Answer answer, Exchange exchange) throws UpstreamFailure {
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
}
