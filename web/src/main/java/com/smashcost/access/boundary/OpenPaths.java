package com.smashcost.access.boundary;

import jakarta.servlet.http.HttpServletRequest;

/**
 * Which paths answer on which listener; all others do not exist. Paths are what the container dispatches by, decoded and
 * normalised, never what the client wrote.
 *
 * @param adminPort the port of the operator's listener, or 0 if there is none
 */
record OpenPaths(int adminPort) {

    /** Where Faces serves styles, scripts and fonts. */
    static final String RESOURCES = "/jakarta.faces.resource/";

    /** The path by which the request is dispatched. */
    static String of(HttpServletRequest request) {
        String inner = request.getPathInfo();
        return inner == null ? request.getServletPath() : request.getServletPath() + inner;
    }

    /** Whether something may answer at this path on this port. */
    boolean answer(String path, int port) {
        if (path.startsWith(RESOURCES)) {
            // PrimeFaces streams content by expression from this resource; no page of ours does
            return !path.contains("dynamiccontent");
        }
        if (path.endsWith(".xhtml") || path.startsWith("/resources/")) {
            return false;
        }
        boolean operators = isIn(path, "/admin") || isIn(path, "/metrics") || isIn(path, "/openapi");
        return port == adminPort ? operators || isIn(path, "/health") : !operators;
    }

    private static boolean isIn(String path, String folder) {
        return path.startsWith(folder) && (path.length() == folder.length() || path.charAt(folder.length()) == '/');
    }
}
