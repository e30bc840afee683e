package com.smashcost.server.launcher;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * Payara's {@code domain.xml}, edited as a document: what asadmin would set one command at a time, after the server has
 * come up, is there before it starts.
 */
final class DomainXml {

    static final String ADMIN = "smashcost-admin";

    private static final String AEAD = "+TLS_AES_256_GCM_SHA384,+TLS_AES_128_GCM_SHA256,+TLS_CHACHA20_POLY1305_SHA256,"
            + "+TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,+TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,"
            + "+TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,+TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,"
            + "+TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,+TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256";

    private final Document document;
    private final Element server;

    private DomainXml(Document document) {
        this.document = document;
        this.server = named(document.getDocumentElement(), "config", "name", "server-config");
    }

    static DomainXml read(Path file) throws IOException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return new DomainXml(factory.newDocumentBuilder().parse(file.toFile()));
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(file + " is not a domain's configuration", e);
        }
    }

    void write(Path file) throws IOException {
        try {
            Transformer transformer = TransformerFactory.newInstance().newTransformer();
            transformer.setOutputProperty(OutputKeys.ENCODING, "UTF-8");
            StringWriter text = new StringWriter();
            transformer.transform(new DOMSource(document), new StreamResult(text));
            Files.writeString(file, text.toString());
        } catch (TransformerException e) {
            throw new IOException(e);
        }
    }

    /** The main listeners and the admin listener, each group with threads of its own. */
    void listen(Listeners listeners) {
        Element plain = named(server, "network-listener", "name", "http-listener-1");
        Element tls = named(server, "network-listener", "name", "http-listener-2");
        place(
                plain,
                listeners.address(),
                listeners.http().orElse(0),
                listeners.http().isPresent());
        place(
                tls,
                listeners.address(),
                listeners.https().orElse(0),
                listeners.https().isPresent());

        Element protocol = child(first(server, "protocols"), "protocol", Map.of("name", ADMIN));
        Element http = child(protocol, "http", Map.of("default-virtual-server", ADMIN));
        child(http, "file-cache", Map.of("enabled", "false"));
        Element admin = child(
                first(server, "network-listeners"),
                "network-listener",
                Map.of("name", ADMIN, "protocol", ADMIN, "transport", "tcp", "thread-pool", ADMIN));
        place(admin, "127.0.0.1", listeners.admin(), true);
        child(first(server, "http-service"), "virtual-server", Map.of("id", ADMIN, "network-listeners", ADMIN));

        Element asadmin = named(server, "network-listener", "name", "admin-listener");
        if (listeners.asadmin().isPresent()) {
            place(asadmin, "127.0.0.1", listeners.asadmin().get(), true);
        } else {
            // switched off but not removed: without it the server would put its own console on the main listener
            asadmin.setAttribute("enabled", "false");
            first(named(server, "protocol", "name", "admin-listener"), "http")
                    .setAttribute("default-virtual-server", ADMIN);
            remove(named(server, "virtual-server", "id", "__asadmin"));
        }

        for (String name : List.of("http-listener-1", "http-listener-2", ADMIN)) {
            Element each = first(named(server, "protocol", "name", name), "http");
            each.setAttribute("server-header", "false");
            each.setAttribute("xpowered-by", "false");
            // the application sends its own
            each.setAttribute("xframe-options", "false");
            each.setAttribute("encoded-slash-enabled", "true");
            each.setAttribute("http2-enabled", "false");
            each.setAttribute("websockets-support-enabled", "false");
            each.setAttribute("header-buffer-length-bytes", "16384");
            // any number of requests on one connection
            each.setAttribute("max-connections", "-1");
            each.setAttribute("timeout-seconds", "75");
            // a stream may take longer than any limit here; the application keeps the deadlines
            each.setAttribute("request-timeout-seconds", "-1");
        }
        Element ssl = first(named(server, "protocol", "name", "http-listener-2"), "ssl");
        ssl.setAttribute("cert-nickname", Tls.ALIAS);
        ssl.setAttribute("tls12-enabled", "true");
        ssl.setAttribute("tls13-enabled", "true");
        ssl.setAttribute("ssl3-tls-ciphers", AEAD);

        threads("http-thread-pool", 16, 200);
        threads(ADMIN, 2, 16);
    }

    private void threads(String name, int least, int most) {
        Element pools = first(server, "thread-pools");
        Element pool = all(pools, "thread-pool").stream()
                .filter(each -> each.getAttribute("name").equals(name))
                .findFirst()
                .orElseGet(() -> child(pools, "thread-pool", Map.of("name", name)));
        pool.setAttribute("min-thread-pool-size", Integer.toString(least));
        pool.setAttribute("max-thread-pool-size", Integer.toString(most));
        pool.setAttribute("max-queue-size", "4096");
    }

    private static void place(Element listener, String address, int port, boolean enabled) {
        listener.setAttribute("address", address);
        listener.setAttribute("port", Integer.toString(port));
        listener.setAttribute("enabled", Boolean.toString(enabled));
    }

    /** Metrics and OpenAPI answer on the admin listener alone, health on both. */
    void separateOperations() {
        setting("microprofile-metrics-configuration").setAttribute("virtual-servers", ADMIN);
        setting("microprofile-openapi-configuration").setAttribute("virtual-servers", ADMIN);
        setting("microprofile-healthcheck-configuration").setAttribute("virtual-servers", "server," + ADMIN);
    }

    /** Turns off what a gateway does not need and what would listen: IIOP, JMX, JMS, the data grid. */
    void close() {
        all(server, "iiop-listener").forEach(each -> each.setAttribute("enabled", "false"));
        all(server, "jmx-connector").forEach(each -> {
            each.setAttribute("enabled", "false");
            each.setAttribute("address", "127.0.0.1");
        });
        child(server, "jms-service", Map.of("type", "DISABLED", "default-jms-host", "default_JMS_host"));
        setting("hazelcast-config-specific-configuration").setAttribute("enabled", "false");
        // the server's own small database would open a port for itself
        all(document.getDocumentElement(), "property").stream()
                .filter(each -> each.getAttribute("value").startsWith("jdbc:h2:"))
                .forEach(each ->
                        each.setAttribute("value", each.getAttribute("value").replace(";AUTO_SERVER=TRUE", "")));
    }

    /** Replaces heap and tuning options, drops the remote shell and the monitoring agent, adds the given ones. */
    void options(List<String> more) {
        Element java = first(server, "java-config");
        for (Element option : all(java, "jvm-options")) {
            String text = option.getTextContent();
            if (text.startsWith("-Xmx")
                    || text.startsWith("-XX:NewRatio")
                    || text.startsWith("-Dosgi.shell.")
                    || text.startsWith("-Dgosh.")) {
                remove(option);
            } else if (text.startsWith("-Dorg.glassfish.additionalOSGiBundlesToStart=")) {
                option.setTextContent("-Dorg.glassfish.additionalOSGiBundlesToStart=org.apache.felix.fileinstall");
            }
        }
        for (String option : more) {
            child(java, "jvm-options", Map.of()).setTextContent(option);
        }
    }

    /** The options that hold for the given feature release, as the server's own start command reads them. */
    List<String> options(int release) {
        List<String> options = new ArrayList<>();
        for (Element each : all(first(server, "java-config"), "jvm-options")) {
            JvmOption.parse(each.getTextContent().strip())
                    .filter(option -> option.appliesTo(release))
                    .ifPresent(option -> options.add(option.text()));
        }
        return options;
    }

    private static void remove(Element element) {
        element.getParentNode().removeChild(element);
    }

    private Element setting(String name) {
        return all(server, name).stream().findFirst().orElseGet(() -> child(server, name, Map.of()));
    }

    private Element child(Element parent, String name, Map<String, String> attributes) {
        Element element = document.createElement(name);
        attributes.forEach(element::setAttribute);
        parent.appendChild(element);
        return element;
    }

    private static Element first(Element parent, String name) {
        return all(parent, name).stream()
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no <" + name + "> in the domain's configuration"));
    }

    private static Element named(Element parent, String name, String attribute, String value) {
        return all(parent, name).stream()
                .filter(each -> each.getAttribute(attribute).equals(value))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalStateException("no <" + name + " " + attribute + "=" + value + "> in the domain"));
    }

    private static List<Element> all(Element parent, String name) {
        NodeList nodes = parent.getElementsByTagName(name);
        return IntStream.range(0, nodes.getLength())
                .mapToObj(i -> (Element) nodes.item(i))
                .toList();
    }
}
