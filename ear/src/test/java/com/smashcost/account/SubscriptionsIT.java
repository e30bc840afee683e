package com.smashcost.account;

import static com.smashcost.account.entity.SubscriptionStatus.ACTIVE;
import static com.smashcost.account.entity.SubscriptionStatus.BLOCKED;
import static com.smashcost.account.entity.SubscriptionStatus.CANCELED;
import static com.smashcost.account.entity.SubscriptionStatus.OBSERVING;
import static com.smashcost.account.entity.SubscriptionStatus.PAST_DUE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.smashcost.account.control.Organizations;
import com.smashcost.account.control.Subscriptions;
import com.smashcost.account.entity.Organization;
import com.smashcost.account.entity.SubscriptionStatus;
import com.smashcost.audit.control.Audit;
import com.smashcost.audit.entity.Actor;
import com.smashcost.audit.entity.ActorType;
import com.smashcost.audit.entity.AuditRecord;
import com.smashcost.refusal.control.Refusal;
import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.transaction.UserTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The one function that changes a status, with the container's real transactions and the real triggers under it. */
@ExtendWith(ArquillianExtension.class)
@Tag("G33")
public class SubscriptionsIT {

    private static final Actor OPERATOR = Actor.operator("test");
    private static final Actor BILLING = new Actor(ActorType.BILLING, "test");

    @EJB
    private Organizations organizations;

    @EJB
    private Subscriptions subscriptions;

    @EJB
    private Audit audit;

    @Resource
    private UserTransaction transaction;

    @Resource
    private ManagedExecutorService executor;

    private long id;

    @Deployment
    public static WebArchive deployment() {
        return BesideTheProduct.war("subscriptions-it").addClasses(SubscriptionsIT.class, TestDatabases.class);
    }

    @BeforeEach
    void found() {
        String slug = "in-" + UUID.randomUUID().toString().substring(0, 13);
        id = organizations.create(slug, "Test", slug + "@example.com", OPERATOR).id();
    }

    @Test
    void writes_status_and_record_together() throws Exception {
        transaction.begin();
        Organization moved = subscriptions.transition(id, ACTIVE, OPERATOR, "a test");
        AuditRecord newest = newest();
        transaction.commit();

        assertThat(moved.status()).isEqualTo(ACTIVE);
        assertThat(status()).isEqualTo(ACTIVE);
        assertThat(newest().id()).isEqualTo(newest.id());
        assertThat(newest().oldStatus()).isEqualTo("OBSERVING");
        assertThat(newest().newStatus()).isEqualTo("ACTIVE");
        assertThat(newest().reason()).isEqualTo("a test");
        assertThat(newest().actorType()).isEqualTo(ActorType.OPERATOR);
    }

    @Test
    void takes_status_and_record_back_together() throws Exception {
        Long before = newest().id();

        transaction.begin();
        subscriptions.transition(id, ACTIVE, OPERATOR, "a test");
        transaction.rollback();

        assertThat(status()).isEqualTo(OBSERVING);
        assertThat(newest().id()).isEqualTo(before);
    }

    @Test
    void keeps_the_record_of_a_refusal_though_its_transaction_is_rolled_back() {
        Throwable refused = catchThrowable(() -> subscriptions.transition(id, PAST_DUE, BILLING, "a test"));

        assertThat(refused).isInstanceOf(Refusal.Conflict.class);
        assertThat(status()).isEqualTo(OBSERVING);
        assertThat(newest().outcome()).isEqualTo(AuditRecord.Outcome.refused);
        assertThat(newest().newStatus()).isEqualTo("PAST_DUE");
    }

    @Test
    @Tag("G38")
    void blocks_for_nobody_but_an_operator() {
        for (ActorType type : ActorType.values()) {
            if (type != ActorType.OPERATOR) {
                assertThat(catchThrowable(
                                () -> subscriptions.transition(id, BLOCKED, new Actor(type, "test"), "a test")))
                        .as(type.name())
                        .isInstanceOf(Refusal.class);
                assertThat(status()).isEqualTo(OBSERVING);
            }
        }
        subscriptions.transition(id, BLOCKED, OPERATOR, "a test");
        assertThat(status()).isEqualTo(BLOCKED);
    }

    @Test
    void lets_one_of_many_win_who_change_the_same_status_at_once() throws Exception {
        List<Callable<Boolean>> changes = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            changes.add(() -> {
                try {
                    subscriptions.transition(id, ACTIVE, OPERATOR, "a test");
                    return true;
                } catch (Refusal refusal) {
                    return false;
                }
            });
        }

        int winners = 0;
        for (Future<Boolean> change : executor.invokeAll(changes)) {
            winners += change.get() ? 1 : 0;
        }

        assertThat(winners).isEqualTo(1);
        assertThat(status()).isEqualTo(ACTIVE);
        assertThat(records().stream().filter(record -> "ACTIVE".equals(record.newStatus())))
                .hasSize(8)
                .filteredOn(record -> record.outcome() == AuditRecord.Outcome.done)
                .hasSize(1);
    }

    @Test
    void tells_the_whole_way_of_an_organization() {
        for (SubscriptionStatus target : List.of(ACTIVE, PAST_DUE, ACTIVE, CANCELED, ACTIVE, OBSERVING)) {
            Actor actor = target == PAST_DUE || target == CANCELED ? BILLING : OPERATOR;
            subscriptions.transition(id, target, actor, "a test");
        }

        List<String> way = records().reversed().stream()
                .filter(record -> record.newStatus() != null)
                .map(record -> record.oldStatus() + " > " + record.newStatus())
                .toList();
        assertThat(way)
                .containsExactly(
                        "OBSERVING > ACTIVE",
                        "ACTIVE > PAST_DUE",
                        "PAST_DUE > ACTIVE",
                        "ACTIVE > CANCELED",
                        "CANCELED > ACTIVE",
                        "ACTIVE > OBSERVING");
    }

    private SubscriptionStatus status() {
        return organizations.find(id).orElseThrow().status();
    }

    private AuditRecord newest() {
        return records().getFirst();
    }

    private List<AuditRecord> records() {
        return audit.page(id, 100, null);
    }
}
