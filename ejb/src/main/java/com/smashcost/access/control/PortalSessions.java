package com.smashcost.access.control;

import com.smashcost.access.entity.PortalSession;
import com.smashcost.account.control.OrganizationErased;
import com.smashcost.account.entity.Member;
import com.smashcost.account.entity.SubscriptionStatus;
import com.smashcost.job.control.BusinessClock;
import com.smashcost.secret.control.Environment;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.Resource;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.EJBException;
import jakarta.ejb.Schedule;
import jakarta.ejb.SessionContext;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.PersistenceException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The portal's sessions: a record in the database for each signed-in browser, so that a session can be ended from here.
 *
 * <p>This node remembers the sessions that it serves, so that a page costs no query for its session; every two seconds it looks
 * at all of them in one query. A session that ends here is gone at once, one that ends on another node within two seconds.
 * While the database is away, remembered sessions go on for a quarter of an hour.
 */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
public class PortalSessions {

    /** How long a session lives without its member doing anything. */
    static final Duration IDLE = Duration.ofMinutes(30);

    /** How long a session lives at most. */
    static final Duration LONGEST = Duration.ofHours(12);

    private static final Duration UNVERIFIED_AT_MOST = Duration.ofMinutes(15);
    private static final Duration SEEN_PRECISION = Duration.ofMinutes(1);
    private static final Logger LOG = System.getLogger(PortalSessions.class.getName());

    @PersistenceContext
    private EntityManager database;

    @Inject
    private BusinessClock clock;

    @Inject
    private Environment environment;

    @Resource
    private SessionContext context;

    private final SecureRandom random = new SecureRandom();
    private final Map<String, Awake> awake = new ConcurrentHashMap<>();
    private final Map<String, Instant> endedHere = new ConcurrentHashMap<>();
    private volatile boolean databaseAway;

    private PortalSessions self;
    private SessionSeal seal;

    @SuppressWarnings("NullAway.Init")
    public PortalSessions() {}

    @SuppressWarnings("NullAway.Init")
    PortalSessions(EntityManager database, BusinessClock clock, Environment environment) {
        this.database = database;
        this.clock = clock;
        this.self = this;
        this.seal = SessionSeal.from(environment);
    }

    @PostConstruct
    void connect() {
        self = context.getBusinessObject(PortalSessions.class);
        seal = SessionSeal.from(environment);
    }

    /** The cookie of a new session for this member, who has just proved who they are. */
    public String open(long memberId) {
        byte[] sid = new byte[SessionCookie.SID];
        random.nextBytes(sid);
        Instant now = clock.now();
        SessionCookie cookie = new SessionCookie(sid, now.plus(LONGEST));
        database.persist(new PortalSession(cookie.recordId(), memberId, now, cookie.expiresAt()));
        return seal.seal(cookie);
    }

    /**
     * The member whose session this is; empty if the cookie is not ours, or the session was ended, expired or was idle for too
     * long.
     *
     * @param active whether the member is doing something; a page that refreshes itself is not
     */
    @TransactionAttribute(TransactionAttributeType.SUPPORTS)
    public Optional<SignedInMember> find(@Nullable String cookie, boolean active) {
        Instant now = clock.now();
        String key = seal.open(cookie, now).map(PortalSessions::key).orElse(null);
        if (key == null || endedHere.containsKey(key)) {
            return Optional.empty();
        }
        Awake session = awake.get(key);
        if (session == null || now.isAfter(session.verifiedAt.plus(UNVERIFIED_AT_MOST))) {
            Awake read = read(Set.of(key), now).get(key);
            if (read == null) {
                awake.remove(key);
                return Optional.empty();
            }
            session = session == null ? read : read.since(session.seenAt);
            awake.put(key, session);
        }
        if (session.isOver(now)) {
            awake.remove(key);
            return Optional.empty();
        }
        if (active) {
            session.seenAt = now;
        }
        return Optional.of(session.member);
    }

    /**
     * Ends a session for good. On this node it is over at once, even while the database is away; the record is then written
     * when it is back.
     */
    @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
    public void end(@Nullable String cookie) {
        Instant now = clock.now();
        seal.open(cookie, now).ifPresent(opened -> {
            endedHere.put(key(opened), now);
            awake.remove(key(opened));
            writeEnds();
        });
    }

    /** Writes the end of a session. */
    @TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
    public void noteEnd(String key, Instant at) {
        PortalSession session =
                database.find(PortalSession.class, HexFormat.of().parseHex(key));
        if (session != null) {
            session.end(at);
        }
    }

    private void writeEnds() {
        try {
            for (Map.Entry<String, Instant> ended : Map.copyOf(endedHere).entrySet()) {
                self.noteEnd(ended.getKey(), ended.getValue());
                endedHere.remove(ended.getKey());
            }
        } catch (PersistenceException | EJBException e) {
            noteAway(e);
        }
    }

    /** Ends all sessions of a member for good. */
    public void endAllOf(long memberId) {
        database.createQuery(
                        "UPDATE PortalSession s SET s.endedAt = :now WHERE s.memberId = :member AND s.endedAt IS NULL")
                .setParameter("now", clock.now())
                .setParameter("member", memberId)
                .executeUpdate();
        awake.values().removeIf(session -> session.member.memberId() == memberId);
    }

    /** Ends, at once on this node, what the deletion of an organisation ended in the database. */
    @TransactionAttribute(TransactionAttributeType.SUPPORTS)
    public void forget(@Observes(during = TransactionPhase.AFTER_SUCCESS) OrganizationErased erased) {
        awake.values().removeIf(session -> session.member.organizationId() == erased.organizationId());
    }

    /** Looks again at the sessions that this node remembers, and writes down when their members were last seen. */
    @Schedule(hour = "*", minute = "*", second = "*/2", persistent = false)
    @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
    void lookAgain() {
        writeEnds();
        if (awake.isEmpty()) {
            return;
        }
        try {
            Instant now = clock.now();
            Set<String> remembered = Set.copyOf(awake.keySet());
            Map<String, Awake> found = read(remembered, now);
            for (String key : remembered) {
                awake.computeIfPresent(key, (k, session) -> {
                    Awake fresh = found.get(key);
                    return fresh == null || fresh.since(session.seenAt).isOver(now)
                            ? null
                            : fresh.since(session.seenAt);
                });
            }
            for (Map.Entry<String, Awake> session : awake.entrySet()) {
                Awake written = found.get(session.getKey());
                Instant seenAt = session.getValue().seenAt;
                if (written != null && seenAt.isAfter(written.seenAt.plus(SEEN_PRECISION))) {
                    self.noteSeen(session.getKey(), seenAt);
                }
            }
            databaseAway = false;
        } catch (PersistenceException | EJBException e) {
            noteAway(e);
        }
    }

    private void noteAway(RuntimeException e) {
        if (!databaseAway) {
            LOG.log(
                    Level.WARNING,
                    "Portal sessions cannot be checked: {0}",
                    e.getClass().getSimpleName());
        }
        databaseAway = true;
    }

    /** Writes down when a session's member was last seen. */
    public void noteSeen(String key, Instant seenAt) {
        PortalSession session =
                database.find(PortalSession.class, HexFormat.of().parseHex(key));
        if (session != null && session.seenAt().isBefore(seenAt)) {
            session.seen(seenAt);
        }
    }

    private Map<String, Awake> read(Set<String> keys, Instant now) {
        List<byte[]> ids = keys.stream().map(HexFormat.of()::parseHex).toList();
        return database.createQuery("""
                        SELECT s, m FROM PortalSession s, Member m, Organization o
                        WHERE s.id IN :ids AND s.endedAt IS NULL AND m.id = s.memberId
                          AND o.id = m.organizationId AND o.status <> :deleted""", Object[].class)
                .setParameter("ids", ids)
                .setParameter("deleted", SubscriptionStatus.DELETED)
                .getResultStream()
                .collect(Collectors.toMap(
                        row -> HexFormat.of().formatHex(((PortalSession) row[0]).id()),
                        row -> new Awake((PortalSession) row[0], (Member) row[1], now)));
    }

    private static String key(SessionCookie cookie) {
        return HexFormat.of().formatHex(cookie.recordId());
    }

    /** A session that this node serves. */
    private static final class Awake {
        private final SignedInMember member;
        private final Instant expiresAt;
        private final Instant verifiedAt;
        private volatile Instant seenAt;

        Awake(PortalSession session, Member member, Instant verifiedAt) {
            this(SignedInMember.of(member), session.expiresAt(), verifiedAt, session.seenAt());
        }

        private Awake(SignedInMember member, Instant expiresAt, Instant verifiedAt, Instant seenAt) {
            this.member = member;
            this.expiresAt = expiresAt;
            this.verifiedAt = verifiedAt;
            this.seenAt = seenAt;
        }

        /** The same, seen no earlier than this. */
        Awake since(Instant seen) {
            return new Awake(member, expiresAt, verifiedAt, seen.isAfter(seenAt) ? seen : seenAt);
        }

        boolean isOver(Instant now) {
            return !now.isBefore(expiresAt) || now.isAfter(seenAt.plus(IDLE));
        }
    }
}
