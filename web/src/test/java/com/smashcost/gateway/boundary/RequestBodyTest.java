package com.smashcost.gateway.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.smashcost.refusal.control.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestBodyTest {

    private static final int LARGEST = 10 * 1024 * 1024;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 16 * 1024 - 1, 16 * 1024, 16 * 1024 + 1, 100_000, LARGEST - 1, LARGEST})
    void is_read_whole_whether_its_length_was_announced_or_not(int length) {
        byte[] body = bytes(length);
        assertThat(RequestBody.read(StubRequest.of(body, length))).isEqualTo(body);
        assertThat(RequestBody.read(StubRequest.of(body, -1))).isEqualTo(body);
        assertThat(RequestBody.read(StubRequest.of(trickling(body), -1))).isEqualTo(body);
        assertThat(RequestBody.read(StubRequest.of(trickling(body), length))).isEqualTo(body);
    }

    @Test
    void is_refused_unread_when_it_is_announced_as_too_large() {
        InputStream unreadable = new InputStream() {
            @Override
            public int read() {
                throw new AssertionError("nobody should read it");
            }
        };
        assertTooLarge(StubRequest.of(unreadable, LARGEST + 1L));
        assertTooLarge(StubRequest.of(unreadable, Long.MAX_VALUE));
    }

    @Test
    void is_refused_when_it_turns_out_too_large() {
        assertTooLarge(StubRequest.of(new byte[LARGEST + 1], -1));
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                return length;
            }
        };
        assertTooLarge(StubRequest.of(endless, -1));
    }

    @Test
    void is_refused_when_it_is_shorter_than_announced_or_breaks_off() {
        assertNotWhole(StubRequest.of(new byte[9], 10));
        assertNotWhole(StubRequest.of(new byte[0], 10));
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("connection reset, with words of the client");
            }
        };
        assertNotWhole(StubRequest.of(broken, 10));
        assertNotWhole(StubRequest.of(broken, -1));
    }

    @Test
    void is_read_no_further_than_announced() throws IOException {
        ByteArrayInputStream two = new ByteArrayInputStream("firstsecond".getBytes(StandardCharsets.US_ASCII));
        assertThat(RequestBody.read(StubRequest.of(two, 5))).asString().isEqualTo("first");
        assertThat(two.readAllBytes()).asString().isEqualTo("second");
    }

    @Test
    void is_refused_when_there_is_none() {
        for (long announced : new long[] {-1, 0}) {
            assertThatExceptionOfType(Refusal.BadRequest.class)
                    .isThrownBy(() -> RequestBody.read(StubRequest.of(new byte[0], announced)))
                    .withMessage("The body is empty.");
        }
    }

    private static void assertTooLarge(HttpServletRequest request) {
        assertThatExceptionOfType(Refusal.TooLarge.class)
                .isThrownBy(() -> RequestBody.read(request))
                .withMessageContaining("10485760");
    }

    private static void assertNotWhole(HttpServletRequest request) {
        assertThatExceptionOfType(Refusal.BadRequest.class)
                .isThrownBy(() -> RequestBody.read(request))
                .withMessage("The body did not arrive whole.")
                .withNoCause();
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    /** The bytes as a slow network brings them. */
    private static InputStream trickling(byte[] body) {
        return new ByteArrayInputStream(body) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(length, 7_777));
            }
        };
    }
}
