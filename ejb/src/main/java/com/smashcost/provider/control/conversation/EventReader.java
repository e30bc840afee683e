package com.smashcost.provider.control.conversation;

import com.smashcost.provider.control.SseEvent;
import java.util.List;

/** Understands a provider's stream, one event after the other; one reader per stream. */
public interface EventReader {

    /**
     * What this event means; empty if nothing. Unknown events mean nothing. An event that is not of the dialect at all, such as
     * one whose data is no JSON, is a {@link StreamEvent.Failed}.
     */
    List<StreamEvent> read(SseEvent event);

    /** What remains to be said when the provider has closed its stream. */
    List<StreamEvent> end();

    /** Whether the provider has ended its answer as its dialect wants; if not by the end of the stream, it was cut off. */
    boolean isComplete();

    /**
     * Whether nothing that may still follow matters, because the dialect's end mark came. Streams without such a mark end when
     * their provider closes them.
     */
    boolean hasEnded();
}
