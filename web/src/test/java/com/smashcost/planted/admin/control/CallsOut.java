package com.smashcost.planted.admin.control;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.http.HttpClient;

/** Calls other machines past the one place that may. */
public class CallsOut {

    /** In the new way. */
    public HttpClient client() {
        return HttpClient.newHttpClient();
    }

    /** In the old way. */
    public InputStream read(URL url) throws IOException {
        return url.openStream();
    }
}
