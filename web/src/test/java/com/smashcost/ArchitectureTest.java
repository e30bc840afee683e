package com.smashcost;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.account.entity.Organization;
import com.smashcost.planted.admin.control.BuildsQueries;
import com.smashcost.planted.admin.control.CallsOut;
import com.smashcost.planted.admin.control.EntersByItself;
import com.smashcost.planted.admin.control.KeyManager;
import com.smashcost.planted.admin.control.RunsPrograms;
import com.smashcost.planted.admin.control.Shouts;
import com.smashcost.planted.admin.control.Unmarked;
import com.smashcost.planted.admission.control.AsksTheDatabase;
import com.smashcost.planted.common.control.Everything;
import com.smashcost.planted.gateway.control.ReachesUp;
import com.smashcost.planted.gateway.control.openai.AlsoReachesUp;
import com.smashcost.planted.gateway.entity.KnowsControl;
import com.smashcost.planted.money.Layerless;
import com.smashcost.planted.money.control.SeesTheGateway;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import java.net.URL;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each rule holds for the product, and reports the faults that are planted for it. */
class ArchitectureTest {

    private static final String PRODUCT = "com.smashcost";
    private static final String PLANTED = "com.smashcost.planted";

    /** Each may use those after it. */
    private static final List<String> COMPONENTS = List.of(
            "portal",
            "admin",
            "funnel",
            "billing",
            "alert",
            "gateway",
            "admission",
            "ledger",
            "routing",
            "metering",
            "provider",
            "catalog",
            "access",
            "account",
            "job",
            "mail",
            "audit",
            "secret",
            "refusal",
            "money");

    /** Each may use those after it. */
    private static final List<String> LAYERS = List.of("boundary", "control", "entity");

    private static final ImportOption NO_TESTS = location -> !location.contains(ArchitectureTest.class
            .getProtectionDomain()
            .getCodeSource()
            .getLocation()
            .getPath());

    private static final JavaClasses product =
            new ClassFileImporter().withImportOption(NO_TESTS).importPackages(PRODUCT);

    private static final JavaClasses planted = new ClassFileImporter().importPackages(PLANTED);

    /** Where a class stands: {@code <root>.<component>.<layer>}, sub-packages included. */
    private record Place(String component, String layer) {

        static Optional<Place> of(JavaClass type, String root) {
            Matcher place = Pattern.compile(Pattern.quote(root) + "\\.(\\w+)\\.(\\w+)(\\..*)?")
                    .matcher(type.getPackageName());
            return place.matches() ? Optional.of(new Place(place.group(1), place.group(2))) : Optional.empty();
        }

        boolean isKnown() {
            return COMPONENTS.contains(component) && LAYERS.contains(layer);
        }
    }

    @Test
    void sees_the_whole_product() {
        assertThat(product.stream()
                        .map(type -> Place.of(type, PRODUCT).map(Place::layer).orElse("none"))
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(LAYERS);
        assertThat(product.contain(Organization.class)).isTrue();
        assertThat(product.size()).isGreaterThan(150);
    }

    @Test
    void every_class_is_in_a_layer_of_a_component() {
        assertRule(ArchitectureTest::placed, Everything.class, Layerless.class);
    }

    private static ArchRule placed(String root) {
        return classes().should(new ArchCondition<>("be in a layer of a component") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean placed = Place.of(type, root).filter(Place::isKnown).isPresent();
                events.add(new SimpleConditionEvent(type, placed, type.getDescription()));
            }
        });
    }

    @Test
    void boundaries_use_controls_use_entities_and_never_back() {
        assertRule(
                root -> classes()
                        .should(useOnly(
                                root,
                                "their own layer and those below",
                                (from, to) -> LAYERS.indexOf(from.layer()) <= LAYERS.indexOf(to.layer()))),
                ReachesUp.class,
                AlsoReachesUp.class,
                KnowsControl.class);
    }

    @Test
    void components_use_only_those_to_their_right() {
        assertReported(violations(ordered(PLANTED), planted), SeesTheGateway.class);
        assertThat(violations(ordered(PRODUCT), product)).isEmpty();
    }

    private static ArchRule ordered(String root) {
        return classes()
                .should(useOnly(
                        root,
                        "their own component and those to its right",
                        (from, to) -> COMPONENTS.indexOf(from.component()) <= COMPONENTS.indexOf(to.component())));
    }

    private static ArchCondition<JavaClass> useOnly(
            String root, String description, BiPredicate<Place, Place> allowed) {
        return new ArchCondition<>("use only " + description) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                Optional<Place> from = Place.of(type, root).filter(Place::isKnown);
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    Optional<Place> to = Place.of(dependency.getTargetClass().getBaseComponentType(), root)
                            .filter(Place::isKnown);
                    if (from.isPresent() && to.isPresent()) {
                        events.add(new SimpleConditionEvent(
                                type, allowed.test(from.get(), to.get()), dependency.getDescription()));
                    }
                }
            }
        };
    }

    @Test
    void every_package_is_null_marked() {
        assertRule(
                root -> classes().should(new ArchCondition<>("be in a package that is null-marked") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
                        events.add(new SimpleConditionEvent(type, marked, type.getDescription()));
                    }
                }),
                Unmarked.class);
    }

    @Test
    @Tag("G33")
    void only_subscriptions_change_the_status_of_an_organisation() {
        assertRule(
                root -> noClasses()
                        .that()
                        .doNotHaveFullyQualifiedName(root + ".account.control.Subscriptions")
                        .should(accessTo(Organization.class, "enter")),
                EntersByItself.class);
        assertThat(violations(noClasses().should(accessTo(Organization.class, "enter")), planted))
                .as("a call and a reference")
                .hasSize(2);
    }

    @Test
    void names_say_what_a_class_is_for() {
        assertRule(
                root -> noClasses()
                        .should(ArchConditions.be(
                                are(nameMatching(".*(Impl|Util|Utils|Utility|Helper|Manager|Service|DTO|Dto)")))),
                KeyManager.class);
    }

    @Test
    @Tag("G7")
    void product_code_speaks_through_the_system_logger_alone() {
        assertRule(
                root -> noClasses()
                        .should(ACCESS_STANDARD_STREAMS)
                        .orShould()
                        .dependOnClassesThat(resideInAnyPackage(
                                "java.util.logging",
                                "org.slf4j..",
                                "org.apache.logging..",
                                "org.apache.commons.logging")),
                Shouts.class);
    }

    @Test
    @Tag("G5")
    void only_the_provider_component_calls_other_machines() {
        assertRule(
                root -> noClasses()
                        .that()
                        .resideOutsideOfPackage(root + ".provider.control")
                        .should()
                        .dependOnClassesThat(resideInAnyPackage(
                                        "org.apache.hc..", "java.net.http..", "jakarta.ws.rs.client..", "sun.net..")
                                .or(nameMatching("java\\.net\\.(Http|Https|Jar)?URLConnection")))
                        .orShould(accessTo(URL.class, "open.*|getContent")),
                CallsOut.class);
        assertThat(violations(noClasses().should(accessTo(URL.class, "open.*")), planted))
                .hasSize(1);
    }

    @Test
    void statements_whose_text_could_be_put_together_are_run_by_three_classes_only() {
        assertRule(
                root -> noClasses()
                        .that(DescribedPredicate.not(nameMatching(Pattern.quote(root)
                                + "\\.(ledger\\.control\\.(Ledger|Spool)|gateway\\.control\\.Snapshots)")))
                        .should(accessTo(Statement.class, "execute.*|addBatch", String.class)),
                BuildsQueries.class);
    }

    @Test
    void no_program_is_run_and_no_object_unpacked() {
        assertRule(
                root -> noClasses()
                        .should()
                        .dependOnClassesThat(
                                nameMatching(
                                        "java\\.lang\\.(ProcessBuilder|Runtime)|java\\.io\\.ObjectInputStream|javax\\.script\\..*")),
                RunsPrograms.class);
    }

    @Test
    void nothing_between_key_and_call_touches_the_database() {
        assertRule(
                root -> noClasses()
                        .that(resideInAnyPackage(
                                        root + ".admission.control",
                                        root + ".routing.control",
                                        root + ".metering.control",
                                        root + ".provider.control.openai")
                                .or(nameMatching(Pattern.quote(root)
                                        + "\\.(gateway\\.control\\.(Gateway|StreamFlow|Exchange|Admission|Reply)"
                                        + "|provider\\.control\\.(Upstream|Answer|Call|Provider|Providers))(\\$.*)?")))
                        .should()
                        .dependOnClassesThat(resideInAPackage("java.sql")
                                .or(resideInAPackage("javax.sql"))
                                .or(resideInAPackage("jakarta.transaction.."))
                                .or(nameMatching("jakarta\\.persistence\\.EntityManager"))),
                AsksTheDatabase.class);
    }

    /** A call of a method, or a reference to it; of a method with these first parameters if any are named. */
    private static ArchCondition<JavaClass> accessTo(Class<?> owner, String names, Class<?>... first) {
        return ArchConditions.accessTargetWhere(DescribedPredicate.<JavaAccess<?>>describe(
                owner.getSimpleName() + "." + names,
                access -> access.getTargetOwner().isAssignableTo(owner)
                        && access.getName().matches(names)
                        && access.getTarget() instanceof AccessTarget.CodeUnitAccessTarget target
                        && target.getRawParameterTypes().size() >= first.length
                        && IntStream.range(0, first.length)
                                .allMatch(i ->
                                        target.getRawParameterTypes().get(i).isEquivalentTo(first[i]))));
    }

    /** Asserts that the product keeps the rule and that each of these classes is reported to break it. */
    private static void assertRule(Function<String, ArchRule> rule, Class<?>... culprits) {
        assertReported(violations(rule.apply(PLANTED), planted), culprits);
        assertThat(violations(rule.apply(PRODUCT), product)).isEmpty();
    }

    private static void assertReported(List<String> violations, Class<?>... culprits) {
        for (Class<?> culprit : culprits) {
            assertThat(violations).as("the planted fault").anyMatch(line -> line.contains(culprit.getName()));
        }
    }

    private static List<String> violations(ArchRule rule, JavaClasses classes) {
        return rule.evaluate(classes).getFailureReport().getDetails();
    }
}
