package com.smashcost.gateway.control;

import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.Dialects;
import com.smashcost.provider.control.EventWatch;
import com.smashcost.provider.control.EventWatch.Verdict;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.ProviderError;
import com.smashcost.provider.control.SseEvent;
import com.smashcost.provider.control.SseFrames;
import com.smashcost.provider.control.conversation.EventReader;
import com.smashcost.provider.control.conversation.EventWriter;
import com.smashcost.provider.control.conversation.Report;
import com.smashcost.provider.control.conversation.StreamEvent;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a streamed answer gets from the provider's bytes to the client's; one path per stream. */
sealed interface StreamPath {

    /** Takes bytes of the provider and writes what they complete; returns whether anything was written. */
    boolean accept(byte[] bytes, int count, OutputStream client) throws IOException;

    /** Takes note that the provider has closed its stream. */
    void close(OutputStream client) throws IOException;

    /** Whether nothing more that the provider sends will be looked at. */
    boolean hasEnded();

    boolean hasStarted();

    /** Whether the provider has ended its answer as its dialect wants. */
    boolean isComplete();

    /** The error that the provider reported in the stream; null if it reported none. */
    @Nullable
    ProviderError error();

    /** Whether the provider reported an error before anything of an answer. */
    boolean isRefused();

    /** What was reported so far. */
    Report report();

    /** Writes what ends an answer that ended well. */
    void end(OutputStream client) throws IOException;

    /** Ends the stream with an error event, never as if it had ended well. */
    void fail(int status, String code, String message, OutputStream client) throws IOException;

    /** Writes what keeps the connection alive. */
    void keepAlive(OutputStream client) throws IOException;

    /** Bytes that pass as they are, event by event. */
    final class Passing implements StreamPath, SseFrames.Sink {

        private static final byte[] EMPTY_LINE = {'\n', '\n'};
        private static final ProviderError IN_STREAM =
                new ProviderError(502, ProviderError.Kind.SERVER, null, null, null, null);

        private final Dialect dialect;
        private final String requestId;
        private final EventWatch watch;
        private final SseFrames frames = new SseFrames();
        private byte[] run = {}; // a run of bytes to pass on, not yet written
        private int runFrom;
        private int runTo;
        private byte @Nullable [] endMark;
        private boolean closing;
        private boolean leftOpen;
        private @Nullable ProviderError error;
        private boolean refused;

        Passing(Dialect dialect, String requestId, EventWatch watch) {
            this.dialect = dialect;
            this.requestId = requestId;
            this.watch = watch;
        }

        @Override
        public boolean accept(byte[] bytes, int count, OutputStream client) throws IOException {
            frames.accept(bytes, 0, count, this);
            return write(client);
        }

        @Override
        public void close(OutputStream client) throws IOException {
            if (endMark == null) {
                closing = true;
                frames.close(this);
                write(client);
            }
        }

        @Override
        public boolean event(byte[] buffer, int from, int to) {
            if (closing && !isWhole(buffer, from, to)) {
                return false;
            }
            boolean started = watch.hasStarted();
            Verdict verdict = watch.see(buffer, from, to);
            if (error == null && watch.hasFailed()) {
                refused = !started;
                error = errorIn(buffer, from, to);
            }
            switch (verdict) {
                case PASS -> {
                    leftOpen = closing;
                    extend(buffer, from, to);
                }
                case END -> endMark = Arrays.copyOfRange(buffer, from, to);
                case WITHHOLD -> {}
            }
            return verdict != Verdict.END;
        }

        private ProviderError errorIn(byte[] buffer, int from, int to) {
            return SseEvent.in(buffer, from, to)
                    .map(event -> Dialects.error(dialect, 200, name -> null, event.data()))
                    .orElse(IN_STREAM);
        }

        @Override
        public void oversized(byte[] buffer, int from, int to) {
            extend(buffer, from, to);
        }

        /** Whether bytes that lack their empty line are an event all the same, and not one that was cut. */
        private static boolean isWhole(byte[] buffer, int from, int to) {
            return SseEvent.in(buffer, from, to)
                    .map(event -> event.text().isBlank()
                            || event.is("[DONE]")
                            || Json.read(event.data()).isPresent())
                    .orElse(true);
        }

        private void extend(byte[] buffer, int from, int to) {
            if (run == buffer && runTo == from && runTo > runFrom) {
                runTo = to;
            } else if (runTo > runFrom) { // after something that was withheld
                byte[] joined = Arrays.copyOf(Arrays.copyOfRange(run, runFrom, runTo), runTo - runFrom + to - from);
                System.arraycopy(buffer, from, joined, runTo - runFrom, to - from);
                run = joined;
                runTo = joined.length;
                runFrom = 0;
            } else {
                run = buffer;
                runFrom = from;
                runTo = to;
            }
        }

        private boolean write(OutputStream client) throws IOException {
            boolean any = runTo > runFrom;
            if (any) {
                client.write(run, runFrom, runTo - runFrom);
            }
            runFrom = 0;
            runTo = 0;
            return any;
        }

        @Override
        public boolean hasEnded() {
            return endMark != null;
        }

        @Override
        public boolean hasStarted() {
            return watch.hasStarted();
        }

        @Override
        public boolean isComplete() {
            return watch.isComplete();
        }

        @Override
        public @Nullable ProviderError error() {
            return error;
        }

        @Override
        public boolean isRefused() {
            return refused;
        }

        @Override
        public Report report() {
            return watch.report();
        }

        @Override
        public void end(OutputStream client) throws IOException {
            if (endMark != null) {
                client.write(endMark);
            }
        }

        /** The provider's own error went to the client as it came; only our own is written. */
        @Override
        public void fail(int status, String code, String message, OutputStream client) throws IOException {
            if (leftOpen) { // so that what follows is not taken for a part of it
                client.write(EMPTY_LINE);
            }
            if (error() == null) {
                client.write(Dialects.errorEvent(dialect, status, code, message, requestId));
            }
        }

        @Override
        public void keepAlive(OutputStream client) throws IOException {
            client.write(Dialects.keepAlive(dialect));
        }
    }

    /** Events that are understood in one dialect and told in another. */
    final class Translating implements StreamPath, SseFrames.Sink {

        private final EventReader reader;
        private final EventWriter writer;
        private final SseFrames frames = new SseFrames();
        private @Nullable OutputStream client;
        private Report report = Report.NONE;
        private @Nullable ProviderError error;
        private boolean started;

        Translating(EventReader reader, EventWriter writer) {
            this.reader = reader;
            this.writer = writer;
        }

        @Override
        public boolean accept(byte[] bytes, int count, OutputStream client) throws IOException {
            Counted counted = new Counted(client);
            this.client = counted;
            frames.accept(bytes, 0, count, this);
            return counted.any;
        }

        @Override
        public void close(OutputStream client) throws IOException {
            this.client = client;
            if (!hasEnded()) {
                frames.close(this);
            }
            if (!hasEnded()) {
                take(reader.end());
            }
        }

        @Override
        public boolean event(byte[] buffer, int from, int to) throws IOException {
            SseEvent event = SseEvent.in(buffer, from, to).orElse(null);
            if (event != null) {
                take(reader.read(event));
            }
            return !hasEnded();
        }

        @Override
        public void oversized(byte[] buffer, int from, int to) {
            error = new ProviderError(502, ProviderError.Kind.SERVER, null, null, null, null);
        }

        /** Knows whether anything was written: much of what a provider sends is not for the client. */
        private static final class Counted extends OutputStream {

            private final OutputStream client;
            private boolean any;

            Counted(OutputStream client) {
                this.client = client;
            }

            @Override
            public void write(int b) throws IOException {
                any = true;
                client.write(b);
            }

            @Override
            public void write(byte[] bytes, int from, int count) throws IOException {
                any = true;
                client.write(bytes, from, count);
            }
        }

        private void take(List<StreamEvent> events) throws IOException {
            OutputStream to = client;
            for (StreamEvent event : events) {
                switch (event) {
                    case StreamEvent.Failed failed -> {
                        error = failed.error();
                        return;
                    }
                    case StreamEvent.Started begun -> merge(begun.report());
                    case StreamEvent.Reported reported -> merge(reported.report());
                    default -> started = true;
                }
                if (to != null) {
                    writer.write(event, to);
                    started = true;
                }
            }
        }

        private void merge(Report later) {
            report = new Report(
                    later.usage().isKnown() ? later.usage() : report.usage(),
                    later.serviceTier() == null ? report.serviceTier() : later.serviceTier(),
                    later.model() == null || later.model().isEmpty() ? report.model() : later.model());
        }

        @Override
        public boolean hasEnded() {
            return error != null || reader.hasEnded();
        }

        @Override
        public boolean hasStarted() {
            return started;
        }

        @Override
        public boolean isComplete() {
            return error == null && reader.isComplete();
        }

        @Override
        public @Nullable ProviderError error() {
            return error;
        }

        @Override
        public boolean isRefused() {
            return error != null && !started;
        }

        @Override
        public Report report() {
            return report;
        }

        @Override
        public void end(OutputStream client) throws IOException {
            writer.end(client);
        }

        @Override
        public void fail(int status, String code, String message, OutputStream client) throws IOException {
            writer.fail(status, code, message, client);
        }

        @Override
        public void keepAlive(OutputStream client) throws IOException {
            writer.keepAlive(client);
        }
    }
}
