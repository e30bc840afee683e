package com.smashcost.account.entity;

import com.smashcost.account.entity.BudgetRule.Action;
import com.smashcost.account.entity.BudgetRule.Scope;
import com.smashcost.account.entity.BudgetRule.Unit;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.NamedQuery;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A budget as it is stored. */
@Entity
@Table(name = "budget")
@NamedQuery(
        name = "Budget.ofOrganization",
        query = "SELECT b FROM Budget b WHERE b.organizationId = :organization ORDER BY b.name")
public class Budget {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Column(name = "id")
    private @Nullable Long id;

    @Column(name = "organization_id")
    private long organizationId;

    @Column(name = "name")
    private String name;

    @Enumerated(EnumType.STRING)
    @Column(name = "scope")
    private Scope scope;

    @Column(name = "key_id")
    private @Nullable Long keyId;

    @Column(name = "customer_tag")
    private @Nullable String customer;

    @Enumerated(EnumType.STRING)
    @Column(name = "unit")
    private Unit unit;

    @Column(name = "amount")
    private BigDecimal limit;

    @Enumerated(EnumType.STRING)
    @Column(name = "calendar_window")
    private BudgetWindow window;

    @Enumerated(EnumType.STRING)
    @Column(name = "action")
    private Action action;

    @Column(name = "created_at")
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init")
    protected Budget() {}

    /** A budget that is not stored yet; the id of its rule is given when it is. */
    public Budget(BudgetRule rule, Instant now) {
        organizationId = rule.organizationId();
        name = rule.name();
        scope = rule.scope();
        keyId = rule.keyId();
        customer = rule.customer();
        unit = rule.unit();
        limit = rule.limit();
        window = rule.window();
        action = rule.action();
        createdAt = now;
    }

    /** Changes how much there is and what happens when it is used up. */
    public void allow(BigDecimal newLimit, Action newAction) {
        limit = newLimit;
        action = newAction;
    }

    /** What it says; fails before the budget was stored. */
    public BudgetRule rule() {
        if (id == null) {
            throw new IllegalStateException("budget was not stored yet");
        }
        return new BudgetRule(id, organizationId, name, scope, keyId, customer, unit, limit, window, action);
    }

    public Instant createdAt() {
        return createdAt;
    }
}
