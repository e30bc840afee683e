package com.smashcost.provider.control.conversation;

import java.util.List;
import java.util.Map;

/**
 * A conversation in a provider's dialect, ready to be sent.
 *
 * @param headers that go with it besides the usual ones, such as {@code anthropic-beta}
 * @param dropped the client's names of what was left out because the target cannot do it and the answer is right without
 */
@SuppressWarnings("ArrayRecordComponent")
public record Translated(byte[] body, Map<String, String> headers, List<String> dropped) {

    public Translated {
        headers = Map.copyOf(headers);
        dropped = List.copyOf(dropped);
    }

    @Override
    public String toString() {
        return "Translated[" + body.length + " bytes]";
    }
}
