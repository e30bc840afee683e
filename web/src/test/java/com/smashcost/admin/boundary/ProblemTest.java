package com.smashcost.admin.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.refusal.control.Refusal;
import jakarta.ejb.EJBException;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.core.Response;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProblemTest {

    private final FailureMapper failures = new FailureMapper();

    @Test
    void gives_each_refusal_its_status_its_code_and_its_words() {
        Map<Refusal, Integer> statuses = Map.of(
                new Refusal.BadRequest("a", "A.", "field"), 400,
                new Refusal.Unauthenticated("b", "B."), 401,
                new Refusal.Forbidden("c", "C."), 403,
                new Refusal.NotFound("d", "D."), 404,
                new Refusal.Conflict("e", "E."), 409,
                new Refusal.TooLarge("f", "F."), 413,
                new Refusal.TooManyRequests("g", "G.", Duration.ofSeconds(7)), 429,
                new Refusal.UpstreamFailed("h", "H.", 502), 502,
                new Refusal.Unavailable("i", "I.", Duration.ofMillis(10)), 503);

        statuses.forEach((refusal, status) -> {
            Response response = new RefusalMapper().toResponse(refusal);
            Problem problem = (Problem) response.getEntity();
            assertThat(response.getStatus()).isEqualTo(status).isEqualTo(problem.status());
            assertThat(response.getMediaType()).hasToString("application/problem+json");
            assertThat(problem.code()).isEqualTo(refusal.code());
            assertThat(problem.detail()).isEqualTo(refusal.explanation());
        });
    }

    @Test
    void says_how_to_come_back() {
        assertThat(new RefusalMapper()
                        .toResponse(new Refusal.Unauthenticated("b", "B."))
                        .getHeaderString("WWW-Authenticate"))
                .isEqualTo("Bearer");
        assertThat(new RefusalMapper()
                        .toResponse(new Refusal.Unavailable("i", "I.", Duration.ofMillis(10)))
                        .getHeaderString("Retry-After"))
                .isEqualTo("1");
    }

    @Test
    void says_what_the_runtime_refuses_in_our_words() {
        assertThat(problem(new NotFoundException("HTTP 404 Not Found")).code()).isEqualTo("not_found");
        assertThat(problem(new BadRequestException("foreign words")).detail()).doesNotContain("foreign");
        assertThat(problem(new NotAcceptableException()).status()).isEqualTo(406);
        assertThat(problem(new NotSupportedException()).status()).isEqualTo(415);

        Response notAllowed = failures.toResponse(new NotAllowedException("GET", new String[] {"POST"}));
        assertThat(notAllowed.getStatus()).isEqualTo(405);
        assertThat(notAllowed.getHeaderString("Allow")).contains("GET", "POST");
    }

    @Test
    void finds_a_refusal_that_was_wrapped_on_its_way() {
        EJBException wrapped = new EJBException(new Refusal.Conflict("slug_taken", "Taken."));

        assertThat(problem(wrapped).code()).isEqualTo("slug_taken");
    }

    @Test
    void keeps_foreign_words_to_itself() {
        Problem problem = problem(new EJBException("SELECT secret FROM table", new RuntimeException("password")));

        assertThat(problem.status()).isEqualTo(500);
        assertThat(problem.detail()).doesNotContain("SELECT", "password");
    }

    @Test
    void tells_a_database_that_is_away_from_a_failure_of_ours() {
        Exception away = new SQLTransientConnectionException("host db.internal is down");
        Problem problem = problem(new EJBException(new RuntimeException(away)));

        assertThat(problem.status()).isEqualTo(503);
        assertThat(problem.code()).isEqualTo("database_unavailable");
        assertThat(problem.detail()).doesNotContain("db.internal");
    }

    private Problem problem(Throwable failure) {
        return (Problem) failures.toResponse(failure).getEntity();
    }
}
