package com.smashcost.portal.boundary;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Sends a browser to another page of the portal, by a path alone: the Host header never becomes part of an answer. */
final class Redirect {

    static final String SIGN_IN = "/portal/sign-in";
    static final String REQUESTS = "/portal/requests";

    private static final Pattern LOCAL = Pattern.compile("/portal/[a-z-]{1,40}(\\?[A-Za-z0-9=&_.~%-]{0,400})?");

    private Redirect() {}

    static void to(String path, HttpServletRequest request, HttpServletResponse response) throws IOException {
        if ("partial/ajax".equals(request.getHeader("Faces-Request"))) {
            response.setContentType("text/xml;charset=UTF-8");
            response.getWriter()
                    .write("<?xml version='1.0' encoding='UTF-8'?><partial-response><redirect url=\""
                            + path.replace("&", "&amp;").replace("\"", "&quot;").replace("<", "&lt;")
                            + "\"></redirect></partial-response>");
        } else {
            response.setStatus(HttpServletResponse.SC_SEE_OTHER);
            response.setHeader("Location", path);
        }
    }

    /** The sign-in page that then leads to this page. */
    static String signInFor(String page) {
        return page.equals(REQUESTS) ? SIGN_IN : SIGN_IN + "?to=" + URLEncoder.encode(page, StandardCharsets.UTF_8);
    }

    /** The page that was asked for if it is one of ours, else the first one. */
    static String checked(@Nullable String page) {
        return page != null && LOCAL.matcher(page).matches() && !page.startsWith("/portal/sign-") ? page : REQUESTS;
    }
}
