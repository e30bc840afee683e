package com.smashcost.admin.boundary;

import com.smashcost.account.control.Organizations;
import com.smashcost.admin.control.Changes;
import com.smashcost.audit.entity.Actor;
import com.smashcost.ledger.control.BillDrift;
import com.smashcost.ledger.control.CostReport;
import com.smashcost.ledger.control.ProviderBills;
import com.smashcost.refusal.control.Expect;
import com.smashcost.refusal.control.Refusal;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** What providers billed an organisation, and how far the ledger is from it. */
@Path("/organizations/{slug}/provider-bills")
@RequestScoped
@RolesAllowed(AdminApplication.OPERATOR)
@Produces(MediaType.APPLICATION_JSON)
public class ProviderBillsResource {

    private static final int LARGEST = 10 * 1024 * 1024;
    private static final int MOST_DAYS = 100;

    @Inject
    private Organizations organizations;

    @Inject
    private ProviderBills bills;

    @Inject
    private Changes changes;

    /**
     * A report that was imported.
     *
     * @param items that were read, apart from those that were ignored
     * @param from the first day
     * @param to the day after the last one
     * @param drifts those above one per cent
     */
    public record Imported(
            long id,
            CostReport.Format format,
            int items,
            int ignored,
            LocalDate from,
            LocalDate to,
            List<BillDrift> drifts) {}

    /** How far the ledger is from the bills, by model and day. */
    public record Drifts(LocalDate from, LocalDate to, List<BillDrift> drifts) {}

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Imports a page of OpenAI's costs API or of Anthropic's cost report.")
    public Imported json(@PathParam("slug") String slug, InputStream body, @Context SecurityContext security) {
        return take(slug, body, CostReport::ofJson, security);
    }

    @POST
    @Consumes("text/csv")
    @Operation(summary = "Imports a FOCUS file.")
    public Imported csv(@PathParam("slug") String slug, InputStream body, @Context SecurityContext security) {
        return take(slug, body, CostReport::ofCsv, security);
    }

    private Imported take(
            String slug, InputStream body, Function<byte[], CostReport> reader, SecurityContext security) {
        byte[] file = read(body);
        long organization = organizations.require(slug).id();
        Actor operator = OperatorOnly.caller(security);
        return changes.make(operator, organization, "bill.import", null, () -> {
            CostReport report = reader.apply(file);
            LocalDate first = report.firstDay();
            LocalDate last = report.lastDay();
            if (first == null || last == null) {
                throw new Refusal.BadRequest("invalid_cost_report", "The report speaks of no day.", null);
            }
            LocalDate end = last.plusDays(1);
            within(first, end);
            long id = bills.store(organization, report, file, operator);
            return new Imported(
                    id,
                    report.format(),
                    report.items(),
                    report.ignored(),
                    first,
                    end,
                    bills.watch(organization, first, end).stream()
                            .filter(BillDrift::exceeds)
                            .toList());
        });
    }

    @GET
    @Path("/drift")
    @Operation(summary = "Compares bills and ledger by model and day, from a day to before another.")
    public Drifts drift(
            @PathParam("slug") String slug,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to) {
        LocalDate start = date("from", from);
        LocalDate end = date("to", to);
        if (!start.isBefore(end)) {
            throw Expect.refuse("from", "must be before to");
        }
        within(start, end);
        return new Drifts(start, end, bills.drift(organizations.require(slug).id(), start, end));
    }

    private static void within(LocalDate from, LocalDate to) {
        if (ChronoUnit.DAYS.between(from, to) > MOST_DAYS) {
            throw Expect.refuse("to", "must be within " + MOST_DAYS + " days of the first day");
        }
    }

    private static LocalDate date(String name, @Nullable String text) {
        try {
            return LocalDate.parse(Expect.present(name, text));
        } catch (DateTimeException e) {
            throw Expect.refuse(name, "must be a date, such as 2026-11-21");
        }
    }

    private static byte[] read(InputStream body) {
        try {
            byte[] file = body.readNBytes(LARGEST + 1);
            if (file.length > LARGEST) {
                throw new Refusal.TooLarge("body_too_large", "A report has at most " + LARGEST + " bytes.");
            }
            return file;
        } catch (IOException e) {
            throw new Refusal.BadRequest("invalid_request", "The body did not arrive whole.", null);
        }
    }
}
