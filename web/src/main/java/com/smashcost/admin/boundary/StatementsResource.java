package com.smashcost.admin.boundary;

import com.smashcost.account.control.Organizations;
import com.smashcost.ledger.control.Statement;
import com.smashcost.ledger.control.Statements;
import com.smashcost.refusal.control.Expect;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.time.DateTimeException;
import java.time.YearMonth;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Savings statements of an organisation, one for each month of its time zone. */
@Path("/organizations/{slug}/statements")
@RequestScoped
@RolesAllowed(AdminApplication.OPERATOR)
public class StatementsResource {

    private static final String MONTH = "/{month: [0-9]{4}-[0-9]{2}}";

    @Inject
    private Organizations organizations;

    @Inject
    private Statements statements;

    @GET
    @Path(MONTH + ".json")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "The signed statement with all its rows, which VerifyStatement.java recomputes offline.")
    public Response json(@PathParam("slug") String slug, @PathParam("month") String month) {
        Statement statement = of(slug, month);
        return file(statement, "json", out -> statements.json(statement, out));
    }

    @GET
    @Path(MONTH + ".csv")
    @Produces("text/csv; charset=utf-8")
    @Operation(summary = "The statement for spreadsheets.")
    public Response csv(@PathParam("slug") String slug, @PathParam("month") String month) {
        Statement statement = of(slug, month);
        return file(statement, "csv", out -> statements.csv(statement, out));
    }

    @GET
    @Path(MONTH + ".pdf")
    @Produces("application/pdf")
    @Operation(summary = "The statement for people.")
    public Response pdf(@PathParam("slug") String slug, @PathParam("month") String month) {
        Statement statement = of(slug, month);
        return file(statement, "pdf", out -> statements.pdf(statement, out));
    }

    private Statement of(String slug, String month) {
        return statements.of(organizations.require(slug), month(month));
    }

    private static YearMonth month(String text) {
        try {
            return YearMonth.parse(text);
        } catch (DateTimeException e) {
            throw Expect.refuse("month", "must be a year and a month such as 2026-10");
        }
    }

    private static Response file(Statement statement, String kind, StreamingOutput content) {
        return Response.ok(content)
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        "attachment; filename=\"" + statement.slug() + "-" + statement.month() + "." + kind + "\"")
                .build();
    }
}
