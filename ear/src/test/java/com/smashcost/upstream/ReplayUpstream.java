package com.smashcost.upstream;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A provider on a loopback port. It speaks HTTP/1.1 over plain sockets, so that it sees every byte it is sent, learns of a
 * hang-up at once and can break any rule. A request is answered by the {@link Scene} whose marker its body holds, and by
 * {@link Acts#smallTalk()} where there is none.
 */
public final class ReplayUpstream implements AutoCloseable {

    private final ServerSocket server;
    private final Map<String, Scene> scenes = new ConcurrentHashMap<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();

    private ReplayUpstream(ServerSocket server) {
        this.server = server;
    }

    /** Opens it on a free port. */
    public static ReplayUpstream open() throws IOException {
        ReplayUpstream upstream = new ReplayUpstream(new ServerSocket(0, 1024, InetAddress.getLoopbackAddress()));
        Thread.ofVirtual().name("upstream").start(upstream::accept);
        return upstream;
    }

    /** Scheme, host and port. */
    public URI origin() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    /** A new scene, in which the act answers. */
    public Scene scene(Act act) {
        Scene scene = new Scene("scene-" + UUID.randomUUID(), act);
        scenes.put(scene.marker(), scene);
        return scene;
    }

    /** How many connections were ever accepted. */
    public int accepted() {
        return accepted.get();
    }

    /** How many requests came, in any scene or none. */
    public int requests() {
        return requests.get();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void accept() {
        while (true) {
            Socket socket;
            try {
                socket = server.accept();
            } catch (IOException e) {
                return; // closed
            }
            open.add(socket);
            accepted.incrementAndGet();
            Thread.ofVirtual().name("upstream-connection").start(() -> serve(socket));
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            Performance running = null;
            for (Received request = read(in); request != null; request = read(in)) {
                if (running != null) {
                    running.thread.join();
                }
                running = perform(request, socket);
            }
            if (running != null) {
                running.callerLeft();
            }
        } catch (IOException | InterruptedException e) {
            // the connection is gone, and whoever cares has asked its scene
        } finally {
            open.remove(socket);
        }
    }

    private Performance perform(Received request, Socket socket) throws IOException {
        requests.incrementAndGet();
        Scene scene = Scene.MARKER
                .matcher(request.text())
                .results()
                .map(found -> scenes.get(found.group()))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseGet(() -> new Scene("", Acts.smallTalk()));
        scene.arrived(request);
        Performance performance = new Performance(new Line(request, scene, socket), socket);
        performance.thread.start();
        return performance;
    }

    /** An act on its way, on a thread of its own: the connection's thread keeps listening for the caller's hang-up. */
    private static final class Performance {

        private final Line line;
        private final Thread thread;

        Performance(Line line, Socket socket) {
            this.line = line;
            this.thread = Thread.ofVirtual().name("upstream-act").unstarted(() -> {
                try {
                    line.scene().act().play(line);
                    if (!line.isEnded()) {
                        socket.close();
                    }
                } catch (IOException | InterruptedException e) {
                    close(socket);
                } catch (AssertionError e) {
                    close(socket);
                    throw e;
                }
            });
        }

        void callerLeft() {
            if (thread.isAlive() && !line.isEnded()) {
                line.scene().hungUp();
                thread.interrupt();
            }
        }

        private static void close(Socket socket) {
            try {
                socket.close();
            } catch (IOException e) {
                // then it is closed
            }
        }
    }

    /** The next request; null if the caller closed the connection. */
    private static @Nullable Received read(InputStream in) throws IOException {
        String requestLine;
        try {
            requestLine = line(in);
        } catch (IOException e) {
            return null; // a reset is a hang-up too
        }
        if (requestLine == null) {
            return null;
        }
        List<String> headers = new ArrayList<>();
        for (String header = line(in); header != null && !header.isEmpty(); header = line(in)) {
            headers.add(header);
        }
        String[] parts = requestLine.split(" ", 3);
        Received head = new Received(parts[0], parts[1], headers, new byte[0]);
        int length = head.header("content-length").map(Integer::parseInt).orElse(0);
        boolean chunked = head.header("transfer-encoding").isPresent();
        return new Received(parts[0], parts[1], headers, chunked ? chunks(in) : in.readNBytes(length));
    }

    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            String size = line(in);
            if (size == null) {
                throw new EOFException();
            }
            byte[] chunk = in.readNBytes(Integer.parseInt(size.strip(), 16));
            body.writeBytes(chunk);
            line(in);
            if (chunk.length == 0) {
                return body.toByteArray();
            }
        }
    }

    private static @Nullable String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b == '\n') {
                return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
            }
            line.write(b);
        }
        return null;
    }
}
