package com.smashcost.installation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A client on a bare socket, which can leave at any moment and in any way. */
public final class RawClient implements AutoCloseable {

    private final Socket socket;

    private RawClient(Socket socket) {
        this.socket = socket;
    }

    /** Sends a chat completion request as this customer and returns without waiting for an answer. */
    public static RawClient send(Customer customer, String body) throws IOException {
        int port = Installation.running().origin().getPort();
        Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        socket.getOutputStream().write(("""
                POST /v1/chat/completions HTTP/1.1\r
                Host: 127.0.0.1:%d\r
                Authorization: Bearer %s\r
                Content-Type: application/json\r
                Content-Length: %d\r
                \r
                """.formatted(port, customer.key().text(), bytes.length)).getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return new RawClient(socket);
    }

    /** Reads until this text has come, and returns all that came. */
    public String readUntil(String text, Duration limit) throws IOException {
        long deadline = System.nanoTime() + limit.toNanos();
        InputStream in = socket.getInputStream();
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        while (!read.toString(StandardCharsets.UTF_8).contains(text)) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new SocketTimeoutException("no " + text + " within " + limit + ": " + read);
            }
            socket.setSoTimeout((int) left);
            int b = in.read();
            if (b < 0) {
                throw new IOException("closed before " + text + ": " + read);
            }
            read.write(b);
        }
        return read.toString(StandardCharsets.UTF_8);
    }

    /** Leaves without a word, as a killed process on the same machine does. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Leaves by closing the connection. */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
