package com.smashcost.server.launcher;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The generated secrets of one home: made at the first start, kept in a file of mode 0600, the same ever after. */
final class Secrets {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final char[] BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".toCharArray();
    private static final String[] WORDS = """
            amber anchor apple arrow autumn badge bamboo beacon birch breeze brick bridge cabin candle canyon cedar
            cherry cloud clover cobalt comet copper coral cotton crane creek dahlia daisy delta desert drift eagle
            ember falcon fern field flint forest fossil frost garden ginger glacier granite harbor hazel heron hill
            honey island ivory jade jasmine juniper lagoon lake lantern larch lemon lilac linen lotus lunar maple
            marble meadow mint mosaic moss nectar north oasis ocean olive onyx opal orange orchid otter paper pebble
            pepper pine plum polar poppy prairie quartz quill raven reef ridge river robin rocket saffron sage sail
            sand scarlet shell sierra silver sketch slate solar spruce stone summit sunset teal thistle tidal timber
            topaz tulip tundra valley velvet violet walnut water willow winter wolf yarrow zenith""".split("\\s+");

    private final Path file;
    private final Properties values = new Properties();

    Secrets(Path file) {
        this.file = file;
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                values.load(reader);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The kept value of that name, or a new one, kept from now on. */
    String take(String name, Supplier<String> generator) {
        String kept = values.getProperty(name);
        if (kept != null) {
            return kept;
        }
        String made = generator.get();
        values.setProperty(name, made);
        save();
        return made;
    }

    private void save() {
        StringBuilder text =
                new StringBuilder("# generated; losing this file loses what is encrypted in the database\n");
        new TreeMap<>(values)
                .forEach((name, value) ->
                        text.append(name).append('=').append(value).append('\n'));
        Home.writePrivate(file, text.toString());
    }

    static String masterKeys() {
        return "k1:" + Base64.getEncoder().encodeToString(bytes(32));
    }

    static String token() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(32));
    }

    static String totpKey() {
        StringBuilder text = new StringBuilder();
        for (byte each : bytes(32)) {
            text.append(BASE32[each & 31]);
        }
        return text.toString();
    }

    /** Four words and a number: 39 bits, for a person to type into a demonstration that only this machine can reach. */
    static String readablePassword() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            text.append(WORDS[RANDOM.nextInt(WORDS.length)]).append('-');
        }
        return text.append(RANDOM.nextInt(1000, 10_000)).toString();
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
