package com.smashcost.server.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * An unpacked Payara Server, only ever read: the domain lives elsewhere.
 *
 * @param root the directory that holds {@code glassfish/}
 */
record PayaraServer(Path root) {

    private static final String MARKER = "unpacked-from";

    static boolean isUnpacked(Path zip, Path target) throws IOException {
        Path marker = target.resolve(MARKER);
        return Files.exists(marker) && Files.readString(marker).equals(identity(zip));
    }

    static PayaraServer unpack(Path zip, Path target) throws IOException {
        Path draft = target.resolveSibling(target.getFileName() + ".unpacking");
        Home.delete(draft);
        Home.delete(target);
        try (ZipFile file = new ZipFile(zip.toFile())) {
            for (Enumeration<? extends ZipEntry> entries = file.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                Path relative = Path.of(entry.getName());
                // the distribution wraps everything in one directory that carries the major version
                if (relative.getNameCount() < 2 || entry.isDirectory()) {
                    continue;
                }
                Path path = draft.resolve(relative.subpath(1, relative.getNameCount()))
                        .normalize();
                if (!path.startsWith(draft)) {
                    throw new IOException("entry outside of its directory: " + entry.getName());
                }
                Files.createDirectories(path.getParent());
                try (InputStream in = file.getInputStream(entry)) {
                    Files.copy(in, path);
                }
            }
        }
        Files.writeString(draft.resolve(MARKER), identity(zip));
        Files.move(draft, target);
        return new PayaraServer(target);
    }

    private static String identity(Path zip) throws IOException {
        return zip.getFileName() + " " + Files.size(zip) + "\n";
    }

    Path glassfish() {
        return root.resolve("glassfish");
    }

    Path domainTemplate() {
        return glassfish().resolve("domains/domain1");
    }
}
