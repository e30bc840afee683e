package com.smashcost.portal.boundary;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Named;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The theme that someone chose over that of their system. The script that switches it keeps it in a cookie. */
@ApplicationScoped
public class Theme {

    private static final String COOKIE = "smashcost-theme";
    private static final Set<String> KNOWN = Set.of("light", "dark");

    /** The theme that the pages carry; null where the system's holds. */
    @Produces
    @Dependent
    @Named("theme")
    @Nullable
    String chosen(HttpServletRequest request) {
        return of(request).orElse(null);
    }

    static Optional<String> of(HttpServletRequest request) {
        Cookie @Nullable [] cookies = request.getCookies();
        Stream<String> kept = cookies == null
                ? Stream.empty()
                : Arrays.stream(cookies)
                        .filter(cookie -> cookie.getName().equals(COOKIE))
                        .map(Cookie::getValue);
        return Stream.concat(kept, Stream.ofNullable(request.getParameter("theme")))
                .filter(KNOWN::contains)
                .findFirst();
    }
}
