package com.smashcost.admin.boundary;

import com.smashcost.account.control.Organizations;
import com.smashcost.job.control.BusinessClock;
import com.smashcost.ledger.control.RequestExports;
import com.smashcost.ledger.control.RequestExports.Range;
import com.smashcost.refusal.control.Expect;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** The request log of a range in files, oldest first; a header says how many requests are in the file. */
@Path("/organizations/{slug}/exports")
@RequestScoped
@RolesAllowed(AdminApplication.OPERATOR)
public class ExportsResource {

    private static final String ROWS = "X-SmashCost-Rows";
    private static final Duration USUAL_RANGE = Duration.ofDays(30);

    @Inject
    private Organizations organizations;

    @Inject
    private RequestExports exports;

    @Inject
    private BusinessClock clock;

    /** How many requests an export has. */
    public record Rows(Instant from, Instant to, long rows) {}

    @GET
    @Path("/requests")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "Counts the requests that an export of the same range has.")
    public Rows count(
            @PathParam("slug") String slug,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @QueryParam("after") @Nullable String after) {
        Range range = range(slug, from, to, after);
        return new Rows(range.from(), range.to(), exports.count(range));
    }

    @GET
    @Path("/requests.csv")
    @Produces("text/csv; charset=utf-8")
    @Operation(summary = "Exports the requests of a range, by default the last 30 days, as CSV.")
    public Response csv(
            @PathParam("slug") String slug,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @QueryParam("after") @Nullable String after) {
        Range range = range(slug, from, to, after);
        return file(range, "requests.csv", out -> exports.csv(range, out));
    }

    @GET
    @Path("/requests.xlsx")
    @Produces("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    @Operation(summary = "Exports the same as an Excel workbook with typed cells.")
    public Response xlsx(
            @PathParam("slug") String slug,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @QueryParam("after") @Nullable String after) {
        Range range = range(slug, from, to, after);
        return file(range, "requests.xlsx", out -> exports.xlsx(range, out));
    }

    @GET
    @Path("/requests.focus.csv")
    @Produces("text/csv; charset=utf-8")
    @Operation(
            summary = "Exports the charges of the same requests in the columns of FOCUS 1.2: computed, not invoiced.")
    public Response focus(
            @PathParam("slug") String slug,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @QueryParam("after") @Nullable String after) {
        Range range = range(slug, from, to, after);
        return file(range, "requests.focus.csv", out -> exports.focus(range, out));
    }

    private Range range(String slug, @Nullable String from, @Nullable String to, @Nullable String after) {
        Instant end = Objects.requireNonNullElseGet(Parameters.instant("to", to), clock::now);
        Instant start = Objects.requireNonNullElseGet(Parameters.instant("from", from), () -> end.minus(USUAL_RANGE));
        if (!start.isBefore(end)) {
            throw Expect.refuse("from", "must be before to");
        }
        return new Range(organizations.require(slug), start, end, Parameters.requestId("after", after));
    }

    private Response file(Range range, String name, StreamingOutput content) {
        return Response.ok(content)
                .header(ROWS, exports.count(range))
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        "attachment; filename=\"" + range.organization().slug() + "-" + name + "\"")
                .build();
    }
}
