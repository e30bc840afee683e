package com.smashcost.account;

import com.smashcost.account.control.Subscriptions;
import com.smashcost.account.entity.Organization;
import java.io.File;
import java.net.URISyntaxException;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.importer.ExplodedImporter;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** Builds applications that hold the product's flows without its start, to be deployed beside the product. */
final class BesideTheProduct {

    /** What opens the spool, which one process may hold once, and runs the timers. */
    private static final String STARTUP = "/com/smashcost/gateway/control/Startup.class";

    private static final Pattern LIBRARIES = Pattern.compile(
            "(assertj-core|openpdf|fastexcel|opczip|byte-buddy|bcprov-jdk18on|bcrypt|bytes|jackson-core|caffeine|resilience4j-circuitbreaker|resilience4j-core|httpclient5|httpcore5|httpcore5-h2|jspecify)-[0-9].*\\.jar");

    private static final Set<String> PATH =
            Set.of(System.getProperty("java.class.path", "").split(File.pathSeparator));

    private BesideTheProduct() {}

    static WebArchive war(String name) {
        JavaArchive flows = module(Subscriptions.class, "ejb.jar");
        flows.delete(STARTUP);
        return ShrinkWrap.create(WebArchive.class, name + ".war")
                .addAsLibraries(flows, module(Organization.class, "persistence.jar"))
                .addAsLibraries(libraries());
    }

    private static JavaArchive module(Class<?> member, String name) {
        File place;
        try {
            place = new File(
                    member.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        return place.isDirectory()
                ? ShrinkWrap.create(ExplodedImporter.class, name)
                        .importDirectory(place)
                        .as(JavaArchive.class)
                : ShrinkWrap.create(ZipImporter.class, name).importFrom(place).as(JavaArchive.class);
    }

    private static File[] libraries() {
        return Stream.concat(
                        PATH.stream(),
                        Stream.of(System.getProperty("surefire.test.class.path", "")
                                .split(File.pathSeparator)))
                .map(File::new)
                .filter(file -> LIBRARIES.matcher(file.getName()).matches())
                .distinct()
                .toArray(File[]::new);
    }
}
