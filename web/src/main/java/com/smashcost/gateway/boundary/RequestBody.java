package com.smashcost.gateway.boundary;

import com.smashcost.refusal.control.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Reads the bodies of requests, up to a limit. */
final class RequestBody {

    /** The largest body that is taken, in bytes. */
    static final int LARGEST = 10 * 1024 * 1024;

    private RequestBody() {}

    /**
     * All bytes of the body.
     *
     * @throws Refusal.TooLarge if there are more than {@link #LARGEST}
     * @throws Refusal.BadRequest if there are none, or fewer than announced
     */
    static byte[] read(HttpServletRequest request) {
        long announced = request.getContentLengthLong();
        if (announced > LARGEST) {
            throw tooLarge();
        }
        byte[] body = new byte[announced >= 0 ? (int) announced : 16 * 1024];
        int length = 0;
        try {
            InputStream in = request.getInputStream();
            while (true) {
                if (length == body.length) {
                    if (announced >= 0) {
                        break;
                    }
                    if (length > LARGEST) {
                        throw tooLarge();
                    }
                    body = Arrays.copyOf(body, Math.min(body.length * 2, LARGEST + 1));
                }
                int count = in.read(body, length, body.length - length);
                if (count < 0) {
                    break;
                }
                length += count;
            }
        } catch (IOException e) {
            throw new Refusal.BadRequest("invalid_request", "The body did not arrive whole.", null);
        }
        if (length > LARGEST) {
            throw tooLarge();
        }
        if (announced >= 0 && length < announced) {
            throw new Refusal.BadRequest("invalid_request", "The body did not arrive whole.", null);
        }
        if (length == 0) {
            throw new Refusal.BadRequest("invalid_request", "The body is empty.", null);
        }
        return length == body.length ? body : Arrays.copyOf(body, length);
    }

    private static Refusal.TooLarge tooLarge() {
        return new Refusal.TooLarge("request_too_large", "A body has at most 10 MB (10485760 bytes).");
    }
}
