package com.smashcost.admin.boundary;

import com.smashcost.refusal.control.Refusal;
import jakarta.ejb.EJBAccessException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Answers whatever else goes wrong, in our words and never in those of the software beneath. */
public class FailureMapper implements ExceptionMapper<Throwable> {

    private static final Logger LOG = System.getLogger(FailureMapper.class.getName());
    private static final List<String> KEPT =
            List.of(HttpHeaders.ALLOW, HttpHeaders.ACCEPT, HttpHeaders.WWW_AUTHENTICATE);

    @Override
    public Response toResponse(Throwable failure) {
        if (failure instanceof WebApplicationException refused
                && refused.getResponse().getStatus() < 500) {
            Response.ResponseBuilder response = Problem.of(refused).response();
            for (String name : KEPT) {
                String value = refused.getResponse().getHeaderString(name);
                if (value != null) {
                    response.header(name, value);
                }
            }
            return response.build();
        }
        Set<Throwable> causes = causes(failure);
        for (Throwable cause : causes) {
            if (cause instanceof Refusal refusal) {
                return RefusalMapper.response(refusal);
            }
            if (cause instanceof EJBAccessException) {
                return RefusalMapper.response(new Refusal.Forbidden("operators_only", "This is for operators only."));
            }
        }
        LOG.log(
                Level.ERROR,
                "The admin API failed: {0}",
                causes.stream().map(cause -> cause.getClass().getName()).collect(Collectors.joining(" < ")));
        if (causes.stream().anyMatch(FailureMapper::isOfTheDatabase)) {
            return RefusalMapper.response(new Refusal.Unavailable(
                    "database_unavailable", "The database did not answer in time.", Duration.ofSeconds(5)));
        }
        return Problem.of(500, "internal_error", "The request failed for a reason that only the log tells.", null)
                .response()
                .build();
    }

    private static boolean isOfTheDatabase(Throwable cause) {
        return cause instanceof SQLTransientException
                || cause instanceof SQLRecoverableException
                || cause instanceof SQLNonTransientConnectionException;
    }

    private static Set<Throwable> causes(Throwable failure) {
        Set<Throwable> causes = new LinkedHashSet<>();
        for (Throwable cause = failure; cause != null && causes.add(cause); cause = cause.getCause()) {}
        return causes;
    }
}
