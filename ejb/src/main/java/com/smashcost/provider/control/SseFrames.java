package com.smashcost.provider.control;

import java.io.IOException;
import java.util.Arrays;

/**
 * Cuts a stream of server-sent events into its events, wherever the network cut it: lines end in LF, CRLF or CR, and an empty
 * line ends an event (WHATWG HTML, section 9.2). It looks at bytes only, so characters and escapes may be cut anywhere.
 */
public final class SseFrames {

    private static final int LARGEST_EVENT = 8 * 1024 * 1024;

    private byte[] pending = new byte[8192];
    private int start; // first byte of the event that is being looked at
    private int scanned;
    private int length;
    private boolean lineIsEmpty = true;
    private boolean afterCarriageReturn;
    private boolean linesEndInPairs;

    /** Takes the events of a stream. */
    public interface Sink {

        /**
         * The bytes of an event with the empty line that ends it. They stay what they are until the next call of
         * {@link SseFrames#accept}.
         *
         * @return whether to go on; the bytes that follow are ignored if not
         */
        boolean event(byte[] buffer, int from, int to) throws IOException;

        /** The bytes of what is too large for one event; the rest of it follows as if it were one. */
        void oversized(byte[] buffer, int from, int to) throws IOException;
    }

    /** Takes bytes and hands over the events that they complete. */
    public void accept(byte[] bytes, int offset, int count, Sink sink) throws IOException {
        append(bytes, offset, count);
        while (scanned < length) {
            byte b = pending[scanned++];
            if (b == '\n' && afterCarriageReturn) {
                afterCarriageReturn = false;
                linesEndInPairs = true;
                if (scanned - 1 == start) { // the second half of the line end that closed the last event
                    start = scanned;
                    if (!sink.event(pending, scanned - 1, scanned)) {
                        return;
                    }
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
            int end = afterCarriageReturn && scanned < length && pending[scanned] == '\n' ? scanned + 1 : scanned;
            int from = start;
            if (end > scanned) {
                scanned = end;
                afterCarriageReturn = false;
            }
            start = end;
            if (!sink.event(pending, from, end)) {
                start = length;
                scanned = length;
                return;
            }
        }
        if (length - start > LARGEST_EVENT) {
            sink.oversized(pending, start, length);
            start = length;
            lineIsEmpty = false;
        }
    }

    /** Hands over what came after the last empty line, if anything, when the stream has ended. */
    public void close(Sink sink) throws IOException {
        if (length > start) {
            int from = start;
            start = length;
            scanned = length;
            sink.event(pending, from, length);
        }
    }

    private void append(byte[] bytes, int offset, int count) {
        int kept = length - start;
        if (start > 0) {
            System.arraycopy(pending, start, pending, 0, kept);
            scanned -= start;
            length = kept;
            start = 0;
        }
        if (pending.length - kept < count) {
            pending = Arrays.copyOf(pending, Math.max(pending.length * 2, kept + count));
        }
        System.arraycopy(bytes, offset, pending, kept, count);
        length += count;
    }
}
