package com.smashcost.admin.boundary;

import com.smashcost.account.control.Organizations;
import com.smashcost.job.control.BusinessClock;
import com.smashcost.ledger.control.ChainCheck;
import com.smashcost.ledger.control.ChainCheck.Reason;
import com.smashcost.ledger.control.Chains;
import com.smashcost.ledger.entity.ChainRecord;
import com.smashcost.ledger.entity.Trail;
import com.smashcost.refusal.control.Expect;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** The chains of digests over an organisation's ledger and trail. */
@Path("/organizations/{slug}/chain")
@RequestScoped
@RolesAllowed(AdminApplication.OPERATOR)
@Produces(MediaType.APPLICATION_JSON)
public class ChainResource {

    private static final int USUAL_DAYS = 31;
    private static final int MOST_DAYS = 3660;
    private static final int SHOWN = 100;

    @Inject
    private Organizations organizations;

    @Inject
    private Chains chains;

    @Inject
    private BusinessClock clock;

    /** One record of a chain, with its signed head. */
    public record Link(
            int sequence,
            LocalDate day,
            int supplement,
            long rowCount,
            Instant recordedBefore,
            String rowsSha256,
            String previousHead,
            String head,
            String signature) {

        static Link of(ChainRecord record) {
            return new Link(
                    record.sequence(),
                    record.day(),
                    record.supplement(),
                    record.rowCount(),
                    record.recordedBefore(),
                    record.rowsSha256(),
                    record.previousHead(),
                    record.head(),
                    record.signature());
        }
    }

    /** The first record that does not hold, and why. */
    public record Broken(
            int sequence,
            LocalDate day,
            Reason reason,
            long recordedRows,
            @Nullable Long foundRows) {}

    /**
     * A chain, and the result of its verification.
     *
     * @param records how many it has
     * @param rowsVerifiedFrom the first day whose rows were compared with their digests
     * @param heads the newest records, newest first
     */
    public record Chain(
            boolean whole,
            @Nullable Broken firstBreak,
            @Nullable String head,
            int records,
            LocalDate rowsVerifiedFrom,
            int recomputed,
            int expired,
            long notDigestedRows,
            List<Link> heads) {

        static Chain of(ChainCheck check) {
            ChainCheck.Break broken = check.firstBreak();
            List<ChainRecord> records = check.records();
            return new Chain(
                    check.isWhole(),
                    broken == null
                            ? null
                            : new Broken(
                                    broken.sequence(),
                                    broken.day(),
                                    broken.reason(),
                                    broken.recorded(),
                                    broken.found()),
                    check.last().map(ChainRecord::head).orElse(null),
                    records.size(),
                    check.rowsFrom(),
                    check.recomputed(),
                    check.expired(),
                    check.notDigested(),
                    records.reversed().stream().limit(SHOWN).map(Link::of).toList());
        }
    }

    /** Both chains of an organisation. */
    public record Both(Chain ledger, Chain audit) {}

    /** How many records an extension added. */
    public record Extended(int added) {}

    @GET
    @Operation(
            summary =
                    "Verifies the chains: links and signatures of all records, and the rows of the last days, 31 if not said.")
    public Both show(@PathParam("slug") String slug, @QueryParam("days") @Nullable String days) {
        Long given = Parameters.number("days", days);
        long back = given == null ? USUAL_DAYS : Expect.within("days", given, 0, MOST_DAYS);
        long id = organizations.require(slug).id();
        LocalDate from = LocalDate.ofInstant(clock.now(), ZoneOffset.UTC).minusDays(back);
        return new Both(
                Chain.of(chains.verify(Trail.ledger, id, from)), Chain.of(chains.verify(Trail.audit, id, from)));
    }

    @POST
    @Operation(summary = "Extends the chains to the last day that is over, out of turn.")
    public Extended extend(@PathParam("slug") String slug) {
        return new Extended(chains.extend(organizations.require(slug).id()));
    }
}
