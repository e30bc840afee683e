package com.smashcost.access.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.access.entity.PortalSession;
import com.smashcost.account.control.OrganizationErased;
import com.smashcost.account.entity.Member;
import com.smashcost.account.entity.MemberRole;
import com.smashcost.job.control.BusinessClock;
import com.smashcost.secret.control.Environment;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceException;
import jakarta.persistence.TypedQuery;
import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("G13")
class PortalSessionsTest {

    private static final long ADA = 42;
    private static final long ACME = 7;

    private final Environment environment = Environment.of(
            Map.of("SMASHCOST_PROFILE", "development", "SMASHCOST_SESSION_SECRET", "0123456789abcdef0123456789abcdef"));
    private final BusinessClock clock = new BusinessClock(environment);
    private final Table table = new Table();
    private final PortalSessions sessions = node();

    @Test
    void know_whose_a_cookie_is() {
        assertThat(sessions.find(sessions.open(ADA), true)).hasValueSatisfying(member -> {
            assertThat(member.memberId()).isEqualTo(ADA);
            assertThat(member.organizationId()).isEqualTo(ACME);
            assertThat(member.groups()).containsExactlyInAnyOrder("member", "owner");
            assertThat(member.getName()).isEqualTo("member:42");
        });
    }

    @Test
    void keep_nothing_that_one_could_sign_in_with() {
        String cookie = sessions.open(ADA);

        assertThat(sessions.find(
                        java.util.HexFormat.of().formatHex(table.rows.getFirst().id()), true))
                .isEmpty();
        assertThat(table.rows.getFirst().id()).hasSize(32);
        assertThat(cookie).hasSize(82);
    }

    @Test
    void end_for_good_whoever_plays_the_cookie_again() {
        String cookie = sessions.open(ADA);
        assertThat(sessions.find(cookie, true)).isPresent();

        sessions.end(cookie);

        assertThat(sessions.find(cookie, true)).isEmpty();
        assertThat(node().find(cookie, true)).isEmpty();
    }

    @Test
    void that_end_on_another_node_are_over_here_at_the_next_look() {
        String cookie = sessions.open(ADA);
        assertThat(sessions.find(cookie, true)).isPresent();

        node().end(cookie);
        sessions.lookAgain();

        assertThat(sessions.find(cookie, true)).isEmpty();
    }

    @Test
    void end_here_at_once_even_while_the_database_is_away() {
        String cookie = sessions.open(ADA);
        table.away = true;

        sessions.end(cookie);
        assertThat(sessions.find(cookie, true)).isEmpty();

        table.away = false;
        sessions.lookAgain();
        assertThat(node().find(cookie, true)).isEmpty();
    }

    @Test
    void are_over_after_thirty_idle_minutes() {
        String cookie = sessions.open(ADA);

        clock.advance(Duration.ofMinutes(29));
        assertThat(sessions.find(cookie, true)).isPresent();
        clock.advance(Duration.ofMinutes(29));
        assertThat(sessions.find(cookie, true)).isPresent();
        clock.advance(Duration.ofMinutes(31));
        assertThat(sessions.find(cookie, true)).isEmpty();
    }

    @Test
    void are_not_kept_awake_by_a_page_that_refreshes_itself() {
        String cookie = sessions.open(ADA);

        clock.advance(Duration.ofMinutes(20));
        assertThat(sessions.find(cookie, false)).isPresent();
        clock.advance(Duration.ofMinutes(11));
        assertThat(sessions.find(cookie, false)).isEmpty();
    }

    @Test
    void are_over_after_twelve_hours_whatever_happens() {
        String cookie = sessions.open(ADA);
        for (int i = 0; i < 23; i++) {
            clock.advance(Duration.ofMinutes(29));
            assertThat(sessions.find(cookie, true)).isPresent();
        }
        for (int i = 0; i < 3; i++) {
            clock.advance(Duration.ofMinutes(20));
            assertThat(sessions.find(cookie, true).isPresent()).isEqualTo(i < 2);
        }
    }

    @Test
    void cost_no_query_once_they_are_known() {
        String cookie = sessions.open(ADA);
        assertThat(sessions.find(cookie, true)).isPresent();
        int before = table.queries;

        for (int i = 0; i < 100; i++) {
            assertThat(sessions.find(cookie, false)).isPresent();
        }

        assertThat(table.queries).isEqualTo(before);
    }

    @Test
    void go_on_for_a_while_when_the_database_is_away() {
        String cookie = sessions.open(ADA);
        assertThat(sessions.find(cookie, true)).isPresent();
        table.away = true;

        clock.advance(Duration.ofMinutes(14));
        sessions.lookAgain();

        assertThat(sessions.find(cookie, true)).isPresent();
    }

    @Test
    void tell_the_database_when_their_member_was_last_seen() {
        String cookie = sessions.open(ADA);
        Instant opened = table.rows.getFirst().seenAt();
        clock.advance(Duration.ofMinutes(5));
        assertThat(sessions.find(cookie, true)).isPresent();

        sessions.lookAgain();

        assertThat(table.rows.getFirst().seenAt()).isAfter(opened.plus(Duration.ofMinutes(4)));
    }

    @Test
    void of_a_deleted_organization_are_over_at_once() {
        String cookie = sessions.open(ADA);
        assertThat(sessions.find(cookie, true)).isPresent();
        table.rows.clear();

        sessions.forget(new OrganizationErased(ACME, clock.now()));

        assertThat(sessions.find(cookie, true)).isEmpty();
    }

    private PortalSessions node() {
        return new PortalSessions(table.database(), clock, environment);
    }

    /** The session table as far as the sessions use it. */
    private static final class Table {
        private final List<PortalSession> rows = new ArrayList<>();
        private final Member ada = ada();
        private boolean away;
        private int queries;

        EntityManager database() {
            return proxy(EntityManager.class, (name, arguments) -> {
                if (away) {
                    throw new PersistenceException("away");
                }
                queries++;
                return switch (name) {
                    case "persist" -> rows.add((PortalSession) arguments[0]);
                    case "find" ->
                        rows.stream()
                                .filter(row -> Arrays.equals(row.id(), (byte[]) arguments[1]))
                                .findFirst()
                                .orElse(null);
                    case "createQuery" -> query(new ArrayList<>());
                    default -> throw new UnsupportedOperationException(name);
                };
            });
        }

        private TypedQuery<?> query(List<Object> ids) {
            return proxy(TypedQuery.class, (name, arguments) -> {
                if (name.equals("setParameter")) {
                    if (arguments[0].equals("ids")) {
                        ids.addAll((Collection<?>) arguments[1]);
                    }
                    return query(ids);
                }
                return rows.stream()
                        .filter(row -> row.endedAt() == null)
                        .filter(row -> ids.stream().anyMatch(id -> Arrays.equals(row.id(), (byte[]) id)))
                        .map(row -> new Object[] {row, ada});
            });
        }

        private static Member ada() {
            Member ada = new Member(ACME, "ada@acme.example", MemberRole.owner, Instant.EPOCH);
            try {
                Field id = Member.class.getDeclaredField("id");
                id.setAccessible(true);
                id.set(ada, ADA);
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
            return ada;
        }

        private static <T> T proxy(Class<T> type, Call call) {
            return type.cast(Proxy.newProxyInstance(
                    type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                        Object answer = call.made(method.getName(), arguments);
                        return method.getReturnType() == void.class ? null : answer;
                    }));
        }
    }

    private interface Call {
        @Nullable
        Object made(String name, Object[] arguments);
    }
}
