package com.smashcost.gateway.boundary;

import com.smashcost.gateway.control.Admission;
import com.smashcost.gateway.control.Exchange;
import com.smashcost.gateway.control.Gateway;
import com.smashcost.gateway.control.Reply;
import com.smashcost.provider.control.Dialect;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The routes that are answered by a model, each in its dialect. The key is checked and the body read on the container's thread,
 * the rest runs on a virtual one.
 */
@Path("")
public class AnswersResource {

    private static final ExecutorService VIRTUAL = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("exchange-", 0).factory());

    @Inject
    private Gateway gateway;

    /** OpenAI chat completions. */
    @POST
    @Path("chat/completions")
    public void chat(@Context HttpServletRequest request, @Suspended AsyncResponse response) {
        answer(request, response, Dialect.OPENAI_CHAT, gateway::serve);
    }

    /** OpenAI Responses. */
    @POST
    @Path("responses")
    public void responses(@Context HttpServletRequest request, @Suspended AsyncResponse response) {
        answer(request, response, Dialect.OPENAI_RESPONSES, gateway::serve);
    }

    /** Anthropic messages. */
    @POST
    @Path("messages")
    public void messages(@Context HttpServletRequest request, @Suspended AsyncResponse response) {
        answer(request, response, Dialect.ANTHROPIC_MESSAGES, gateway::serve);
    }

    /** How many tokens an Anthropic message would have; free, and so without a record. */
    @POST
    @Path("messages/count_tokens")
    public void countTokens(@Context HttpServletRequest request, @Suspended AsyncResponse response) {
        answer(
                request,
                response,
                Dialect.ANTHROPIC_MESSAGES,
                (admission, exchange, route, body, headers) -> gateway.countTokens(admission, exchange, body, headers));
    }

    /** OpenAI embeddings. */
    @POST
    @Path("embeddings")
    public void embeddings(@Context HttpServletRequest request, @Suspended AsyncResponse response) {
        answer(
                request,
                response,
                Dialect.OPENAI_CHAT,
                (admission, exchange, route, body, headers) -> gateway.embed(admission, exchange, body));
    }

    private interface Line {
        Reply serve(
                Admission admission, Exchange exchange, Dialect route, byte[] body, Map<String, String> clientHeaders);
    }

    private void answer(HttpServletRequest request, AsyncResponse response, Dialect route, Line line) {
        Admission admission = gateway.admit(Credentials.of(request));
        Exchange exchange = new Exchange(TagHeaders.read(request), RoutingHeaders.read(request));
        byte[] body = RequestBody.read(request);
        Map<String, String> clientHeaders = ClientHeaders.of(request);
        response.setTimeout(0, TimeUnit.SECONDS);
        ClientConnection client = ClientConnection.watch(request, exchange::hangUp);
        VIRTUAL.execute(() -> {
            Reply reply;
            try {
                reply = line.serve(admission, exchange, route, body, clientHeaders);
            } catch (RuntimeException e) {
                client.close();
                response.resume(GatewayErrors.of(e, route));
                return;
            }
            resume(response, reply, client);
        });
    }

    private static void resume(AsyncResponse response, Reply reply, ClientConnection client) {
        Response.ResponseBuilder head = Response.status(reply.status());
        reply.headers().forEach(head::header);
        switch (reply) {
            case Reply.Whole whole -> {
                client.close();
                response.resume(head.header("Content-Length", whole.body().length)
                        .entity(whole.body())
                        .build());
            }
            case Reply.Live live -> {
                try {
                    response.resume(head.entity((StreamingOutput) out -> {
                                try {
                                    live.flow().to(out);
                                } catch (IOException clientLeft) {
                                    // its row is written; the container would log a stack trace
                                } finally {
                                    client.close();
                                }
                            })
                            .build());
                } finally {
                    live.flow().abandon();
                    client.close();
                }
            }
        }
    }
}
