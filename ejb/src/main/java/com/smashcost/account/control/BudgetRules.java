package com.smashcost.account.control;

import com.smashcost.account.entity.Budget;
import com.smashcost.account.entity.BudgetRule;
import com.smashcost.account.entity.BudgetRule.Action;
import com.smashcost.account.entity.BudgetRule.Scope;
import com.smashcost.account.entity.BudgetRule.Unit;
import com.smashcost.account.entity.BudgetWindow;
import com.smashcost.audit.control.Audit;
import com.smashcost.audit.entity.Actor;
import com.smashcost.audit.entity.AuditRecord;
import com.smashcost.job.control.BusinessClock;
import com.smashcost.refusal.control.Expect;
import com.smashcost.refusal.control.Refusal;
import jakarta.ejb.Stateless;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The budgets that organisations have given themselves. */
@Stateless
public class BudgetRules {

    /** Every request looks at all of them. */
    static final int MOST = 100;

    private static final Pattern NAME = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");
    private static final int LONGEST_TAG = 128;
    private static final BigDecimal HIGHEST_USD = new BigDecimal("5000000");
    private static final BigDecimal HIGHEST_TOKENS = new BigDecimal("1000000000000000");

    @PersistenceContext(unitName = "smashcost")
    private EntityManager database;

    @Inject
    private Organizations organizations;

    @Inject
    private Audit audit;

    @Inject
    private BusinessClock clock;

    /** The budgets of an organisation by name. */
    public List<Budget> list(long organizationId) {
        return database.createNamedQuery("Budget.ofOrganization", Budget.class)
                .setParameter("organization", organizationId)
                .getResultList();
    }

    /**
     * The budget of this name.
     *
     * @throws Refusal if there is none
     */
    public Budget require(long organizationId, String name) {
        return find(organizationId, name)
                .orElseThrow(
                        () -> new Refusal.NotFound("budget_not_found", "The organization has no budget of this name."));
    }

    private Optional<Budget> find(long organizationId, String name) {
        return list(organizationId).stream()
                .filter(budget -> budget.rule().name().equals(name))
                .findFirst();
    }

    /**
     * Sets the budget of this rule's name. Another limit or action leaves what was counted; a budget that is to count something
     * else begins anew.
     *
     * @throws Refusal if the rule is out of its limits, or the organisation has too many
     */
    public Budget put(BudgetRule rule, Actor actor) {
        check(rule);
        organizations.hold(rule.organizationId());
        Budget present = find(rule.organizationId(), rule.name()).orElse(null);
        if (present != null && present.rule().countsLike(rule)) {
            present.allow(rule.limit(), rule.action());
            note(rule, actor, "budget.change");
            return present;
        }
        if (present != null) {
            database.remove(present);
            database.flush();
        } else if (list(rule.organizationId()).size() >= MOST) {
            throw new Refusal.Conflict("too_many_budgets", "An organization has at most " + MOST + " budgets.");
        }
        Budget budget = new Budget(rule, clock.now());
        database.persist(budget);
        database.flush();
        note(rule, actor, present == null ? "budget.create" : "budget.change");
        return budget;
    }

    /**
     * Ends a budget.
     *
     * @throws Refusal if there is none of this name
     */
    public void delete(long organizationId, String name, Actor actor) {
        organizations.hold(organizationId);
        Budget budget = require(organizationId, name);
        database.remove(budget);
        note(budget.rule(), actor, "budget.delete");
    }

    /** Erases the budgets of an organisation that is being deleted: they hold its customers' names. */
    public void erase(@Observes OrganizationErased erased) {
        list(erased.organizationId()).forEach(database::remove);
    }

    /**
     * @throws Refusal if the rule is out of its limits
     */
    static void check(BudgetRule rule) {
        if (!NAME.matcher(rule.name()).matches()) {
            throw Expect.refuse("name", "must have 1 to 63 characters of a-z, 0-9 and, between them, -");
        }
        if (rule.scope() == Scope.customer_tag) {
            Expect.text("customer_tag", rule.customer(), LONGEST_TAG);
        }
        BigDecimal limit = rule.limit();
        if (limit.signum() <= 0) {
            throw Expect.refuse("limit", "must be more than 0");
        }
        if (rule.unit() == Unit.usd) {
            Expect.below("limit", limit, HIGHEST_USD, 6);
        } else {
            Expect.below("limit", limit, HIGHEST_TOKENS, 0);
        }
    }

    /** The scope of this name. */
    public static Scope scope(@Nullable String name) {
        return Expect.oneOf("scope", name, Scope.values());
    }

    /** The unit of this name. */
    public static Unit unit(@Nullable String name) {
        return Expect.oneOf("unit", name, Unit.values());
    }

    /** The window of this name. */
    public static BudgetWindow window(@Nullable String name) {
        return Expect.oneOf("window", name, BudgetWindow.values());
    }

    /** The action of this name. */
    public static Action action(@Nullable String name) {
        return Expect.oneOf("action", name, Action.values());
    }

    /** The trail outlives the organisation, so it names no customer. */
    private void note(BudgetRule rule, Actor actor, String action) {
        String terms = "%s %s a %s for the %s, %s"
                .formatted(
                        rule.limit().stripTrailingZeros().toPlainString(),
                        rule.unit(),
                        rule.window(),
                        rule.scope(),
                        rule.action());
        audit.append(new AuditRecord(
                rule.organizationId(),
                clock.now(),
                actor,
                action,
                rule.name(),
                AuditRecord.Outcome.done,
                action.equals("budget.delete") ? null : terms));
    }
}
