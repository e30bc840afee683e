package com.smashcost.provider.control;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One server-sent event that has data (WHATWG HTML, section 9.2).
 *
 * @param name of the event; null if it has none
 * @param data its data lines, joined by line feeds, in UTF-8
 */
@SuppressWarnings("ArrayRecordComponent")
public record SseEvent(@Nullable String name, byte[] data) {

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EVENT = "event".getBytes(StandardCharsets.US_ASCII);

    /** The event in these bytes; empty if they hold no data, as comments do. */
    public static Optional<SseEvent> in(byte[] buffer, int from, int to) {
        String name = null;
        ByteArrayOutputStream data = null;
        int line = afterMark(buffer, from, to);
        while (line < to) {
            int end = line;
            while (end < to && buffer[end] != '\n' && buffer[end] != '\r') {
                end++;
            }
            int value = valueOf(buffer, line, end, DATA);
            if (value >= 0) {
                if (data == null) {
                    data = new ByteArrayOutputStream(end - value);
                } else {
                    data.write('\n');
                }
                data.write(buffer, value, end - value);
            } else {
                value = valueOf(buffer, line, end, EVENT);
                name = value < 0 ? name : new String(buffer, value, end - value, StandardCharsets.UTF_8);
            }
            line = end + 1;
            if (end < to && buffer[end] == '\r' && line < to && buffer[line] == '\n') {
                line++;
            }
        }
        return data == null ? Optional.empty() : Optional.of(new SseEvent(name, data.toByteArray()));
    }

    /** Where an event's first line begins: after the byte order mark that a stream may begin with. */
    public static int afterMark(byte[] buffer, int from, int to) {
        int end = from + BYTE_ORDER_MARK.length;
        return end <= to && Arrays.equals(buffer, from, end, BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length) ? end : from;
    }

    /** Where the value of this field begins in a line; -1 if the line is another field's. */
    private static int valueOf(byte[] buffer, int line, int end, byte[] field) {
        int colon = line + field.length;
        if (end < colon || !Arrays.equals(buffer, line, colon, field, 0, field.length)) {
            return -1;
        }
        if (colon == end) {
            return end;
        }
        if (buffer[colon] != ':') {
            return -1;
        }
        return colon + 1 < end && buffer[colon + 1] == ' ' ? colon + 2 : colon + 1;
    }

    /** The data as text. */
    public String text() {
        return new String(data, StandardCharsets.UTF_8);
    }

    /** Whether the data is this ASCII text. */
    public boolean is(String text) {
        return Arrays.equals(data, text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public String toString() {
        return "SseEvent[" + data.length + " bytes]";
    }
}
