package com.smashcost.admin.boundary;

import com.smashcost.access.control.Keys;
import com.smashcost.access.entity.GatewayKey;
import com.smashcost.account.control.BudgetRules;
import com.smashcost.account.control.Organizations;
import com.smashcost.account.entity.Budget;
import com.smashcost.account.entity.BudgetRule;
import com.smashcost.account.entity.BudgetRule.Action;
import com.smashcost.account.entity.BudgetRule.Scope;
import com.smashcost.account.entity.BudgetRule.Unit;
import com.smashcost.account.entity.BudgetWindow;
import com.smashcost.admin.control.Changes;
import com.smashcost.admission.control.Budgets;
import com.smashcost.admission.control.Budgets.Standing;
import com.smashcost.audit.entity.Actor;
import com.smashcost.refusal.control.Expect;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** The budgets of an organisation, and how they stand. */
@Path("/organizations/{slug}/budgets")
@RequestScoped
@RolesAllowed(AdminApplication.OPERATOR)
@Produces(MediaType.APPLICATION_JSON)
public class BudgetsResource {

    private static final Set<String> MEMBERS =
            Set.of("scope", "key", "customer_tag", "unit", "limit", "window", "action");

    @Inject
    private Organizations organizations;

    @Inject
    private BudgetRules rules;

    @Inject
    private Budgets budgets;

    @Inject
    private Keys keys;

    @Inject
    private Changes changes;

    /**
     * How a budget stands in the present window, as this node counts it.
     *
     * @param used by requests that ended, in the budget's unit
     * @param reserved for requests under way
     * @param complete whether what was used before this node counted is included
     */
    public record Consumption(
            Instant windowStart,
            Instant resetsAt,
            BigDecimal used,
            BigDecimal reserved,
            BigDecimal remaining,
            long unpricedRequests,
            long refusedRequests,
            long warnedRequests,
            boolean complete) {

        static Consumption of(Standing standing) {
            return new Consumption(
                    standing.bounds().start(),
                    standing.bounds().end(),
                    standing.used(),
                    standing.reserved(),
                    standing.rule()
                            .limit()
                            .subtract(standing.used())
                            .subtract(standing.reserved())
                            .max(BigDecimal.ZERO),
                    standing.unpriced(),
                    standing.refused(),
                    standing.warned(),
                    standing.complete());
        }
    }

    /** A budget; {@code key} and {@code customer_tag} are null where they do not apply. */
    public record Shown(
            String name,
            Scope scope,
            @Nullable String key,
            @Nullable String customerTag,
            Unit unit,
            BigDecimal limit,
            BudgetWindow window,
            Action action,
            Instant createdAt,
            Consumption consumption) {}

    /** All budgets by name. */
    public record All(List<Shown> budgets) {}

    @GET
    @Operation(summary = "Lists the organization's budgets with what is used of each in its present window.")
    public All list(@PathParam("slug") String slug) {
        long organization = organizations.require(slug).id();
        ZoneId zone = zone(organization);
        Map<Long, GatewayKey> byId =
                keys.list(organization).stream().collect(Collectors.toMap(GatewayKey::id, Function.identity()));
        return new All(rules.list(organization).stream()
                .map(budget -> show(budget, zone, byId))
                .toList());
    }

    @GET
    @Path("/{name}")
    @Operation(summary = "Shows a budget with what is used of it in its present window.")
    public Shown show(@PathParam("slug") String slug, @PathParam("name") String name) {
        return show(organizations.require(slug).id(), name);
    }

    @PUT
    @Path("/{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Sets a budget; another limit or action keeps what was counted in its window.")
    public Shown put(
            @PathParam("slug") String slug,
            @PathParam("name") String name,
            InputStream body,
            @Context SecurityContext security) {
        JsonBody given = JsonBody.read(body, MEMBERS);
        long organization = organizations.require(slug).id();
        Actor operator = OperatorOnly.caller(security);
        changes.make(
                operator, organization, "budget.put", name, () -> rules.put(rule(organization, name, given), operator));
        return show(organization, name);
    }

    @DELETE
    @Path("/{name}")
    @Operation(summary = "Ends a budget.")
    public void delete(
            @PathParam("slug") String slug, @PathParam("name") String name, @Context SecurityContext security) {
        long organization = organizations.require(slug).id();
        Actor operator = OperatorOnly.caller(security);
        changes.make(operator, organization, "budget.delete", name, () -> {
            rules.delete(organization, name, operator);
            return null;
        });
    }

    private BudgetRule rule(long organization, String name, JsonBody given) {
        Scope scope = BudgetRules.scope(given.text("scope"));
        String key = given.text("key");
        String customer = given.text("customer_tag");
        if ((scope == Scope.key) != (key != null)) {
            throw Expect.refuse("key", "must be there for the scope key, and for no other");
        }
        if ((scope == Scope.customer_tag) != (customer != null)) {
            throw Expect.refuse("customer_tag", "must be there for the scope customer_tag, and for no other");
        }
        return new BudgetRule(
                0,
                organization,
                name,
                scope,
                key == null ? null : keys.require(organization, key).id(),
                customer,
                BudgetRules.unit(given.text("unit")),
                Expect.present("limit", given.decimal("limit")),
                BudgetRules.window(given.text("window")),
                BudgetRules.action(given.text("action")));
    }

    private Shown show(long organization, String name) {
        Map<Long, GatewayKey> byId =
                keys.list(organization).stream().collect(Collectors.toMap(GatewayKey::id, Function.identity()));
        return show(rules.require(organization, name), zone(organization), byId);
    }

    private Shown show(Budget budget, ZoneId zone, Map<Long, GatewayKey> keysById) {
        BudgetRule rule = budget.rule();
        GatewayKey key = rule.keyId() == null ? null : keysById.get(rule.keyId());
        return new Shown(
                rule.name(),
                rule.scope(),
                key == null ? null : key.publicId(),
                rule.customer(),
                rule.unit(),
                rule.limit(),
                rule.window(),
                rule.action(),
                budget.createdAt(),
                Consumption.of(budgets.standing(rule, zone)));
    }

    private ZoneId zone(long organization) {
        return ZoneId.of(organizations.settings(organization).timeZone());
    }
}
