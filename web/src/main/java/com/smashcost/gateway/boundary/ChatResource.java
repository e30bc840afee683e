package com.smashcost.gateway.boundary;

import com.smashcost.gateway.control.Admission;
import com.smashcost.gateway.control.Exchange;
import com.smashcost.gateway.control.Gateway;
import com.smashcost.gateway.control.Reply;
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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Chat completions. The key is checked and the body read on the container's thread, the rest runs on a virtual one. */
@Path("chat/completions")
public class ChatResource {

    private static final ExecutorService VIRTUAL = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("exchange-", 0).factory());

    @Inject
    private Gateway gateway;

    @POST
    public void complete(@Context HttpServletRequest request, @Suspended AsyncResponse response) {
        Admission admission = gateway.admit(Credentials.of(request));
        Exchange exchange = new Exchange(TagHeaders.read(request));
        byte[] body = RequestBody.read(request);
        String beta = request.getHeader("OpenAI-Beta");
        response.setTimeout(0, TimeUnit.SECONDS);
        ClientConnection client = ClientConnection.watch(request, exchange::hangUp);
        VIRTUAL.execute(() -> {
            Reply reply;
            try {
                reply = gateway.chat(admission, exchange, body, beta);
            } catch (RuntimeException e) {
                client.close();
                response.resume(GatewayErrors.of(e));
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
