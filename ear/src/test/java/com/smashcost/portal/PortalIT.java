package com.smashcost.portal;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.SameSiteAttribute;
import com.microsoft.playwright.options.WaitForSelectorState;
import com.smashcost.installation.Chat;
import com.smashcost.installation.Customer;
import com.smashcost.installation.Installation;
import com.smashcost.upstream.Acts;
import com.smashcost.upstream.Scene;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The customer's pages in Chromium, which must not say a word on its console. */
class PortalIT {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final List<String> FLAGS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");
    private static final double PATIENCE = 15_000;

    @SuppressWarnings("NullAway.Init")
    private static Playwright playwright;

    @SuppressWarnings("NullAway.Init")
    private static Browser browser;

    private final Installation installation = Installation.running();
    private final Scene scene = installation.upstream().scene(Acts.smallTalk());
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private BrowserContext context;

    @SuppressWarnings("NullAway.Init")
    private Page page;

    @BeforeAll
    static void start() {
        assertThat(CHROMIUM)
                .as("These tests need Debian's Chromium. Install it as root: apt-get install --yes chromium")
                .isExecutable();
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(CHROMIUM)
                        .setArgs(FLAGS));
    }

    @AfterAll
    static void stop() {
        if (playwright != null) {
            playwright.close();
        }
    }

    @BeforeEach
    void open() {
        open(new Browser.NewContextOptions());
    }

    private void open(Browser.NewContextOptions options) {
        context = browser.newContext(options);
        context.setDefaultTimeout(PATIENCE);
        page = context.newPage();
        page.onConsoleMessage(message -> {
            if (List.of("error", "warning").contains(message.type())) {
                complaints.add(message.type() + ": " + message.text() + " " + message.location());
            }
        });
        page.onPageError(complaints::add);
        page.addInitScript("addEventListener('securitypolicyviolation', violation => console.error("
                + "'policy violated: ' + violation.violatedDirective + ' ' + violation.blockedURI));");
    }

    @AfterEach
    void close() {
        context.close();
        assertThat(complaints).as("the browser's console").isEmpty();
    }

    @Test
    void leads_a_stranger_to_the_sign_in_and_then_to_where_he_wanted() {
        String id = request();

        go("/portal/requests?request=" + id);
        assertThat(path()).startsWith("/portal/sign-in?to=");
        signIn(password());

        page.waitForURL("**/portal/requests?request=" + id);
        drawer().waitFor();
    }

    @Test
    void gives_one_answer_to_a_wrong_password_and_to_a_wrong_address() {
        go("/portal/sign-in");

        signIn("not-the-password");
        refusal().waitFor();
        String wrongPassword = refusal().innerText();
        assertThat(wrongPassword).isNotBlank();
        assertThat(page.locator("#email").inputValue()).isEqualTo(owner());

        go("/portal/sign-in");
        page.locator("#email").fill("nobody@example.com");
        page.locator("#password").fill(password());
        page.locator("#sign-in").click();
        refusal().waitFor();
        assertThat(refusal().innerText()).isEqualTo(wrongPassword);
        assertThat(path()).isEqualTo("/portal/sign-in");
    }

    @Test
    void signs_in_without_a_mouse() {
        go("/portal/sign-in");

        assertThat(page.evaluate("document.activeElement.id")).isEqualTo("email");
        page.keyboard().type(owner());
        page.keyboard().press("Tab");
        page.keyboard().type(password());
        page.keyboard().press("Enter");

        page.waitForURL("**/portal/requests");
    }

    @Test
    @Tag("G49")
    void shows_the_request_that_was_just_made() {
        String id = request("X-SmashCost-Tag-Customer", "O'Neil & <b>Sons</b>", "X-SmashCost-Tag-Feature", "/api/chat");

        enter();

        Locator row = row(id);
        row.waitFor();
        assertThat(row.locator(".asked").innerText()).contains("gpt-4o-mini");
        assertThat(row.locator(".provider").innerText()).containsIgnoringCase("openai");
        assertThat(row.locator(".tags").innerText()).contains("O'Neil & <b>Sons</b>", "/api/chat");
        assertThat(row.locator(".tokens").innerText()).contains("11").contains("1");
        // 11 tokens at $0.15 and 1 at $0.60 per million
        assertThat(row.locator(".cost").innerText()).contains("0.000002");
        assertThat(row.locator(".status").innerText()).contains("200");
        assertThat(page.locator("#organization").innerText()).isEqualTo("Demo Company");
    }

    @Test
    void shows_a_new_request_without_being_asked() {
        request();
        enter();
        page.evaluate("window.sameDocument = true");

        String id = request();

        row(id).waitFor();
        assertThat(page.locator("#requests tbody tr").first().getAttribute("data-request-id"))
                .isEqualTo(id);
        assertThat(page.evaluate("window.sameDocument")).isEqualTo(true);
    }

    @Test
    void shows_nothing_new_while_it_is_paused() {
        request();
        enter();
        page.locator("#live").click();
        assertThat(page.locator("#live").innerText()).contains("Paused");

        String id = request();
        // two periods of the refresh
        page.waitForTimeout(6_500);
        assertThat(row(id).count()).isZero();

        page.locator("#live").click();
        row(id).waitFor();
    }

    @Test
    void opens_a_request_and_closes_it_again() {
        String id = request();
        enter();

        row(id).click();
        drawer().waitFor();
        assertThat(page.url()).endsWith("?request=" + id);
        assertThat(drawer().innerText()).contains(id, "gpt-4o-mini", "Passthrough");

        page.keyboard().press("Escape");
        drawer().waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));
        assertThat(path()).isEqualTo("/portal/requests");
    }

    @Test
    void shows_a_failed_request_as_failed() {
        Scene failing = installation
                .upstream()
                .scene(Acts.answer(500, "{\"error\":{\"message\":\"words-of-the-provider\",\"type\":\"x\"}}"));
        String id = Chat.with(installation.demo("gateway.key"))
                .send(Chat.body("gpt-4o-mini", failing.marker()))
                .requestId();

        enter();

        assertThat(row(id).locator(".status").innerText()).contains("500").contains("error");
        assertThat(row(id).locator(".cost").innerText()).contains("—");
        assertThat(page.content()).doesNotContain("words-of-the-provider");
    }

    @Test
    void shows_no_request_of_another_organization() {
        Customer other = installation.admin().newCustomer();
        String id =
                Chat.as(other).send(Chat.body("gpt-4o-mini", scene.marker())).requestId();
        request();
        enter();

        assertThat(row(id).count()).isZero();
        go("/portal/requests?request=" + id);
        page.locator("#requests").waitFor();
        assertThat(drawer().count()).isZero();
    }

    @Test
    @Tag("G13")
    @Tag("G14")
    void keeps_its_cookies_from_scripts_and_ends_them_at_the_sign_out() {
        enter();
        List<Cookie> cookies = context.cookies();
        assertThat(cookies).isNotEmpty().allSatisfy(cookie -> {
            assertThat(cookie.httpOnly).as(cookie.name).isTrue();
            assertThat(cookie.sameSite).as(cookie.name).isEqualTo(SameSiteAttribute.LAX);
        });

        page.locator("#sign-out").click();
        page.waitForURL("**/portal/sign-in");
        go("/portal/requests");
        assertThat(path()).startsWith("/portal/sign-in");

        // who kept them has nothing
        context.addCookies(cookies.stream()
                .map(cookie -> new Cookie(cookie.name, cookie.value)
                        .setUrl(installation.origin().toString()))
                .toList());
        go("/portal/requests");
        assertThat(path()).startsWith("/portal/sign-in");
    }

    @Test
    @Tag("G24")
    void carries_one_strict_content_policy_on_every_page() {
        Response signIn = go("/portal/sign-in");
        signIn(password());
        page.waitForURL("**/portal/requests");
        Response requests = go("/portal/requests");

        for (Response response : List.of(signIn, requests)) {
            List<String> policies = response.headerValues("content-security-policy");
            assertThat(policies).hasSize(1);
            assertThat(policies.getFirst())
                    .contains("default-src 'none'", "frame-ancestors 'none'", "form-action 'self'", "'nonce-")
                    .doesNotContain("unsafe-eval")
                    .doesNotContainPattern("script-src[^;]*unsafe-inline");
            assertThat(response.headerValue("x-content-type-options")).isEqualTo("nosniff");
            assertThat(response.headerValue("x-frame-options")).isEqualTo("DENY");
            assertThat(response.headerValue("cache-control")).contains("no-store");
            assertThat(response.headerValue("server")).isNull();
            assertThat(response.headerValue("x-powered-by")).isNull();
        }
    }

    @Test
    void remembers_the_theme_that_was_chosen() {
        go("/portal/sign-in");
        String before = background();

        page.locator("#theme").click();
        String chosen = background();
        assertThat(chosen).isNotEqualTo(before);
        page.reload();
        assertThat(background()).isEqualTo(chosen);
        signIn(password());
        page.waitForURL("**/portal/requests");
        assertThat(background()).isEqualTo(chosen);
    }

    @ParameterizedTest
    @CsvSource({"1440, 900, LIGHT", "1440, 900, DARK", "768, 1024, LIGHT", "390, 844, LIGHT", "390, 844, DARK"})
    void fits_every_screen_in_both_themes(int width, int height, ColorScheme scheme) throws Exception {
        request("X-SmashCost-Tag-Customer", "acme-corp", "X-SmashCost-Tag-Feature", "/api/summarize");
        Scene failing =
                installation.upstream().scene(Acts.answer(429, "{\"error\":{\"message\":\"m\",\"type\":\"x\"}}"));
        Chat.with(installation.demo("gateway.key")).send(Chat.body("gpt-4o", failing.marker()));
        String id = request("X-SmashCost-Tag-Customer", "a-customer-with-a-rather-long-name-of-its-own");
        context.close();
        open(new Browser.NewContextOptions().setViewportSize(width, height).setColorScheme(scheme));

        go("/portal/sign-in");
        picture("sign-in", width, scheme);
        signIn(password());
        page.waitForURL("**/portal/requests");
        row(id).waitFor();
        picture("requests", width, scheme);
        row(id).locator("a.row").click();
        drawer().waitFor();
        picture("request", width, scheme);
    }

    private void picture(String name, int width, ColorScheme scheme) throws Exception {
        Path folder = installation.home().resolveSibling("screenshots");
        Files.createDirectories(folder);
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(folder.resolve(name + "-" + width + "-" + scheme.name().toLowerCase(Locale.ROOT) + ".png")));
        assertThat(page.evaluate("document.scrollingElement.scrollWidth - innerWidth"))
                .as("%s at %d px scrolls sideways", name, width)
                .isEqualTo(0);
    }

    private Response go(String path) {
        return Objects.requireNonNull(
                page.navigate(installation.origin().resolve(path).toString()));
    }

    private void enter() {
        go("/portal/sign-in");
        signIn(password());
        page.waitForURL("**/portal/requests");
    }

    private void signIn(String password) {
        page.locator("#email").fill(owner());
        page.locator("#password").fill(password);
        page.locator("#sign-in").click();
    }

    private String owner() {
        return installation.demo("portal.user");
    }

    private String password() {
        return installation.demo("portal.password");
    }

    private String request(String... headers) {
        Chat.Answer answer =
                Chat.with(installation.demo("gateway.key"), headers).send(Chat.body("gpt-4o-mini", scene.marker()));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.requestId();
    }

    private Locator row(String id) {
        return page.locator("tr[data-request-id='" + id + "']");
    }

    private Locator drawer() {
        return page.locator("[data-drawer]");
    }

    private Locator refusal() {
        return page.locator("#refusal .notice");
    }

    private String background() {
        return String.valueOf(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"));
    }

    private String path() {
        String url = page.url();
        return url.substring(installation.origin().toString().length());
    }
}
