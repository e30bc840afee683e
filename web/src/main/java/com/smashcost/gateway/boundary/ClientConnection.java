package com.smashcost.gateway.boundary;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.HashSet;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The connection of the HTTP client, watched for its end while a request of it is being answered.
 *
 * <p>Payara (Grizzly) does not look at a socket between the end of a request and the end of its response, so a client
 * that hangs up is noticed only by writing to it. This class registers the socket with a selector of its own beside
 * Grizzly's. It never reads: a socket that is readable and has no byte available is at its end, or was reset. So
 * neither pipelined requests nor TLS records can be lost, and nothing has to be restored for the next request. Bytes
 * that wait in front of the end (a pipelined request, the TLS close_notify) hide it from the selector; then the socket
 * is polled for {@code POLLRDHUP}, which needs Linux and {@code --add-opens=java.base/sun.nio.ch=ALL-UNNAMED}, a
 * default of Payara's domain.
 *
 * <p>On HTTP/2 the end of the request's stream is looked for instead.
 *
 * <p>A client that closes only its sending half counts as gone, as with nginx.
 *
 * <p>One watch per request at a time. {@link #close()} must be called before the response is complete. Safe for use by
 * several threads.
 */
final class ClientConnection implements AutoCloseable {

    private static final Logger LOG = System.getLogger(ClientConnection.class.getName());

    private enum State {
        WATCHING,
        HUNG_UP,
        CLOSED
    }

    private final Optional<Line> line;
    private final Runnable onHangUp;
    private final AtomicReference<State> state;

    private ClientConnection(Optional<Line> line, Runnable onHangUp) {
        this.line = line;
        this.onHangUp = onHangUp;
        this.state = new AtomicReference<>(line.isPresent() ? State.WATCHING : State.CLOSED);
    }

    /**
     * Starts to watch the connection of a request, from any thread, as long as the response is not complete.
     *
     * @param onHangUp called at most once, on a virtual thread of its own without any request context, and never when {@link #close()} came first
     */
    public static ClientConnection watch(HttpServletRequest request, Runnable onHangUp) {
        var connection = new ClientConnection(Container.lineOf(request), onHangUp);
        if (connection.isWatching()) {
            Watcher.add(connection);
        }
        return connection;
    }

    /** Whether a hang-up would be noticed; false after the end, and always in a container other than expected. */
    public boolean isWatching() {
        return state.get() == State.WATCHING;
    }

    /** Whether the client was seen to hang up. */
    public boolean isHungUp() {
        return state.get() == State.HUNG_UP;
    }

    /** Ends the watch; a hang-up noticed before may still be running its callback. */
    @Override
    public void close() {
        state.compareAndSet(State.WATCHING, State.CLOSED);
    }

    private void hangUp() {
        if (state.compareAndSet(State.WATCHING, State.HUNG_UP)) {
            Thread.ofVirtual().name("client-hang-up").start(() -> {
                try {
                    onHangUp.run();
                } catch (RuntimeException e) {
                    LOG.log(Level.WARNING, "The reaction to a client's hang-up failed", e);
                }
            });
        }
    }

    private Line line() {
        return line.orElseThrow();
    }

    /** The thread that watches all connections; it ends when it was idle for a while, so an undeployed application leaves none. */
    private static final class Watcher implements Runnable {

        /** Upper bound of the delay before a hang-up is noticed; a request shorter than this is mostly never registered. */
        private static final long TICK_MILLIS = 50;

        private static final long IDLE_TICKS = 200;

        private static final Queue<ClientConnection> ADDED = new ConcurrentLinkedQueue<>();
        private static final AtomicBoolean RUNNING = new AtomicBoolean();

        private final Set<ClientConnection> watched = new HashSet<>();

        static void add(ClientConnection connection) {
            ADDED.add(connection);
            start();
        }

        private static void start() {
            if (!RUNNING.get() && RUNNING.compareAndSet(false, true)) {
                try {
                    var thread = new Thread(null, new Watcher(), "client-connection-watcher", 0, false);
                    thread.setDaemon(true);
                    thread.start();
                } catch (Throwable e) {
                    RUNNING.set(false);
                    throw e;
                }
            }
        }

        @Override
        public void run() {
            var failed = false;
            try (var selector = Selector.open()) {
                watch(selector);
            } catch (IOException | RuntimeException e) {
                failed = true;
                LOG.log(Level.ERROR, "Watching client connections failed, hang-ups are noticed late for now", e);
            } finally {
                watched.forEach(ClientConnection::close);
                RUNNING.set(false);
            }
            if (!failed && !ADDED.isEmpty()) {
                start();
            }
        }

        private void watch(Selector selector) throws IOException {
            var idleTicks = 0L;
            var nextSweep = System.nanoTime();
            while (idleTicks < IDLE_TICKS) {
                selector.select(this::examine, TICK_MILLIS);
                if (System.nanoTime() - nextSweep >= 0) {
                    nextSweep = System.nanoTime() + TICK_MILLIS * 1_000_000;
                    sweep(selector);
                    selector.selectNow(key -> {});
                    admit(selector);
                    idleTicks = watched.isEmpty() ? idleTicks + 1 : 0;
                }
            }
        }

        /** Drops the connections whose watch ended and looks at those which the selector cannot speak for. */
        private void sweep(Selector selector) {
            watched.removeIf(connection -> {
                if (connection.isWatching() && !connection.line().isOpen()) {
                    connection.hangUp();
                }
                if (connection.line() instanceof Socket socket) {
                    sweep(connection, socket, socket.channel.keyFor(selector));
                }
                return !connection.isWatching();
            });
        }

        private static void sweep(ClientConnection connection, Socket socket, @Nullable SelectionKey key) {
            if (key == null || key.attachment() != connection) {
                connection.close();
                return;
            }
            socket.suspicious = false;
            if (socket.hasUnread || !connection.isWatching()) {
                examine(connection, socket, key);
            }
        }

        private void admit(Selector selector) {
            for (var connection = ADDED.poll(); connection != null; connection = ADDED.poll()) {
                if (connection.isWatching()) {
                    try {
                        if (connection.line() instanceof Socket socket) {
                            socket.channel.register(selector, SelectionKey.OP_READ, connection);
                        }
                        watched.add(connection);
                    } catch (ClosedChannelException e) {
                        connection.hangUp();
                    } catch (CancelledKeyException | IllegalBlockingModeException e) {
                        connection.close();
                    }
                }
            }
        }

        private void examine(SelectionKey key) {
            if (key.attachment() instanceof ClientConnection connection && connection.line() instanceof Socket socket) {
                examine(connection, socket, key);
            }
        }

        /**
         * Decides what a readable socket means. An end is believed only when it is seen twice in a row, because
         * Grizzly may have read the bytes in between if the response was completed before the watch was closed.
         */
        private static void examine(ClientConnection connection, Socket socket, SelectionKey key) {
            try {
                if (!connection.isWatching()) {
                    key.cancel();
                } else if (socket.available() > 0) {
                    key.interestOps(0);
                    socket.hasUnread = true;
                    socket.suspicious = false;
                    if (socket.isRemotelyClosed()) {
                        end(connection, key);
                    }
                } else if (socket.hasUnread) {
                    key.interestOps(SelectionKey.OP_READ);
                    socket.hasUnread = false;
                } else if (socket.suspicious) {
                    end(connection, key);
                } else {
                    socket.suspicious = true;
                }
            } catch (CancelledKeyException | IOException e) {
                end(connection, key);
            }
        }

        private static void end(ClientConnection connection, SelectionKey key) {
            key.cancel();
            connection.hangUp();
        }
    }

    /** What ends when the client hangs up. */
    private sealed interface Line {

        boolean isOpen();
    }

    /** One of the requests which share a connection of HTTP/2; Grizzly reads that all the time and knows its end. */
    private record Stream(SocketChannel channel, Object closeable, MethodHandle open) implements Line {

        @Override
        public boolean isOpen() {
            try {
                return channel.isOpen() && (boolean) open.invoke(closeable);
            } catch (Throwable e) {
                LOG.log(Level.DEBUG, "The state of a stream is unknown", e);
                return true;
            }
        }
    }

    /** The socket of an HTTP/1 client; all but the channel is touched by the watcher's thread only. */
    private static final class Socket implements Line {

        private static final int POLLRDHUP = 0x2000;
        private static final int POLLERR_POLLHUP = 0x18;

        private final SocketChannel channel;
        private boolean hasUnread;
        private boolean suspicious;

        Socket(SocketChannel channel) {
            this.channel = channel;
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        int available() throws IOException {
            return channel.socket().getInputStream().available();
        }

        /** Whether the client closed its sending half or reset, even behind bytes not read yet. */
        boolean isRemotelyClosed() throws IOException {
            return Poll.SYSTEM.isPresent()
                    && (Poll.SYSTEM.get().events(channel, POLLRDHUP) & (POLLRDHUP | POLLERR_POLLHUP)) != 0;
        }
    }

    /** The system call poll(2) of the JDK. */
    private record Poll(MethodHandle descriptor, MethodHandle poll) {

        static final Optional<Poll> SYSTEM = find();

        int events(SocketChannel channel, int events) throws IOException {
            try {
                var fd = (FileDescriptor) descriptor.invoke(channel);
                return (int) poll.invoke(fd, events, 0L);
            } catch (IOException | RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IOException(e);
            }
        }

        private static Optional<Poll> find() {
            try {
                if (!"Linux".equals(System.getProperty("os.name"))) {
                    throw new NoSuchMethodException("POLLRDHUP is known on Linux only");
                }
                var descriptor = Class.forName("sun.nio.ch.SelChImpl").getDeclaredMethod("getFD");
                var poll = Class.forName("sun.nio.ch.Net")
                        .getDeclaredMethod("poll", FileDescriptor.class, int.class, long.class);
                descriptor.setAccessible(true);
                poll.setAccessible(true);
                var lookup = MethodHandles.lookup();
                return Optional.of(new Poll(lookup.unreflect(descriptor), lookup.unreflect(poll)));
            } catch (ReflectiveOperationException | RuntimeException e) {
                LOG.log(Level.WARNING, "Hang-ups of TLS clients are noticed late: {0}", e.toString());
                return Optional.empty();
            }
        }
    }

    /** The way from a servlet request to its socket or stream through Payara's and Grizzly's public methods. */
    private record Container(MethodHandle channel, MethodHandle closeable, MethodHandle open) {

        private static final String FACADE = "org.apache.catalina.connector.RequestFacade";
        private static volatile @Nullable Optional<Container> found;
        private static final AtomicBoolean FOREIGN = new AtomicBoolean();

        static Optional<Line> lineOf(HttpServletRequest request) {
            var original = unwrap(request);
            if (!original.getClass().getName().equals(FACADE)) {
                if (!FOREIGN.getAndSet(true)) {
                    LOG.log(Level.WARNING, "Hang-ups of clients are noticed late for a {0}", original.getClass());
                }
                return Optional.empty();
            }
            Optional<Container> container = found;
            if (container == null) {
                container = find(original.getClass());
                found = container;
            }
            return container.flatMap(known -> known.line(original));
        }

        private static ServletRequest unwrap(ServletRequest request) {
            var original = request;
            while (original instanceof ServletRequestWrapper wrapper) {
                original = wrapper.getRequest();
            }
            if (!original.getClass().getName().equals(FACADE) && original.isAsyncStarted()) {
                var inner = original.getAsyncContext().getRequest();
                return inner == original ? original : unwrap(inner);
            }
            return original;
        }

        private Optional<Line> line(ServletRequest request) {
            try {
                var socket = (SocketChannel) channel.invoke(request);
                if (!request.getProtocol().startsWith("HTTP/1.")) {
                    return Optional.of(new Stream(socket, closeable.invoke(request), open));
                }
                return socket.isBlocking() ? Optional.empty() : Optional.of(new Socket(socket));
            } catch (Throwable e) {
                LOG.log(Level.DEBUG, "A request has no connection to watch", e);
                return Optional.empty();
            }
        }

        private static Optional<Container> find(Class<?> facade) {
            try {
                var unwrapped = facade.getMethod("getUnwrappedCoyoteRequest");
                var coyote = unwrapped.getReturnType().getMethod("getCoyoteRequest");
                var context = coyote.getReturnType().getMethod("getContext");
                var connection = context.getReturnType().getMethod("getConnection");
                var channel = Class.forName(
                                "org.glassfish.grizzly.nio.NIOConnection",
                                false,
                                connection.getReturnType().getClassLoader())
                        .getMethod("getChannel");
                var packet = coyote.getReturnType().getMethod("getRequest");
                var processing = packet.getReturnType().getMethod("getProcessingState");
                var http = processing.getReturnType().getMethod("getHttpContext");
                var closeable = http.getReturnType().getMethod("getCloseable");
                return Optional.of(new Container(
                        chain(unwrapped, coyote, context, connection, channel),
                        chain(unwrapped, coyote, packet, processing, http, closeable),
                        MethodHandles.publicLookup()
                                .unreflect(closeable.getReturnType().getMethod("isOpen"))));
            } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
                LOG.log(Level.WARNING, "Hang-ups of clients are noticed late in this container: {0}", e.toString());
                return Optional.empty();
            }
        }

        private static MethodHandle chain(Method... getters) throws IllegalAccessException {
            var chain = MethodHandles.identity(Object.class);
            for (var getter : getters) {
                var next = MethodHandles.publicLookup().unreflect(getter);
                chain = MethodHandles.filterReturnValue(
                        chain.asType(chain.type().changeReturnType(next.type().parameterType(0))), next);
            }
            return chain.asType(chain.type().changeReturnType(Object.class));
        }
    }
}
