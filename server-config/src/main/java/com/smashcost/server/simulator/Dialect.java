package com.smashcost.server.simulator;

import java.io.IOException;

/** One provider's interface, or a part of one; each speaks for the paths it knows. */
interface Dialect {

    boolean speaks(String method, String path);

    /** Answers the call; throws when the client is gone. */
    void answer(Call call) throws IOException, InterruptedException;
}
