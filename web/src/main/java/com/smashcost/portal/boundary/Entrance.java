package com.smashcost.portal.boundary;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Leads who comes to the bare address to the first page. */
@WebServlet({"", "/portal", "/portal/"})
public class Entrance extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Redirect.to(Redirect.REQUESTS, request, response);
    }

    /** Answers clients of the gateway that ask first whether somebody is there, as Claude Code does. */
    @Override
    protected void doHead(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!request.getServletPath().isEmpty()) {
            doGet(request, response);
        }
    }
}
