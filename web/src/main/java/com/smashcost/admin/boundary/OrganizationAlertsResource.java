package com.smashcost.admin.boundary;

import com.smashcost.account.control.Organizations;
import com.smashcost.audit.control.Alerts;
import com.smashcost.audit.entity.AlertRecord;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** What an organisation's people should look at. */
@Path("/organizations/{slug}/alerts")
@RequestScoped
@RolesAllowed(AdminApplication.OPERATOR)
@Produces(MediaType.APPLICATION_JSON)
public class OrganizationAlertsResource {

    @Inject
    private Organizations organizations;

    @Inject
    private Alerts alerts;

    /** One alert. */
    public record Shown(@Nullable Long id, Instant at, String kind, String subject, String detail) {

        static Shown of(AlertRecord alert) {
            return new Shown(alert.id(), alert.at(), alert.kind(), alert.subject(), alert.detail());
        }
    }

    /**
     * Alerts, newest first.
     *
     * @param next what to send as {@code after} to get those that follow; null if there are none
     */
    public record Page(List<Shown> alerts, @Nullable Long next) {}

    @GET
    @Operation(summary = "Lists the organization's alerts, newest first: budgets that were used up, bills that differ.")
    public Page list(
            @PathParam("slug") String slug,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after) {
        int most = Parameters.limit(limit);
        List<Shown> shown =
                alerts.page(organizations.require(slug).id(), most + 1, Parameters.number("after", after)).stream()
                        .map(Shown::of)
                        .toList();
        return shown.size() > most
                ? new Page(shown.subList(0, most), shown.get(most - 1).id())
                : new Page(shown, null);
    }
}
