package com.smashcost.planted.admin.control;

import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;

/** Does what strangers say. */
public class RunsPrograms {

    /** As a program. */
    public Process run(String program) throws IOException {
        return new ProcessBuilder(program).start();
    }

    /** As an object. */
    public Object read(InputStream in) throws IOException, ClassNotFoundException {
        return new ObjectInputStream(in).readObject();
    }
}
