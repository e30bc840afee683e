package com.smashcost.admin.boundary;

import com.smashcost.refusal.control.Expect;
import com.smashcost.refusal.control.Refusal;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonConfig;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.JsonValue.ValueType;
import jakarta.json.stream.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The JSON object of a request, read member by member. Members that nobody asked for are refused by name, and so are values of
 * the wrong type; null counts as absent unless something is made of it.
 */
final class JsonBody {

    private static final int LARGEST = 64 * 1024;
    private static final JsonReaderFactory READERS =
            Json.createReaderFactory(Map.of(JsonConfig.KEY_STRATEGY, JsonConfig.KeyStrategy.NONE));
    private static final Pattern MEMBER = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,15}(?:\\.[0-9]{1,20})?(?:[eE][+-]?[0-9]{1,2})?");

    private final JsonObject object;

    private JsonBody(JsonObject object, Set<String> members) {
        this.object = object;
        List<String> unknown =
                object.keySet().stream().filter(name -> !members.contains(name)).toList();
        if (!unknown.isEmpty()) {
            String named = unknown.stream()
                    .filter(MEMBER.asMatchPredicate())
                    .findFirst()
                    .orElse("one with an odd name");
            throw new Refusal.BadRequest("unknown_member", "The body has an unknown member: " + named + ".", named);
        }
    }

    /**
     * The object in this body, which may have these members and no others; an empty body is an empty object.
     *
     * @throws Refusal if it is anything else
     */
    static JsonBody read(InputStream body, Set<String> members) {
        byte[] bytes;
        try {
            bytes = body.readNBytes(LARGEST + 1);
        } catch (IOException e) {
            throw malformed();
        }
        if (bytes.length > LARGEST) {
            throw new Refusal.TooLarge("body_too_large", "A body has at most " + LARGEST + " bytes.");
        }
        if (bytes.length == 0) {
            return new JsonBody(JsonValue.EMPTY_JSON_OBJECT, members);
        }
        return new JsonBody(parse(bytes), members);
    }

    /** Parsers refuse with what they like, such as a bare RuntimeException for a deep text; it is all the same to us. */
    private static JsonObject parse(byte[] bytes) {
        try (JsonReader reader = READERS.createReader(new ByteArrayInputStream(bytes));
                JsonParser parser = Json.createParser(new ByteArrayInputStream(bytes))) {
            JsonObject object = reader.readObject();
            // the reader does not look beyond the object
            parser.next();
            parser.skipObject();
            if (parser.hasNext()) {
                throw malformed();
            }
            return object;
        } catch (RuntimeException e) {
            throw malformed();
        }
    }

    boolean has(String name) {
        return object.containsKey(name);
    }

    boolean isNull(String name) {
        return has(name) && object.isNull(name);
    }

    /** Whether the member is exactly this string. */
    boolean says(String name, String text) {
        return object.get(name) instanceof JsonString string
                && string.getString().equals(text);
    }

    @Nullable
    String text(String name) {
        JsonValue value = object.get(name);
        if (value == null || value.getValueType() == ValueType.NULL) {
            return null;
        }
        if (value instanceof JsonString string) {
            return string.getString();
        }
        throw Expect.refuse(name, "must be a string");
    }

    /** The strings of this member's array; none where there is no array. */
    List<String> texts(String name) {
        JsonValue value = object.get(name);
        if (value == null || value.getValueType() == ValueType.NULL) {
            return List.of();
        }
        if (value instanceof JsonArray array && array.stream().allMatch(JsonString.class::isInstance)) {
            return array.getValuesAs(JsonString::getString);
        }
        throw Expect.refuse(name, "must be an array of strings");
    }

    @Nullable
    Boolean flag(String name) {
        JsonValue value = object.get(name);
        if (value == null || value.getValueType() == ValueType.NULL) {
            return null;
        }
        return switch (value.getValueType()) {
            case TRUE -> true;
            case FALSE -> false;
            default -> throw Expect.refuse(name, "must be true or false");
        };
    }

    /** The whole number of this member. */
    @Nullable
    Long whole(String name) {
        JsonValue value = object.get(name);
        if (value == null || value.getValueType() == ValueType.NULL) {
            return null;
        }
        if (value instanceof JsonNumber number) {
            try {
                return number.longValueExact();
            } catch (ArithmeticException e) {
                // refused below
            }
        }
        throw Expect.refuse(name, "must be a whole number");
    }

    /** The decimal of this member, written as a string or as a number. */
    @Nullable
    BigDecimal decimal(String name) {
        JsonValue value = object.get(name);
        if (value == null || value.getValueType() == ValueType.NULL) {
            return null;
        }
        String text = value instanceof JsonString string ? string.getString() : value.toString();
        if (!DECIMAL.matcher(text).matches()) {
            throw Expect.refuse(name, "must be a decimal, such as \"0.0000025\"");
        }
        return new BigDecimal(text);
    }

    @Nullable
    Instant instant(String name) {
        String text = text(name);
        return text == null ? null : instant(name, text);
    }

    @Nullable
    LocalDate date(String name) {
        String text = text(name);
        try {
            return text == null ? null : LocalDate.parse(text);
        } catch (DateTimeException e) {
            throw Expect.refuse(name, "must be a date, such as 2026-11-21");
        }
    }

    /** The object of this member, whatever its members are; empty where there is none. */
    JsonObject object(String name) {
        return asObject(name, object.get(name));
    }

    /** Gives each of the objects in this member's array to the reader. */
    void each(String name, Set<String> members, Consumer<JsonBody> reader) {
        JsonValue value = object.get(name);
        if (value == null || value.getValueType() == ValueType.NULL) {
            return;
        }
        if (!(value instanceof JsonArray array)) {
            throw Expect.refuse(name, "must be an array");
        }
        array.forEach(element -> reader.accept(new JsonBody(asObject(name, element), members)));
    }

    /** The instant in this text of ISO 8601, with an offset from UTC. */
    static Instant instant(String name, String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw Expect.refuse(name, "must be an instant, such as 2026-11-21T20:00:00Z");
        }
    }

    private static JsonObject asObject(String name, @Nullable JsonValue value) {
        if (value == null || value.getValueType() == ValueType.NULL) {
            return JsonValue.EMPTY_JSON_OBJECT;
        }
        if (value instanceof JsonObject inner) {
            return inner;
        }
        throw Expect.refuse(name, "must be an object");
    }

    private static Refusal malformed() {
        return new Refusal.BadRequest(
                "malformed_json", "The body must be one JSON object without repeated members.", null);
    }
}
