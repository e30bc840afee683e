package com.smashcost.portal.boundary;

import com.smashcost.secret.control.Environment;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The cookie that a signed-in browser carries; it ends with the browser, or earlier with its session. */
@ApplicationScoped
public class PortalCookie {

    @Inject
    private Environment environment;

    /** Its text; null if there is none, or more than one, which only a forger would send. */
    @Nullable
    String read(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        if (cookies == null) {
            return null;
        }
        List<String> ours = Arrays.stream(cookies)
                .filter(cookie -> cookie.getName().equals(name()))
                .map(Cookie::getValue)
                .toList();
        return ours.size() == 1 ? ours.getFirst() : null;
    }

    void write(HttpServletResponse response, String text) {
        response.addCookie(cookie(name(), text));
    }

    /** Takes it and the container's session cookie from the browser. */
    void clear(HttpServletResponse response) {
        for (String name : List.of(name(), "JSESSIONID")) {
            Cookie gone = cookie(name, "");
            gone.setMaxAge(0);
            response.addCookie(gone);
        }
    }

    private Cookie cookie(String name, String text) {
        Cookie cookie = new Cookie(name, text);
        cookie.setPath("/");
        cookie.setHttpOnly(true);
        cookie.setSecure(environment.isProduction());
        cookie.setAttribute("SameSite", "Lax");
        return cookie;
    }

    /** The prefix makes browsers refuse the cookie from anyone but this very host over TLS. */
    private String name() {
        return environment.isProduction() ? "__Host-smashcost" : "smashcost";
    }
}
