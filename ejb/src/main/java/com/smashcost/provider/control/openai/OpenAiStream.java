package com.smashcost.provider.control.openai;

import com.smashcost.provider.entity.Usage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Watches a stream of server-sent events on its way to the client: bytes go on unchanged, event by event as they arrive, but
 * for a usage chunk that the client did not ask for and for the end mark, which is held until the caller lets it go. Of what
 * passes it keeps numbers only.
 *
 * <p>Not thread-safe; bytes may be cut anywhere.
 */
public final class OpenAiStream {

    /** The bytes with which a stream ends well. */
    public static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] DONE_TEXT = "[DONE]".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] USAGE = "\"usage\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CHOICES = "\"choices\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FINISH = "\"finish_reason\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FINISH_SPACED = "\"finish_reason\": \"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ERROR = "\"error\"".getBytes(StandardCharsets.US_ASCII);
    private static final int LARGEST_EVENT = 8 * 1024 * 1024;

    private final boolean withholdUsage;
    private byte[] pending = new byte[8192];
    private int length;
    private int scanned;
    private boolean lineIsEmpty = true;
    private boolean afterCarriageReturn;
    private boolean linesEndInPairs;
    private byte @Nullable [] end;
    private Usage usage = Usage.UNKNOWN;
    private @Nullable String serviceTier;
    private boolean finished;
    private boolean failed;
    private boolean started;
    private boolean open;

    /**
     * @param withholdUsage whether chunks that hold nothing but usage stay here
     */
    public OpenAiStream(boolean withholdUsage) {
        this.withholdUsage = withholdUsage;
    }

    /** Takes bytes from the provider and writes the events that they complete; returns whether any were written. */
    public boolean accept(byte[] bytes, int offset, int count, OutputStream client) throws IOException {
        append(bytes, offset, count);
        int from = 0; // first byte of the event that is being looked at
        int sendFrom = 0; // first byte that was not yet written
        boolean wrote = false;
        while (scanned < length && end == null) {
            byte b = pending[scanned++];
            if (b == '\n' && afterCarriageReturn) {
                afterCarriageReturn = false;
                linesEndInPairs = true;
                if (scanned - 1 == from) { // the second half of the line end that closed the last event
                    from = scanned;
                }
                continue;
            }
            afterCarriageReturn = b == '\r';
            if (b != '\n' && b != '\r') {
                lineIsEmpty = false;
                continue;
            }
            if (!lineIsEmpty) {
                lineIsEmpty = true;
                continue;
            }
            if (afterCarriageReturn && linesEndInPairs && scanned == length) {
                scanned--; // the line feed that belongs to it is still on its way
                afterCarriageReturn = false;
                break;
            }
            int to = afterCarriageReturn && scanned < length && pending[scanned] == '\n' ? scanned + 1 : scanned;
            if (!passes(from, to)) {
                wrote |= write(client, sendFrom, from);
                sendFrom = to;
            }
            if (to > scanned) {
                scanned = to;
                afterCarriageReturn = false;
            }
            from = to;
        }
        if (length - from > LARGEST_EVENT) {
            from = length; // too large to hold back: let it pass unread
            lineIsEmpty = false;
        }
        wrote |= write(client, sendFrom, from);
        length -= from;
        scanned -= from;
        System.arraycopy(pending, from, pending, 0, length);
        return wrote;
    }

    /**
     * Ends the watch when the provider has closed its stream; an event without its empty line still counts, one that was cut
     * in the middle of its data does not.
     */
    public void close(OutputStream client) throws IOException {
        if (length > 0 && end == null && isReadable() && passes(0, length)) {
            client.write(pending, 0, length);
            open = true;
        }
        length = 0;
        scanned = 0;
    }

    private boolean isReadable() {
        int data = dataStart(0, length);
        return data < 0
                || startsWith(data, length, DONE_TEXT)
                || OpenAiUsage.read(pending, data, dataEnd(data, length) - data).isPresent();
    }

    /** The end mark as the provider sent it, once it came; it is the caller's to write. */
    public byte @Nullable [] endMark() {
        return end;
    }

    /** Whether the provider ended the stream as it should: with its end mark, or at least with a finish reason. */
    public boolean isComplete() {
        return !failed && (end != null || finished);
    }

    /** Whether the provider reported an error in the stream. */
    public boolean hasFailed() {
        return failed;
    }

    /** Whether the last event that went to the client lacks the empty line that ends it. */
    public boolean leavesEventOpen() {
        return open;
    }

    /** Whether an event has come. */
    public boolean hasStarted() {
        return started;
    }

    /** What the last usage report said; unknown if none came. */
    public Usage usage() {
        return usage;
    }

    /** The tier that the provider says it served at; null if it said nothing. */
    public @Nullable String serviceTier() {
        return serviceTier;
    }

    /** Looks at one event and says whether it goes on to the client. */
    private boolean passes(int from, int to) {
        int data = dataStart(from, to);
        if (data < 0) {
            return true; // comment, blank, or an event without data
        }
        started = true;
        if (startsWith(data, to, DONE_TEXT)) {
            end = Arrays.copyOfRange(pending, from, to);
            return false;
        }
        if (contains(data, to, FINISH) || contains(data, to, FINISH_SPACED)) {
            finished = true;
        }
        if (hasValue(data, to, ERROR) && !contains(data, to, CHOICES)) {
            failed = true;
        }
        if (hasValue(data, to, USAGE)) {
            OpenAiUsage report =
                    OpenAiUsage.read(pending, data, dataEnd(data, to) - data).orElse(null);
            if (report != null && report.serviceTier() != null) {
                serviceTier = report.serviceTier();
            }
            if (report != null && report.usage().isKnown()) {
                usage = report.usage();
                return !(withholdUsage && report.isAlone());
            }
        }
        return true;
    }

    /** The first byte of the event's data, or -1. Events of this dialect have one data line; a later one is not looked at. */
    private int dataStart(int from, int to) {
        int line = from;
        while (line < to) {
            if (startsWith(line, to, DATA)) {
                int data = line + DATA.length;
                return data < to && pending[data] == ' ' ? data + 1 : data;
            }
            while (line < to && pending[line] != '\n' && pending[line] != '\r') {
                line++;
            }
            line++;
        }
        return -1;
    }

    private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);

    private int dataEnd(int data, int to) {
        int end = data;
        while (end < to && pending[end] != '\n' && pending[end] != '\r') {
            end++;
        }
        return end;
    }

    /** Whether a member of this name is not null; most chunks say {@code "usage":null}, which is not worth parsing them for. */
    private boolean hasValue(int from, int to, byte[] quotedName) {
        int value = valueOf(from, to, quotedName);
        while (value >= 0 && pending[value] != '{' && pending[value] != '"') {
            value = valueOf(value, to, quotedName);
        }
        return value >= 0;
    }

    /** Where the value of the next member of this name begins, or -1. */
    private int valueOf(int from, int to, byte[] quotedName) {
        int name = indexOf(from, to, quotedName);
        if (name < 0) {
            return -1;
        }
        int value = name + quotedName.length;
        while (value < to && (pending[value] == ':' || pending[value] == ' ' || pending[value] == '\t')) {
            value++;
        }
        return value < to ? value : -1;
    }

    private boolean write(OutputStream client, int from, int to) throws IOException {
        if (to <= from) {
            return false;
        }
        client.write(pending, from, to - from);
        return true;
    }

    private void append(byte[] bytes, int offset, int count) {
        if (pending.length - length < count) {
            pending = Arrays.copyOf(pending, Math.max(pending.length * 2, length + count));
        }
        System.arraycopy(bytes, offset, pending, length, count);
        length += count;
    }

    private boolean startsWith(int from, int to, byte[] text) {
        return to - from >= text.length && Arrays.equals(pending, from, from + text.length, text, 0, text.length);
    }

    private boolean contains(int from, int to, byte[] text) {
        return indexOf(from, to, text) >= 0;
    }

    private int indexOf(int from, int to, byte[] text) {
        int last = to - text.length;
        for (int i = from; i <= last; i++) {
            if (pending[i] == text[0] && Arrays.equals(pending, i, i + text.length, text, 0, text.length)) {
                return i;
            }
        }
        return -1;
    }
}
