package com.smashcost.admin.boundary;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Map;
import java.util.Set;

/** The admin API, which answers on the operator's listener only. */
@ApplicationPath("/admin/api")
public class AdminApplication extends Application {

    /** Where the API begins, for the links it gives. */
    static final String ROOT = "/admin/api";

    /** The role that every route but the sign-in asks for. */
    static final String OPERATOR = "operator";

    @Override
    public Set<Class<?>> getClasses() {
        return Set.of(
                TokenResource.class,
                OrganizationsResource.class,
                OrganizationResource.class,
                KeysResource.class,
                CredentialsResource.class,
                RequestsResource.class,
                BudgetsResource.class,
                OrganizationAlertsResource.class,
                ProviderBillsResource.class,
                ReplayResource.class,
                SigningKeyResource.class,
                ChainResource.class,
                StatementsResource.class,
                ExportsResource.class,
                ModelsResource.class,
                JobsResource.class,
                AlertsResource.class,
                RollupsResource.class,
                BreakersResource.class,
                ClockResource.class,
                OperatorOnly.class,
                JsonFormat.class,
                RefusalMapper.class,
                FailureMapper.class);
    }

    @Override
    public Map<String, Object> getProperties() {
        return Map.of(
                // links are paths: the Host header has no say in them
                "jersey.config.server.headers.location.relative.resolution.disabled", true,
                "jersey.config.server.wadl.disableWadl", true);
    }
}
