package com.smashcost.server.launcher;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;

/** The ports that nobody chose: free ones, and the same as last time where they still are. */
final class Ports {

    private final Path file;
    private final Properties chosen = new Properties();
    private final Set<Integer> taken = new HashSet<>();

    Ports(Path file) {
        this.file = file;
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                chosen.load(reader);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    int choose(String name) {
        int last = lastTime(name);
        int port = last > 0 && !taken.contains(last) && isFree(loopback(), last) ? last : anyFree();
        taken.add(port);
        chosen.setProperty(name, Integer.toString(port));
        StringBuilder text = new StringBuilder();
        chosen.forEach(
                (key, value) -> text.append(key).append('=').append(value).append('\n'));
        Home.writePrivate(file, text.toString());
        return port;
    }

    /** For a port that somebody chose: taken is the end of this start. */
    void claim(String setting, InetAddress address, int port) {
        if (!taken.add(port) || !isFree(address, port)) {
            throw new StartFailure("port " + port + " is taken; set " + setting + " to a free one");
        }
    }

    private int lastTime(String name) {
        try {
            return Integer.parseInt(chosen.getProperty(name, "0"));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private int anyFree() {
        while (true) {
            try (ServerSocket socket = new ServerSocket(0, 1, loopback())) {
                if (!taken.contains(socket.getLocalPort())) {
                    return socket.getLocalPort();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static boolean isFree(InetAddress address, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // as the servers bind: a connection of the last run that lingers does not count
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    static InetAddress loopback() {
        return address("127.0.0.1");
    }

    static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
