package com.smashcost.gateway.control;

import com.smashcost.Wired;
import com.smashcost.access.control.KeyText;
import com.smashcost.access.control.Pepper;
import com.smashcost.account.entity.BudgetRule;
import com.smashcost.account.entity.SubscriptionStatus;
import com.smashcost.admission.control.Budgets;
import com.smashcost.admission.control.RateLimits;
import com.smashcost.catalog.control.Catalogue;
import com.smashcost.catalog.control.Catalogue.Offer;
import com.smashcost.catalog.control.Catalogue.Price;
import com.smashcost.catalog.entity.PriceTier;
import com.smashcost.job.control.BusinessClock;
import com.smashcost.ledger.control.RecordedLedger;
import com.smashcost.ledger.entity.LedgerEntry;
import com.smashcost.ledger.entity.LedgerEntry.Tags;
import com.smashcost.money.entity.UnitPrices;
import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.Provider;
import com.smashcost.provider.control.ProviderParts;
import com.smashcost.provider.control.Providers;
import com.smashcost.provider.control.StubProvider;
import com.smashcost.provider.control.Upstream;
import com.smashcost.routing.control.CircuitBreakers;
import com.smashcost.routing.control.Conversation;
import com.smashcost.routing.control.ProviderPauses;
import com.smashcost.routing.control.RetryBudget;
import com.smashcost.routing.control.Router;
import com.smashcost.routing.control.RoutingDecision;
import com.smashcost.routing.control.Terms;
import com.smashcost.secret.control.Binding;
import com.smashcost.secret.control.Environment;
import com.smashcost.secret.control.MasterKeys;
import com.smashcost.secret.control.Vault;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A gateway with one organisation, one key, one provider that plays a script, and a ledger that shows what it was told. */
final class Scene implements AutoCloseable {

    /** The key of the organisation for the provider. */
    static final String API_KEY = "sk-provider-0123456789";

    static final KeyText KEY = KeyText.mint();

    private static final long ORGANIZATION = 7;
    private static final BigDecimal IN = new BigDecimal("0.0000025");
    private static final BigDecimal OUT = new BigDecimal("0.00001");
    private static final BigDecimal SEARCH = new BigDecimal("0.01");

    private final Vault vault = new Vault(MasterKeys.from(
            Environment.of(Map.of("SMASHCOST_MASTER_KEYS", "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="))));
    private final Upstream upstream;
    private final KeepAlive keepAlive;

    final StubProvider provider;
    final Providers providers;
    final RecordedLedger ledger = new RecordedLedger();
    final KnownSnapshots snapshots = new KnownSnapshots();
    final Gateway gateway;

    final Budgets budgets = new Budgets(new BusinessClock(Environment.of(Map.of("SMASHCOST_PROFILE", "development"))));
    final CircuitBreakers breakers = new CircuitBreakers();
    final ProviderPauses pauses = new ProviderPauses();
    final RetryBudget budget = new RetryBudget(System::nanoTime, () -> 0); // so that no time passes between attempts

    Scene(StubProvider.Script script) {
        this(script, Duration.ofSeconds(20));
    }

    /** A scene whose gateway has little patience with its provider. */
    static Scene impatient(StubProvider.Script script) {
        return new Scene(script, Duration.ofMillis(700));
    }

    /** A scene whose clients are kept awake after so long a silence. */
    static Scene talkative(StubProvider.Script script, Duration silence) {
        return new Scene(script, Duration.ofSeconds(20), silence);
    }

    private Scene(StubProvider.Script script, Duration patience) {
        this(script, patience, KeepAlive.SILENCE);
    }

    /** A scene with these parts of the router, whose provider is somewhere else. */
    static Scene of(RoutingParts routing, URI baseUrl) {
        return new Scene(
                new StubProvider(StubProvider.Conversation::close),
                baseUrl,
                Duration.ofSeconds(20),
                KeepAlive.SILENCE,
                routing);
    }

    /** A scene with these parts of the router. */
    static Scene of(RoutingParts routing, StubProvider.Script script) {
        StubProvider provider = new StubProvider(script);
        return new Scene(provider, provider.baseUrl(), Duration.ofSeconds(20), KeepAlive.SILENCE, routing);
    }

    private Scene(StubProvider.Script script, Duration patience, Duration silence) {
        this(new StubProvider(script), patience, silence);
    }

    private Scene(StubProvider provider, Duration patience, Duration silence) {
        this(provider, provider.baseUrl(), patience, silence, RoutingParts.wired());
    }

    private Scene(StubProvider provider, URI baseUrl, Duration patience, Duration silence, RoutingParts routing) {
        keepAlive = new KeepAlive(silence);
        keepAlive.open();
        this.provider = provider;
        providers = ProviderParts.allAt(baseUrl);
        upstream = ProviderParts.upstream(patience, patience);
        gateway = Wired.with(
                new Gateway(),
                snapshots,
                new MirrorPepper(),
                new RateLimits(),
                budgets,
                providers,
                vault,
                ledger,
                upstream,
                Wired.with(new Attempts(), breakers, pauses, budget),
                keepAlive,
                routing.router(),
                routing.shadow(),
                routing.experience());
        snapshots.current = snapshot(tenant(SubscriptionStatus.OBSERVING, 0, "gpt-4o", credential()));
    }

    /** Another state of the organisation. */
    void organizationIs(SubscriptionStatus status, int requestsPerMinute, @Nullable String defaultModel) {
        snapshots.current = snapshot(tenant(status, requestsPerMinute, defaultModel, credential()));
    }

    /** An organisation of this status that is, or would be, routed in this mode between these models of one provider. */
    void routes(SubscriptionStatus status, String routingMode, List<Offer> offers) {
        Snapshot now = snapshots.current;
        snapshots.current = new Snapshot(
                now.version() + 1,
                now.keys(),
                Map.of(
                        ORGANIZATION,
                        new Tenant(
                                ORGANIZATION,
                                "acme",
                                status,
                                0,
                                routingMode,
                                "gpt-4o",
                                List.of(),
                                List.of(),
                                Map.of("openai", credential()),
                                ZoneOffset.UTC,
                                List.of())),
                new Catalogue(offers));
    }

    /** The organisation's budgets. */
    void budgetsAre(BudgetRule... rules) {
        Snapshot now = snapshots.current;
        Map<Long, Tenant> tenants = new HashMap<>();
        now.tenants()
                .forEach((id, tenant) -> tenants.put(
                        id,
                        new Tenant(
                                tenant.id(),
                                tenant.slug(),
                                tenant.status(),
                                tenant.requestsPerMinute(),
                                tenant.routingMode(),
                                tenant.defaultModel(),
                                tenant.allowedModels(),
                                tenant.deniedModels(),
                                tenant.credentials(),
                                tenant.timeZone(),
                                List.of(rules))));
        snapshots.current = new Snapshot(now.version() + 1, now.keys(), tenants, now.catalogue());
    }

    /** Another credential, or none. */
    void credentialIs(Tenant.@Nullable SealedCredential credential) {
        snapshots.current = snapshot(tenant(SubscriptionStatus.OBSERVING, 0, "gpt-4o", credential));
    }

    /** A credential for every provider, all of which play the script. */
    Scene withEveryProvider() {
        return withEveryProvider(SubscriptionStatus.OBSERVING);
    }

    /** An active organisation whose router decides so, whatever it is asked. */
    Scene routed(RoutingDecision decision) {
        Wired.with(gateway, new Router() {
            @Override
            public RoutingDecision decide(
                    Terms terms, String requested, Wish wish, Supplier<Conversation> conversation) {
                return decision;
            }
        });
        return withEveryProvider(SubscriptionStatus.ACTIVE);
    }

    private Scene withEveryProvider(SubscriptionStatus status) {
        Map<String, Tenant.SealedCredential> credentials = new HashMap<>();
        for (Provider each : providers.all()) {
            credentials.put(
                    each.id(),
                    new Tenant.SealedCredential(
                            5,
                            2,
                            each.origin(),
                            vault.seal(
                                    API_KEY.getBytes(StandardCharsets.US_ASCII),
                                    Binding.ofCredential(ORGANIZATION, each.id(), each.origin(), 5, 2))));
        }
        snapshots.current = snapshot(new Tenant(
                ORGANIZATION,
                "acme",
                status,
                0,
                "off",
                "gpt-4o",
                List.of(),
                List.of(),
                credentials,
                ZoneOffset.UTC,
                List.of()));
        return this;
    }

    /** Serves one request of another route. */
    Reply serve(Dialect route, String body) {
        return serve(route, body, Map.of());
    }

    Reply serve(Dialect route, String body, Map<String, String> clientHeaders) {
        return gateway.serve(
                gateway.admit(KEY.reveal()),
                new Exchange(Tags.NONE),
                route,
                body.getBytes(StandardCharsets.UTF_8),
                clientHeaders);
    }

    Tenant.SealedCredential credential() {
        String origin = providers.find("openai").orElseThrow().origin();
        return new Tenant.SealedCredential(
                5, 2, origin, vault.seal(API_KEY.getBytes(StandardCharsets.US_ASCII), binding(origin)));
    }

    Binding binding(String origin) {
        return Binding.ofCredential(ORGANIZATION, "openai", origin, 5, 2);
    }

    /** Serves one request. */
    Reply chat(String body) {
        return chat(body, new Exchange(Tags.NONE));
    }

    Reply chat(String body, Exchange exchange) {
        Admission admission = gateway.admit(KEY.reveal());
        return gateway.serve(admission, exchange, Dialect.OPENAI_CHAT, body.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    /** The one row that there has to be. */
    LedgerEntry row() {
        if (ledger.intents().size() != 1 || ledger.rows().size() != 1) {
            throw new AssertionError(
                    ledger.intents().size() + " intents and " + ledger.rows().size() + " rows");
        }
        return ledger.rows().getFirst();
    }

    @Override
    public void close() throws IOException {
        keepAlive.close();
        ProviderParts.close(upstream);
        provider.close();
    }

    private static Tenant tenant(
            SubscriptionStatus status,
            int requestsPerMinute,
            @Nullable String defaultModel,
            Tenant.@Nullable SealedCredential credential) {
        return new Tenant(
                ORGANIZATION,
                "acme",
                status,
                requestsPerMinute,
                "off",
                defaultModel,
                List.of(),
                List.of(),
                Optional.ofNullable(credential)
                        .map(present -> Map.of("openai", present))
                        .orElse(Map.of()),
                ZoneOffset.UTC,
                List.of());
    }

    private static Snapshot snapshot(Tenant tenant) {
        Price price = new Price(
                31,
                Instant.EPOCH,
                List.of(new PriceTier(
                        "standard", 0, new UnitPrices(IN, null, null, null, OUT, null, null, null, SEARCH))));
        return new Snapshot(
                1,
                Map.of(KEY.publicId(), new Snapshot.Door(11, KEY.publicId(), MirrorPepper.of(KEY), ORGANIZATION)),
                Map.of(ORGANIZATION, tenant),
                new Catalogue(List.of(
                        new Offer(
                                1, "gpt-4o", "openai", "chat", true, null, null, Map.of(), null, null, List.of(price)),
                        new Offer(
                                2,
                                "gpt-off",
                                "openai",
                                "chat",
                                false,
                                null,
                                null,
                                Map.of(),
                                null,
                                null,
                                List.of(price)),
                        new Offer(
                                3,
                                "claude-x",
                                "anthropic",
                                "chat",
                                true,
                                null,
                                null,
                                Map.of(),
                                null,
                                null,
                                List.of(price)),
                        new Offer(4, "llama-x", "groq", "chat", true, null, null, Map.of(), null, null, List.of(price)),
                        new Offer(
                                5,
                                "gemini-x",
                                "google",
                                "chat",
                                true,
                                null,
                                null,
                                Map.of(),
                                null,
                                null,
                                List.of(price)),
                        new Offer(
                                6,
                                "text-x",
                                "openai",
                                "embedding",
                                true,
                                null,
                                null,
                                Map.of(),
                                null,
                                null,
                                List.of(price)),
                        new Offer(
                                7,
                                "gemini-text-x",
                                "google",
                                "embedding",
                                true,
                                null,
                                null,
                                Map.of(),
                                null,
                                null,
                                List.of(price)))));
    }

    /** A snapshot that a test sets. */
    static final class KnownSnapshots extends Snapshots {

        private volatile Snapshot current = Snapshot.EMPTY;
        private volatile boolean fresh = true;

        @Override
        public Snapshot current() {
            return current;
        }

        @Override
        public boolean isFresh() {
            return fresh;
        }

        void databaseIsAway() {
            fresh = false;
        }
    }

    /** Hashes that need no database. */
    private static final class MirrorPepper extends Pepper {

        @Override
        public byte[] hash(KeyText key) {
            return of(key);
        }

        static byte[] of(KeyText key) {
            return new StringBuilder(key.reveal()).reverse().toString().getBytes(StandardCharsets.US_ASCII);
        }
    }
}
