package com.smashcost.provider.control.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Errors as clients of the OpenAI dialect expect them. */
public final class OpenAiError {

    private static final JsonFactory JSON = new JsonFactory();

    private OpenAiError() {}

    /** The body of an error of ours. */
    public static byte[] body(int status, String code, String message, @Nullable String param) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeObjectFieldStart("error");
            json.writeStringField("message", message);
            json.writeStringField("type", type(status, code));
            if (param == null) {
                json.writeNullField("param");
            } else {
                json.writeStringField("param", param);
            }
            json.writeStringField("code", code);
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** The event with which a stream ends that cannot end well; SDKs raise it, and no end mark follows. */
    public static byte[] event(int status, String code, String message) {
        byte[] body = body(status, code, message, null);
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length + 16);
        out.writeBytes("data: ".getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(body);
        out.writeBytes("\n\n".getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    /** Whether this is an error body of the dialect, which a client can be shown as it is. */
    public static boolean isOne(byte[] body) {
        try (JsonParser json = JSON.createParser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            boolean error = false;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean named = "error".equals(json.currentName());
                error |= json.nextToken() == JsonToken.START_OBJECT && named;
                json.skipChildren();
            }
            return error && json.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }

    private static String type(int status, String code) {
        if (code.equals("budget_exceeded")) {
            return "insufficient_quota";
        }
        return switch (status) {
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 429 -> "requests";
            default -> status < 500 ? "invalid_request_error" : "server_error";
        };
    }
}
