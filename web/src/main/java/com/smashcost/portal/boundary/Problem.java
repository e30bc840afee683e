package com.smashcost.portal.boundary;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Answers what the application could not: a page in the product's look for people, the error of their dialect for programs.
 * Nothing of what was thrown or sent is in it.
 */
@WebServlet("/problem")
public class Problem extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private static final String POLICY =
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
                    + " font-src 'self'; style-src 'self'";

    private static final String PAGE = """
            <!DOCTYPE html>
            <html lang="en"%s>
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <title>%s · SmashCost</title>
            <link rel="stylesheet" href="/jakarta.faces.resource/tokens.css.xhtml?ln=smashcost"/>
            <link rel="stylesheet" href="/jakarta.faces.resource/smashcost.css.xhtml?ln=smashcost"/>
            </head>
            <body class="problem">
            <main>
            <p class="brand"><svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><g stroke="none" fill="currentColor">\
            <rect x="3" y="3" width="4.5" height="18" rx="1.25"/><rect x="9.75" y="9.5" width="4.5" height="11.5" rx="1.25"/>\
            <rect x="16.5" y="15.5" width="4.5" height="5.5" rx="1.25"/></g></svg><span>SmashCost</span></p>
            <p class="problem-code">%d</p>
            <h1>%s</h1>
            <p>%s</p>
            %s<p><a class="button" href="/portal/requests">Go to your requests</a></p>
            </main>
            </body>
            </html>
            """;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getDispatcherType() != DispatcherType.ERROR) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        int status = response.getStatus();
        String path = String.valueOf(request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI));
        Words words = Words.of(status);
        response.setCharacterEncoding("UTF-8");
        if (path.startsWith("/v1/messages")) {
            response.setContentType("application/json");
            response.getWriter()
                    .write("{\"type\":\"error\",\"error\":{\"type\":\"%s\",\"message\":\"%s\"}}"
                            .formatted(words.type(), words.sentence()));
        } else if (path.startsWith("/v1")) {
            response.setContentType("application/json");
            response.getWriter()
                    .write("{\"error\":{\"message\":\"%s\",\"type\":\"%s\",\"param\":null,\"code\":\"%s\"}}"
                            .formatted(words.sentence(), words.type(), words.code()));
        } else if (path.startsWith("/admin/api")) {
            response.setContentType("application/problem+json");
            response.getWriter()
                    .write("{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\",\"code\":\"%s\"}"
                            .formatted(words.title(), status, words.sentence(), words.code()));
        } else {
            response.setHeader("Content-Security-Policy", POLICY);
            response.setContentType("text/html");
            response.getWriter()
                    .write(PAGE.formatted(
                            Theme.of(request)
                                    .map(theme -> " data-theme=\"" + theme + "\"")
                                    .orElse(""),
                            words.title(),
                            status,
                            words.title(),
                            words.sentence(),
                            requestId(response.getHeader("X-SmashCost-Request-Id"))));
        }
    }

    private static String requestId(@Nullable String id) {
        return id == null ? "" : "<p>Request id <code>" + id + "</code></p>\n";
    }

    /** What to say of a status; the type and the code are for programs. */
    private record Words(String title, String sentence, String type, String code) {

        static Words of(int status) {
            return switch (status) {
                case 400 ->
                    new Words(
                            "That address is not complete",
                            "The request could not be understood. Nothing was changed.",
                            "invalid_request_error",
                            "bad_request");
                case 401 ->
                    new Words(
                            "Sign in first",
                            "This needs to know who you are.",
                            "authentication_error",
                            "unauthenticated");
                case 403 ->
                    new Words(
                            "That is not allowed",
                            "The request did not come from a page of this site, or your role does not allow it. Nothing was"
                                    + " changed.",
                            "permission_error",
                            "forbidden");
                case 404 ->
                    new Words(
                            "There is nothing here",
                            "The address may be mistyped, or what it named is gone.",
                            "not_found_error",
                            "not_found");
                case 405 ->
                    new Words(
                            "That does not work here",
                            "This address does not answer that method. Nothing was changed.",
                            "invalid_request_error",
                            "method_not_allowed");
                case 503 ->
                    new Words(
                            "The database is away",
                            "Requests to the gateway are still being accepted and none is lost. Try this page again in a"
                                    + " minute.",
                            "overloaded_error",
                            "unavailable");
                default ->
                    new Words(
                            "Something went wrong",
                            "The fault is ours and was noted. Requests to the gateway are not affected by this page."
                                    + " Try again.",
                            "api_error",
                            "internal_error");
            };
        }
    }
}
