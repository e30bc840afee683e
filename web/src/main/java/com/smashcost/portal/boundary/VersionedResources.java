package com.smashcost.portal.boundary;

import jakarta.faces.application.Resource;
import jakarta.faces.application.ResourceHandler;
import jakarta.faces.application.ResourceHandlerWrapper;
import jakarta.faces.application.ResourceWrapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts a digest of their content into the addresses of our styles, scripts and fonts, so that browsers keep them for a year and
 * still never show an old one.
 */
public class VersionedResources extends ResourceHandlerWrapper {

    private static final String LIBRARY = "smashcost";

    private final Map<String, String> versions = new ConcurrentHashMap<>();

    public VersionedResources(ResourceHandler wrapped) {
        super(wrapped);
    }

    @Override
    public @Nullable Resource createResource(String name, String library) {
        Resource resource = super.createResource(name, library);
        return resource != null && LIBRARY.equals(library) ? new Versioned(resource) : resource;
    }

    private String version(Resource resource) {
        return versions.computeIfAbsent(resource.getResourceName(), name -> {
            try (InputStream content = resource.getInputStream()) {
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                new DigestInputStream(content, digest).transferTo(java.io.OutputStream.nullOutputStream());
                return HexFormat.of().formatHex(digest.digest(), 0, 6);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-256", e);
            }
        });
    }

    private final class Versioned extends ResourceWrapper {

        Versioned(Resource wrapped) {
            super(wrapped);
        }

        @Override
        public String getRequestPath() {
            return super.getRequestPath() + "&v=" + version(getWrapped());
        }
    }
}
