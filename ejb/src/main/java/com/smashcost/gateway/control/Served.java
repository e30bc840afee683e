package com.smashcost.gateway.control;

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
import org.jspecify.annotations.Nullable;

/** One accepted request and what its client is told of it; it ends in the ledger exactly once. */
final class Served {

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

    Served(
            Exchange exchange,
            Dialect route,
            ClientBody request,
            Traits traits,
            Outbound outbound,
            Ending ending,
            Map<String, String> headers,
            KeepAlive keepAlive) {
        this.exchange = exchange;
        this.route = route;
        this.request = request;
        this.traits = traits;
        this.outbound = outbound;
        this.ending = ending;
        this.headers = headers;
        this.keepAlive = keepAlive;
    }

    /** What brings an answer. */
    interface Line {
        Reply reply() throws UpstreamFailure;
    }

    /** Goes along a line and tells the client also where it breaks. */
    Reply told(Line line) {
        try {
            return line.reply();
        } catch (UpstreamFailure failure) {
            return failed(failure, Report.NONE);
        } catch (RuntimeException e) {
            ending.failed(500, "internal");
            throw e;
        }
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
            BigDecimal cost =
                    ending.succeeded(200, vectors.report(), null, () -> Embedding.prompt(Heard.prompt(request.body())));
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
        long promptTokens = route == Dialect.ANTHROPIC_MESSAGES ? Estimate.roughlyOfPrompt(conversation.source()) : 0;
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
            return refused(error);
        }
        return new Reply.Live(200, headers, flow);
    }

    private Reply whole(int status, byte[] body) throws UpstreamFailure {
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
                return failed(failure, Dialects.report(outbound.spoken(), body).orElse(Report.NONE));
            }
            report = completion.report();
            headers.put("content-type", "application/json");
            told = Dialects.write(route, completion, frame(conversation));
        }
        putCost(ending.succeeded(status, report, null, () -> Heard.whole(request.body(), body)));
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
                outbound.spoken(), answer.status(), name -> answer.header(name).orElse(null), body);
        if (outbound.conversation() != null || error.kind() == ProviderError.Kind.CREDENTIAL) {
            return refused(error);
        }
        if (!Dialects.isError(body)) {
            return failed(new UpstreamFailure(Kind.upstream_invalid_response), Report.NONE);
        }
        discourage(error);
        ending.failed(answer.status(), errorClass(answer.status()));
        return new Reply.Whole(answer.status(), headers, body);
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
            headers.putIfAbsent(
                    "retry-after",
                    Long.toString(Math.max(1, error.retryAfter().plusMillis(999).toSeconds())));
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
            default -> status < 500 ? "upstream_rejected" : "upstream_error";
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
