package com.smashcost.upstream;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The provider's end of a connection while it answers one request. */
public final class Line {

    private final Received request;
    private final Scene scene;
    private final Socket socket;
    private final OutputStream out;
    private boolean chunked;
    private volatile boolean ended;

    Line(Received request, Scene scene, Socket socket) throws IOException {
        this.request = request;
        this.scene = scene;
        this.socket = socket;
        this.out = socket.getOutputStream();
    }

    public Received request() {
        return request;
    }

    /** Where tests see what happens on this line. */
    public Scene scene() {
        return scene;
    }

    /** Answers in one piece. */
    public void answer(int status, Map<String, String> headers, byte[] body) throws IOException {
        ended = true;
        raw((head(status, headers) + "content-length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
        raw(body);
    }

    /** Sends the head of an answer that comes in pieces. */
    public void begin(int status, Map<String, String> headers) throws IOException {
        chunked = true;
        raw((head(status, headers) + "transfer-encoding: chunked\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends a piece of the answer. */
    public void send(byte[] piece) throws IOException {
        scene.sending();
        raw((Integer.toHexString(piece.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        raw(piece);
        raw("\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    /** Ends the answer as it should end. */
    public void end() throws IOException {
        ended = true;
        if (chunked) {
            raw("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** Sends bytes that need not be HTTP. */
    public void raw(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** Breaks the connection with a reset instead of closing it. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Whether the answer was ended, so that the connection can serve the next request. */
    boolean isEnded() {
        return ended;
    }

    private static String head(int status, Map<String, String> headers) {
        StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status).append(" Replayed\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        return head.toString();
    }
}
