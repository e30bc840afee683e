package com.smashcost.gateway.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.provider.control.ClientBody;
import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.Dialects;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.Piece;
import com.smashcost.provider.control.conversation.Conversation;
import com.smashcost.provider.control.conversation.Seal;
import com.smashcost.provider.control.conversation.Traits;
import com.smashcost.provider.control.conversation.Translated;
import com.smashcost.refusal.control.Refusal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is sent to a provider for a client's body.
 *
 * @param spoken the dialect in which it is sent
 * @param headers that go with it besides the usual ones
 * @param dropped members that the target cannot follow and that the answer is right without
 * @param conversation what was translated; null where the client's bytes pass as they are
 */
record Outbound(
        Dialect spoken,
        List<Piece> body,
        Map<String, String> headers,
        List<String> dropped,
        @Nullable Conversation conversation) {

    /**
     * The client's own bytes where the provider speaks its dialect, else a translation; also where the conversation began with
     * another provider, whose thoughts this one would refuse.
     *
     * @throws Refusal.BadRequest if the model cannot do what is asked for
     */
    static Outbound of(ClientBody request, Dialect route, Dialect spoken, Traits traits) {
        if (route == spoken && !Seal.isIn(request.body())) {
            return new Outbound(spoken, request.bodyFor(traits.model()), Map.of(), List.of(), null);
        }
        Conversation conversation = Dialects.read(route, tree(request));
        Translated translated = Dialects.write(spoken, conversation, traits);
        byte[] bytes = translated.body();
        return new Outbound(
                spoken,
                List.of(new Piece(bytes, 0, bytes.length)),
                translated.headers(),
                translated.dropped(),
                conversation);
    }

    /** The client's body as a tree. */
    static ObjectNode tree(ClientBody request) {
        return Json.readObject(request.body())
                .orElseThrow(() -> new Refusal.BadRequest("invalid_request", "The body cannot be read.", null));
    }
}
