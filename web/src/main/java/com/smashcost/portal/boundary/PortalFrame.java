package com.smashcost.portal.boundary;

import com.smashcost.access.control.PublicUrl;
import com.smashcost.access.control.SignedInMember;
import com.smashcost.account.control.Organizations;
import com.smashcost.account.entity.Organization;
import com.smashcost.job.control.BusinessClock;
import com.smashcost.secret.control.Environment;
import jakarta.ejb.EJBException;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.security.enterprise.SecurityContext;
import java.io.Serializable;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** What surrounds every page of a member: whose it is, and how the organisation stands. Read once for each page. */
@Named
@ViewScoped
public class PortalFrame implements Serializable {

    private static final long serialVersionUID = 1L;

    @Inject
    private transient SecurityContext security;

    @Inject
    private transient Organizations organizations;

    @Inject
    private transient BusinessClock clock;

    @Inject
    private transient Environment environment;

    private transient SignedInMember member;
    private String organization = "";
    private String strip = "";
    private ZoneId zone = ZoneOffset.UTC;

    @SuppressWarnings("NullAway.Init")
    public PortalFrame() {}

    @jakarta.annotation.PostConstruct
    void read() {
        member = security.getPrincipalsByType(SignedInMember.class).iterator().next();
        try {
            zone = ZoneId.of(organizations.settings(member.organizationId()).timeZone());
            organizations.find(member.organizationId()).ifPresent(this::describe);
        } catch (EJBException databaseAway) {
            // the page says so where it matters; the frame goes without
        }
    }

    private void describe(Organization found) {
        organization = found.name();
        strip = switch (found.status()) {
            case OBSERVING -> observing(found);
            case AWAITING_DECISION -> "The observation has ended. Requests pass through unchanged until you decide.";
            case ACTIVE -> "";
            case PAST_DUE -> "A payment is overdue. Requests pass through unchanged.";
            case CANCELED -> "The subscription was canceled. Requests pass through unchanged.";
            case BLOCKED -> "The operator has blocked this organisation. Requests are refused.";
            case DELETED -> "This organisation was deleted.";
        };
    }

    private String observing(Organization found) {
        int days = organizations.settings(found.id()).observationDays();
        Duration left =
                Duration.between(clock.now(), found.observationStartedAt().plus(Duration.ofDays(days)));
        long daysLeft = Math.max(0, left.plusDays(1).minusNanos(1).toDays());
        return "Observation: %d of %d days left. Requests pass through unchanged.".formatted(daysLeft, days);
    }

    long organizationId() {
        return member.organizationId();
    }

    ZoneId zone() {
        return zone;
    }

    public String getOrganization() {
        return organization;
    }

    public String getEmail() {
        return member.email();
    }

    public String getRole() {
        return member.role().name();
    }

    /** One sentence on how the organisation stands; empty when there is nothing to say. */
    public String getStrip() {
        return strip;
    }

    public String getZone() {
        return zone.getId();
    }

    /** What applications put in place of their provider's address. */
    public String getBaseUrl() {
        return PublicUrl.from(environment).origin() + "/v1";
    }
}
