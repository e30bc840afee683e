package com.smashcost.server.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * The directory that holds everything an instance keeps ({@code .smashcost/}); one launcher at a time owns it.
 *
 * @param root absolute, mode 0700
 */
record Home(Path root, FileLock lock) {

    /** Creates what is missing and takes the directory over, or says who has it. */
    static Home open(Path directory) {
        Path root = directory.toAbsolutePath().normalize();
        try {
            createPrivate(root);
            for (String part : new String[] {"run", "logs", "spool", "tmp"}) {
                createPrivate(root.resolve(part));
            }
            return new Home(root, lock(root));
        } catch (FileSystemException e) {
            throw new StartFailure("cannot use " + root + " as home: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FileLock lock(Path root) throws IOException {
        Path pidFile = root.resolve("run/launcher.pid");
        FileChannel channel = FileChannel.open(
                root.resolve("run/launcher.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            String pid = Files.exists(pidFile) ? Files.readString(pidFile).strip() : "unknown";
            throw new StartFailure("already running: process " + pid + " owns " + root + "; stop it, or set "
                    + Settings.HOME + " to another directory");
        }
        Files.writeString(pidFile, ProcessHandle.current().pid() + System.lineSeparator());
        return lock;
    }

    Path secrets() {
        return root.resolve("secrets.properties");
    }

    Path demo() {
        return root.resolve("demo.properties");
    }

    Path run() {
        return root.resolve("run");
    }

    Path logs() {
        return root.resolve("logs");
    }

    Path log(String name) {
        return logs().resolve(name + ".log");
    }

    Path temporary() {
        return root.resolve("tmp");
    }

    Path database() {
        return root.resolve("db");
    }

    Path payara() {
        return root.resolve("payara");
    }

    Path domain() {
        return root.resolve("domain");
    }

    /** Lets the next launcher in. */
    void release() {
        try {
            Files.deleteIfExists(root.resolve("run/launcher.pid"));
            // releases the lock with it
            lock.acquiredBy().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void createPrivate(Path directory) throws IOException {
        Files.createDirectories(directory);
        if (posix(directory)) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        }
    }

    /** Writes a file that only its owner can read, in one step: a reader sees the old text or the new, never half. */
    static void writePrivate(Path file, String text) {
        try {
            Path directory = file.toAbsolutePath().getParent();
            FileAttribute<?>[] attributes = posix(file)
                    ? new FileAttribute<?>[] {
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                    }
                    : new FileAttribute<?>[0];
            Path draft = Files.createTempFile(directory, file.getFileName() + ".", ".new", attributes);
            Files.writeString(draft, text);
            Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes a file or a directory with all that is in it; nothing is followed, nothing missing is an error. */
    static void delete(Path path) {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean posix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
