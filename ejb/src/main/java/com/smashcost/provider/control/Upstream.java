package com.smashcost.provider.control;

import com.smashcost.provider.control.UpstreamFailure.Kind;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.EndpointDetails;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The only outbound calls of the product. Certificates are always validated, redirects are never followed, no proxy, cookie or
 * credential is remembered: a call carries what its caller gives it and goes where its caller says. Nothing is retried but a
 * post that met a kept connection which the provider had just closed, and so never left.
 */
@ApplicationScoped
public class Upstream {

    private static final int MOST_CONNECTIONS = 10_000;
    private static final Duration WATCH_EVERY = Duration.ofMillis(250);

    private final Patience patience;
    private final Set<Call> running = ConcurrentHashMap.newKeySet();

    @SuppressWarnings("NullAway.Init")
    private CloseableHttpClient client;

    @SuppressWarnings("NullAway.Init")
    private ScheduledExecutorService watch;

    @SuppressWarnings("NullAway.Init")
    private ScheduledFuture<?> overdue;

    public Upstream() {
        this(Patience.DEFAULT);
    }

    /** With other time limits than the product's. */
    Upstream(Patience patience) {
        this.patience = patience;
    }

    /**
     * How long a provider may keep us waiting.
     *
     * @param connect for a connection, TLS included
     * @param firstByte for the head of its answer
     * @param idle between two pieces of its answer
     * @param total for the whole answer, whatever attempts it takes
     */
    record Patience(Duration connect, Duration firstByte, Duration idle, Duration total) {
        static final Patience DEFAULT = new Patience(
                Duration.ofSeconds(5), Duration.ofSeconds(120), Duration.ofSeconds(60), Duration.ofMinutes(15));
    }

    @PostConstruct
    void open() {
        Timeout connect = Timeout.of(patience.connect);
        client = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setMaxConnTotal(MOST_CONNECTIONS)
                        .setMaxConnPerRoute(MOST_CONNECTIONS)
                        .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(connect)
                                .setValidateAfterInactivity(TimeValue.ofSeconds(2))
                                .setTimeToLive(TimeValue.ofMinutes(10))
                                .build())
                        .setDefaultSocketConfig(
                                SocketConfig.custom().setTcpNoDelay(true).build())
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(connect)
                        .setResponseTimeout(Timeout.of(patience.firstByte))
                        .setProtocolUpgradeEnabled(false)
                        .build())
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .disableDefaultUserAgent()
                .evictIdleConnections(TimeValue.ofSeconds(30))
                .build();
        watch = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("upstream-watch").daemon().factory());
        overdue = watch.scheduleWithFixedDelay(
                this::endOverdue, WATCH_EVERY.toMillis(), WATCH_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    @PreDestroy
    void close() {
        overdue.cancel(false);
        watch.shutdownNow();
        client.close(CloseMode.IMMEDIATE);
    }

    /**
     * Posts a JSON body and waits for the head of the answer.
     *
     * @param call ends the post, and later the reading of the answer, from another thread
     */
    public Answer post(URI url, Map<String, String> headers, List<Piece> body, Call call) throws UpstreamFailure {
        running.add(call);
        try {
            return post(url, headers, body, call, true);
        } catch (IOException e) {
            running.remove(call);
            throw failure(call, e);
        } catch (RuntimeException | UpstreamFailure e) {
            running.remove(call);
            throw e;
        }
    }

    /** What a failure to read means, in the ledger's words. */
    public static UpstreamFailure failure(Call call, IOException e) {
        Call.End end = call.end();
        if (end == Call.End.CLIENT_GONE) {
            return new UpstreamFailure(Kind.client_closed);
        }
        if (end == Call.End.TIMED_OUT || end == Call.End.OUT_OF_TIME) {
            return new UpstreamFailure(Kind.upstream_timeout);
        }
        if (e instanceof ClientProtocolException || e instanceof MessageConstraintException) {
            return new UpstreamFailure(Kind.upstream_invalid_response);
        }
        if (e instanceof SocketTimeoutException) {
            return new UpstreamFailure(
                    call.isAnswering() || isConnected(e) ? Kind.upstream_timeout : Kind.upstream_unreachable);
        }
        return new UpstreamFailure(
                call.isAnswering() || e instanceof NoHttpResponseException
                        ? Kind.upstream_closed_early
                        : isConnected(e) ? Kind.upstream_closed_early : Kind.upstream_unreachable);
    }

    private Answer post(URI url, Map<String, String> headers, List<Piece> body, Call call, boolean again)
            throws IOException, UpstreamFailure {
        HttpPost post = new HttpPost(url);
        headers.forEach(post::setHeader);
        post.setEntity(new PiecesEntity(body, call));
        if (!call.begin(post)) {
            throw new UpstreamFailure(Kind.client_closed);
        }
        if (isOutOfTime(call, System.nanoTime())) {
            call.cancel(Call.End.OUT_OF_TIME);
            throw new UpstreamFailure(Kind.upstream_timeout);
        }
        HttpClientContext context = HttpClientContext.create();
        try {
            Answer answer = new Answer(client.executeOpen(null, post, context), call, () -> running.remove(call));
            call.heard();
            return answer;
        } catch (NoHttpResponseException e) {
            if (again && call.end() == null && wasKept(context.getEndpointDetails())) {
                return post(url, headers, body, call, false);
            }
            throw e;
        }
    }

    /** Whether the connection had served before; on a new one, a provider that says nothing may have taken the request. */
    private static boolean wasKept(@Nullable EndpointDetails connection) {
        return connection != null && connection.getResponseCount() > 0;
    }

    private static boolean isConnected(IOException e) {
        return !(e instanceof java.net.ConnectException
                || e instanceof java.net.UnknownHostException
                || e instanceof java.net.NoRouteToHostException
                || e instanceof javax.net.ssl.SSLException
                || e instanceof org.apache.hc.client5.http.ConnectTimeoutException
                || e instanceof org.apache.hc.core5.http.ConnectionRequestTimeoutException);
    }

    private void endOverdue() {
        long now = System.nanoTime();
        for (Call call : running) {
            long quiet = call.isAwaited() ? now - call.heardAt() : 0;
            long limit = (call.isAnswering() ? patience.idle : patience.firstByte).toNanos();
            if (isOutOfTime(call, now)) {
                call.cancel(Call.End.OUT_OF_TIME);
            } else if (quiet > limit) {
                call.cancel(Call.End.TIMED_OUT);
            }
        }
    }

    private boolean isOutOfTime(Call call, long now) {
        return now - call.startedAt() > patience.total.toNanos();
    }

    /** A JSON body in pieces, sent without being copied together. */
    private static final class PiecesEntity extends AbstractHttpEntity {

        private final List<Piece> pieces;
        private final Call call;

        PiecesEntity(List<Piece> pieces, Call call) {
            super(ContentType.APPLICATION_JSON.withCharset((String) null), null);
            this.pieces = pieces;
            this.call = call;
        }

        @Override
        public long getContentLength() {
            long length = 0;
            for (Piece piece : pieces) {
                length += piece.length();
            }
            return length;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            for (Piece piece : pieces) {
                out.write(piece.bytes(), piece.offset(), piece.length());
            }
            out.flush();
            call.sent();
        }

        @Override
        public boolean isRepeatable() {
            return true;
        }

        @Override
        public InputStream getContent() {
            throw new UnsupportedOperationException("the body is written, not read");
        }

        @Override
        public boolean isStreaming() {
            return false;
        }

        @Override
        public void close() {}
    }
}
