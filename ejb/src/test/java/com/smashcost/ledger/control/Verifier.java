package com.smashcost.ledger.control;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;

/** The program that customers verify statements with, compiled from its one file. */
record Verifier(Method method) {

    static Verifier compiled() {
        try {
            Path classes = Files.createTempDirectory("verifier");
            int failed = ToolProvider.getSystemJavaCompiler()
                    .run(
                            null,
                            null,
                            null,
                            "-d",
                            classes.toString(),
                            Path.of("..", "server-config", "VerifyStatement.java")
                                    .toString());
            if (failed != 0) {
                throw new IllegalStateException("the verifier does not compile");
            }
            URLClassLoader loader =
                    new URLClassLoader(new URL[] {classes.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
            return new Verifier(loader.loadClass("VerifyStatement").getMethod("verdict", byte[].class, String.class));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    String verdict(byte[] file, String pem) {
        try {
            return (String) method.invoke(null, file, pem);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
