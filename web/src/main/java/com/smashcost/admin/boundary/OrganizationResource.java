package com.smashcost.admin.boundary;

import static com.smashcost.account.entity.SubscriptionStatus.ACTIVE;
import static com.smashcost.account.entity.SubscriptionStatus.BLOCKED;
import static com.smashcost.account.entity.SubscriptionStatus.OBSERVING;
import static com.smashcost.account.entity.SubscriptionStatus.PAST_DUE;

import com.smashcost.account.control.Organizations;
import com.smashcost.account.control.Settings;
import com.smashcost.account.control.Subscriptions;
import com.smashcost.account.entity.Organization;
import com.smashcost.account.entity.SubscriptionStatus;
import com.smashcost.admin.control.Changes;
import com.smashcost.audit.control.Audit;
import com.smashcost.audit.entity.Actor;
import com.smashcost.audit.entity.ActorType;
import com.smashcost.audit.entity.AuditRecord;
import com.smashcost.catalog.control.Models;
import com.smashcost.job.control.BusinessClock;
import com.smashcost.ledger.control.SavingsReport;
import com.smashcost.ledger.entity.Savings;
import com.smashcost.provider.control.Credentials;
import com.smashcost.refusal.control.Expect;
import com.smashcost.refusal.control.Refusal;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** One organisation: what it is, what it decided, where it stands, and what was done to it. */
@Path("/organizations/{slug}")
@RequestScoped
@RolesAllowed(AdminApplication.OPERATOR)
@Produces(MediaType.APPLICATION_JSON)
public class OrganizationResource {

    private static final Duration USUAL_RANGE = Duration.ofDays(30);

    @Inject
    private Organizations organizations;

    @Inject
    private Subscriptions subscriptions;

    @Inject
    private Credentials credentials;

    @Inject
    private Models models;

    @Inject
    private SavingsReport savings;

    @Inject
    private Audit audit;

    @Inject
    private Changes changes;

    @Inject
    private BusinessClock clock;

    /** An organisation with what it decided and the credentials it gave. */
    public record Detail(
            long id,
            String slug,
            String name,
            SubscriptionStatus status,
            Instant observationStartedAt,
            Instant createdAt,
            Settings settings,
            List<CredentialsResource.Stored> credentials) {}

    /** What routing saved from an instant to before another. */
    public record SavingsOfRange(Instant from, Instant to, Savings savings) {}

    /** A line of the trail. */
    public record Line(
            @Nullable Long id,
            Instant at,
            ActorType actorType,
            String actor,
            String action,
            @Nullable String subject,
            AuditRecord.Outcome outcome,
            @Nullable String oldStatus,
            @Nullable String newStatus,
            @Nullable String reason) {

        static Line of(AuditRecord record) {
            return new Line(
                    record.id(),
                    record.at(),
                    record.actorType(),
                    record.actor(),
                    record.action(),
                    record.subject(),
                    record.outcome(),
                    record.oldStatus(),
                    record.newStatus(),
                    record.reason());
        }
    }

    /**
     * Lines of the trail, newest first.
     *
     * @param next what to send as {@code after} to get those that follow; null if there are none
     */
    public record Trail(List<Line> records, @Nullable Long next) {}

    @GET
    @Operation(summary = "Shows an organization with its settings and what may be shown of its credentials.")
    public Detail show(@PathParam("slug") String slug) {
        return detail(organizations.require(slug));
    }

    @DELETE
    @Operation(
            summary = "Deletes an organization for good: keys and credentials end at once, names and texts are erased.")
    public void delete(@PathParam("slug") String slug, @Context SecurityContext security) {
        long id = organizations.require(slug).id();
        Actor operator = OperatorOnly.caller(security);
        changes.make(operator, id, "organization.delete", null, () -> {
            organizations.delete(id, operator, "deleted by the operator");
            return null;
        });
    }

    @POST
    @Path("/activation")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Turns routing on; the body must confirm it with the organization's slug.")
    public Detail activate(@PathParam("slug") String slug, InputStream body, @Context SecurityContext security) {
        JsonBody given = JsonBody.read(body, Set.of("confirm", "reason"));
        Organization organization = organizations.require(slug);
        Actor operator = OperatorOnly.caller(security);
        return detail(changes.make(operator, organization.id(), "subscription.activate", null, () -> {
            if (!given.says("confirm", organization.slug())) {
                throw new Refusal.BadRequest(
                        "confirmation_required",
                        "Confirm with {\"confirm\": \"<slug of the organization>\"}.",
                        "confirm");
            }
            return subscriptions.transition(
                    organization.id(), ACTIVE, operator, reason(given, "activated by the operator"));
        }));
    }

    @POST
    @Path("/kill-switch")
    @Operation(summary = "Turns routing off at once: the organization is back in observation.")
    public Detail kill(@PathParam("slug") String slug, InputStream body, @Context SecurityContext security) {
        return move(
                slug, body, security, EnumSet.of(ACTIVE, PAST_DUE), OBSERVING, "kill switch pulled by the operator");
    }

    @POST
    @Path("/block")
    @Operation(summary = "Refuses the organization's requests until it is unblocked.")
    public Detail block(@PathParam("slug") String slug, InputStream body, @Context SecurityContext security) {
        return move(slug, body, security, EnumSet.allOf(SubscriptionStatus.class), BLOCKED, "blocked by the operator");
    }

    @POST
    @Path("/unblock")
    @Operation(summary = "Ends a block: the organization is in observation.")
    public Detail unblock(@PathParam("slug") String slug, InputStream body, @Context SecurityContext security) {
        return move(slug, body, security, EnumSet.of(BLOCKED), OBSERVING, "unblocked by the operator");
    }

    @PUT
    @Path("/settings")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Changes the settings that the body names and leaves the others as they are.")
    public Settings change(@PathParam("slug") String slug, InputStream body, @Context SecurityContext security) {
        SettingsChange change = SettingsChange.of(JsonBody.read(body, SettingsChange.MEMBERS));
        long id = organizations.require(slug).id();
        Actor operator = OperatorOnly.caller(security);
        return changes.make(operator, id, "settings.change", null, () -> {
            String model = change.newDefaultModel();
            if (model != null && !models.isOffered(model)) {
                throw Expect.refuse("default_model", "must be an enabled model of the catalogue, or null");
            }
            change.namedModels()
                    .forEach((list, names) -> names.forEach(name -> {
                        if (models.find(name).isEmpty()) {
                            throw Expect.refuse(list, "names a model that is not in the catalogue");
                        }
                    }));
            return organizations.changeSettings(id, change, operator);
        });
    }

    @GET
    @Path("/savings")
    @Operation(
            summary = "Sums what routing saved, by default over the last 30 days, and counts what is left out and why.")
    public SavingsOfRange savings(
            @PathParam("slug") String slug,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to) {
        Organization organization = organizations.require(slug);
        Instant end = Objects.requireNonNullElseGet(Parameters.instant("to", to), clock::now);
        Instant start = Objects.requireNonNullElseGet(Parameters.instant("from", from), () -> end.minus(USUAL_RANGE));
        if (!start.isBefore(end)) {
            throw Expect.refuse("from", "must be before to");
        }
        return new SavingsOfRange(start, end, savings.over(organization.id(), start, end));
    }

    @GET
    @Path("/audit")
    @Operation(summary = "Lists what was done to the organization, and what was refused, newest first.")
    public Trail audit(
            @PathParam("slug") String slug,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after) {
        int most = Parameters.limit(limit);
        Organization organization = organizations.require(slug);
        List<Line> lines = audit.page(organization.id(), most + 1, Parameters.number("after", after)).stream()
                .map(Line::of)
                .toList();
        return lines.size() > most
                ? new Trail(lines.subList(0, most), lines.get(most - 1).id())
                : new Trail(lines, null);
    }

    private Detail move(
            String slug,
            InputStream body,
            SecurityContext security,
            Set<SubscriptionStatus> from,
            SubscriptionStatus target,
            String usualReason) {
        JsonBody given = JsonBody.read(body, Set.of("reason"));
        long id = organizations.require(slug).id();
        Actor operator = OperatorOnly.caller(security);
        return detail(changes.make(
                operator,
                id,
                "subscription.transition",
                null,
                () -> subscriptions.transition(id, from, target, operator, reason(given, usualReason))));
    }

    private static String reason(JsonBody given, String usual) {
        return Objects.requireNonNullElse(given.text("reason"), usual);
    }

    private Detail detail(Organization organization) {
        return new Detail(
                organization.id(),
                organization.slug(),
                organization.name(),
                organization.status(),
                organization.observationStartedAt(),
                organization.createdAt(),
                organizations.settings(organization.id()),
                credentials.list(organization.id()).stream()
                        .map(CredentialsResource.Stored::of)
                        .toList());
    }
}
