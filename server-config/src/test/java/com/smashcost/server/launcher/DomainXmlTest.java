package com.smashcost.server.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.SAXException;

class DomainXmlTest {

    private static final Listeners PLAIN =
            new Listeners("127.0.0.1", Optional.of(8080), Optional.empty(), 9090, Optional.empty());

    @TempDir
    private Path directory;

    private Path file = Path.of("");

    @BeforeEach
    void copyTheTemplate() throws IOException {
        file = directory.resolve("domain.xml");
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("domain.xml"))) {
            Files.copy(in, file);
        }
    }

    private String at(String path) throws XPathExpressionException, IOException {
        try {
            Document document =
                    DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
            return XPathFactory.newInstance()
                    .newXPath()
                    .evaluate("/domain/configs/config[@name='server-config']" + path, document);
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(e);
        }
    }

    private void listen(Listeners listeners) throws IOException {
        DomainXml xml = DomainXml.read(file);
        xml.listen(listeners);
        xml.separateOperations();
        xml.close();
        xml.write(file);
    }

    @Test
    void puts_the_main_listener_where_it_is_wanted() throws Exception {
        listen(PLAIN);
        assertThat(at("//network-listener[@name='http-listener-1']/@port")).isEqualTo("8080");
        assertThat(at("//network-listener[@name='http-listener-1']/@address")).isEqualTo("127.0.0.1");
        assertThat(at("//network-listener[@name='http-listener-2']/@enabled")).isEqualTo("false");
        assertThat(at("//protocol[@name='http-listener-1']/http/@server-header"))
                .isEqualTo("false");
        assertThat(at("//protocol[@name='http-listener-1']/http/@request-timeout-seconds"))
                .isEqualTo("-1");
    }

    @Test
    void serves_tls_alone_where_no_proxy_is_trusted() throws Exception {
        listen(new Listeners("0.0.0.0", Optional.empty(), Optional.of(8443), 9090, Optional.empty()));
        assertThat(at("//network-listener[@name='http-listener-1']/@enabled")).isEqualTo("false");
        assertThat(at("//network-listener[@name='http-listener-2']/@enabled")).isEqualTo("true");
        assertThat(at("//network-listener[@name='http-listener-2']/@port")).isEqualTo("8443");
        assertThat(at("//protocol[@name='http-listener-2']/ssl/@cert-nickname")).isEqualTo(Tls.ALIAS);
        assertThat(at("//protocol[@name='http-listener-2']/ssl/@ssl3-tls-ciphers"))
                .contains("GCM")
                .doesNotContain("CBC");
    }

    @Test
    void gives_the_admin_listener_its_own_virtual_server_and_threads_on_loopback() throws Exception {
        listen(PLAIN);
        assertThat(at("//network-listener[@name='smashcost-admin']/@address")).isEqualTo("127.0.0.1");
        assertThat(at("//network-listener[@name='smashcost-admin']/@port")).isEqualTo("9090");
        assertThat(at("//network-listener[@name='smashcost-admin']/@thread-pool"))
                .isEqualTo("smashcost-admin");
        assertThat(at("//virtual-server[@id='smashcost-admin']/@network-listeners"))
                .isEqualTo("smashcost-admin");
        assertThat(at("/microprofile-metrics-configuration/@virtual-servers")).isEqualTo("smashcost-admin");
        assertThat(at("/microprofile-openapi-configuration/@virtual-servers")).isEqualTo("smashcost-admin");
        assertThat(at("/microprofile-healthcheck-configuration/@virtual-servers"))
                .isEqualTo("server,smashcost-admin");
    }

    @Test
    void closes_every_other_door() throws Exception {
        listen(PLAIN);
        assertThat(at("//network-listener[@name='admin-listener']/@enabled")).isEqualTo("false");
        assertThat(at("//iiop-listener[not(@enabled='false')]/@id")).isEmpty();
        assertThat(at("//jmx-connector/@enabled")).isEqualTo("false");
        assertThat(Files.readString(file)).doesNotContain("AUTO_SERVER");
        assertThat(at("/jms-service/@type")).isEqualTo("DISABLED");
        assertThat(at("/hazelcast-config-specific-configuration/@enabled")).isEqualTo("false");
    }

    @Test
    void opens_the_server_administration_on_loopback_when_asked_to() throws Exception {
        listen(new Listeners("127.0.0.1", Optional.of(8080), Optional.empty(), 9090, Optional.of(4848)));
        assertThat(at("//network-listener[@name='admin-listener']/@address")).isEqualTo("127.0.0.1");
        assertThat(at("//network-listener[@name='admin-listener']/@port")).isEqualTo("4848");
    }

    @Test
    void takes_the_options_that_hold_for_the_java_release() throws IOException {
        DomainXml xml = DomainXml.read(file);
        xml.options(List.of("-Xmx1g"));
        assertThat(xml.options(21))
                .contains("-Xmx1g", "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED")
                .doesNotContain("-Xmx512m", "--sun-misc-unsafe-memory-access=allow")
                .noneMatch(option -> option.startsWith("[") || option.contains("telnet"));
        assertThat(xml.options(25)).contains("--sun-misc-unsafe-memory-access=allow");
    }
}
