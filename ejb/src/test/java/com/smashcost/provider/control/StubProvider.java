package com.smashcost.provider.control;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A provider on a loopback socket that plays a script for each request, byte by byte if it must misbehave. */
public final class StubProvider implements AutoCloseable {

    /** What it does when a request has come. */
    @FunctionalInterface
    public interface Script {
        void play(Conversation conversation) throws IOException;
    }

    /**
     * A request that came.
     *
     * @param head request line and headers
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Request(String head, byte[] body) {

        /** The header of this name. */
        public Optional<String> header(String name) {
            return head.lines()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst();
        }

        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    private final ServerSocket server;
    private final Thread accepting;
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private final CountDownLatch hungUp = new CountDownLatch(1);
    private volatile Script script;

    public StubProvider(Script script) {
        this.script = script;
        try {
            server = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        accepting = Thread.ofPlatform().daemon().start(this::accept);
    }

    /** Does something else from now on. */
    public void plays(Script other) {
        script = other;
    }

    /** Its base URL. */
    public URI baseUrl() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/v1");
    }

    /** The requests that came whole. */
    public List<Request> requests() {
        return requests;
    }

    /** How many connections were made to it. */
    public int connections() {
        return accepted.get();
    }

    /** Whether its caller ends a connection, now or in so much time. */
    public boolean awaitHangUp(Duration patience) throws InterruptedException {
        return hungUp.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() throws IOException {
        server.close();
        try {
            accepting.join(Duration.ofSeconds(5)); // until then connections may still be made
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Socket connection : connections) {
            connection.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = server.accept();
                connection.setTcpNoDelay(true); // head and body are two writes
                accepted.incrementAndGet();
                connections.add(connection);
                Thread.ofVirtual().start(() -> serve(connection));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            InputStream in = new BufferedInputStream(connection.getInputStream());
            while (!connection.isClosed()) {
                Optional<Request> request = read(in);
                if (request.isEmpty()) {
                    hungUp.countDown();
                    return;
                }
                requests.add(request.get());
                script.play(new Conversation(connection, in));
            }
        } catch (IOException e) {
            hungUp.countDown();
        }
    }

    private static Optional<Request> read(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return Optional.empty();
            }
            head.write(next);
        }
        Request request = new Request(head.toString(StandardCharsets.ISO_8859_1), new byte[0]);
        int length = request.header("content-length").map(Integer::valueOf).orElse(0);
        return Optional.of(new Request(request.head(), in.readNBytes(length)));
    }

    /** The side of the provider while it answers. */
    public static final class Conversation {

        private final Socket connection;
        private final InputStream in;
        private final OutputStream out;

        Conversation(Socket connection, InputStream in) throws IOException {
            this.connection = connection;
            this.in = in;
            this.out = connection.getOutputStream();
        }

        /** Sends these bytes as they are. */
        public void raw(String bytes) throws IOException {
            out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }

        /** Sends a whole answer. */
        public void answer(int status, String contentType, byte[] body, String... headers) throws IOException {
            raw(head(status, contentType, headers) + "Content-Length: " + body.length + "\r\n\r\n");
            out.write(body);
            out.flush();
        }

        /** Sends the head of a stream. */
        public void beginStream() throws IOException {
            raw(head(200, "text/event-stream") + "Transfer-Encoding: chunked\r\n\r\n");
        }

        /** Sends a part of a stream. */
        public void chunk(byte[] bytes) throws IOException {
            raw(Integer.toHexString(bytes.length) + "\r\n");
            out.write(bytes);
            raw("\r\n");
        }

        public void chunk(String text) throws IOException {
            chunk(text.getBytes(StandardCharsets.UTF_8));
        }

        /** Ends a stream as it should end. */
        public void endStream() throws IOException {
            raw("0\r\n\r\n");
        }

        /** Sends a whole stream in one part. */
        public void stream(String text) throws IOException {
            beginStream();
            chunk(text);
            endStream();
        }

        /** Says nothing until its caller ends the connection. */
        public void hang() throws IOException {
            if (in.read() < 0) {
                throw new IOException("the caller hung up");
            }
        }

        /** Says nothing for a while. */
        public void pause(Duration time) {
            try {
                Thread.sleep(time);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** Ends the connection. */
        public void close() throws IOException {
            connection.close();
        }

        /** Ends the connection as a crashed machine does. */
        public void reset() throws IOException {
            connection.setSoLinger(true, 0);
            connection.close();
        }

        private static String head(int status, String contentType, String... headers) {
            String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
            return "HTTP/1.1 " + status + " Status\r\nContent-Type: " + contentType + "\r\n" + more;
        }
    }
}
