package com.smashcost.gateway.boundary;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Requests that know their headers and their body, and nothing else. */
final class StubRequest {

    private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final InputStream body;
    private final long announced;

    private StubRequest(Map<String, String> headers, InputStream body, long announced) {
        this.headers.putAll(headers);
        this.body = body;
        this.announced = announced;
    }

    /** A request without a body; header names and values in turn. */
    static HttpServletRequest with(String... headers) {
        Map<String, String> map = new TreeMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            map.put(headers[i].toLowerCase(Locale.ROOT), headers[i + 1]);
        }
        return new StubRequest(map, InputStream.nullInputStream(), 0).request();
    }

    /** A request with a body of a length that it announces, or -1 if it does not. */
    static HttpServletRequest of(InputStream body, long announced) {
        return new StubRequest(Map.of(), body, announced).request();
    }

    static HttpServletRequest of(byte[] body, long announced) {
        return of(new ByteArrayInputStream(body), announced);
    }

    private HttpServletRequest request() {
        return (HttpServletRequest) Proxy.newProxyInstance(
                StubRequest.class.getClassLoader(), new Class<?>[] {HttpServletRequest.class}, this::answer);
    }

    private @Nullable Object answer(Object proxy, Method method, @Nullable Object @Nullable [] arguments) {
        return switch (method.getName()) {
            case "getHeader" -> arguments == null ? null : headers.get(String.valueOf(arguments[0]));
            case "getContentLengthLong" -> announced;
            case "getInputStream" -> new Body(body);
            case "isAsyncStarted" -> false;
            default -> throw new UnsupportedOperationException(method.getName());
        };
    }

    private static final class Body extends ServletInputStream {

        private final InputStream bytes;

        Body(InputStream bytes) {
            this.bytes = bytes;
        }

        @Override
        public int read() throws IOException {
            return bytes.read();
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            return bytes.read(into, offset, length);
        }

        @Override
        public boolean isFinished() {
            return false;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new UnsupportedOperationException();
        }
    }
}
