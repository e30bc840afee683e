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

    /** Sends a chat completion request as this customer, with these header lines, and waits for nothing. */
    public static RawClient send(Customer customer, String body, String... headerLines) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        RawClient client = open(customer, "Content-Length: " + bytes.length, headerLines);
        client.write(bytes);
        return client;
    }

    /** Announces a body of this length, and sends none of it. */
    public static RawClient announce(Customer customer, int length) throws IOException {
        return open(customer, "Content-Length: " + length);
    }

    /** Sends a body in chunks, so that nobody knows its length before its end. */
    public static RawClient sendInChunks(Customer customer, byte[] body) throws IOException {
        RawClient client = open(customer, "Transfer-Encoding: chunked");
        int size = 64 * 1024;
        for (int from = 0; from < body.length; from += size) {
            int count = Math.min(size, body.length - from);
            try {
                client.write((Integer.toHexString(count) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                client.socket.getOutputStream().write(body, from, count);
                client.write("\r\n".getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                return client; // the answer may be here before the body is there
            }
        }
        client.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return client;
    }

    private static RawClient open(Customer customer, String length, String... headerLines) throws IOException {
        int port = Installation.running().origin().getPort();
        RawClient client = new RawClient(new Socket(InetAddress.getLoopbackAddress(), port));
        StringBuilder head = new StringBuilder("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:" + port
                + "\r\nAuthorization: Bearer " + customer.key().text() + "\r\nContent-Type: application/json\r\n");
        for (String line : headerLines) {
            head.append(line).append("\r\n");
        }
        head.append(length).append("\r\n\r\n");
        client.write(head.toString().getBytes(StandardCharsets.UTF_8));
        return client;
    }

    private void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
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
