package com.smashcost.ledger.entity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

/**
 * The digest of one organisation's rows of one UTC day, chained to the record before it; {@code docs/statement.md} defines every
 * byte. Hashes and signature are in lower-case hexadecimal.
 *
 * @param organizationId 0 for audit records of the installation itself
 * @param sequence from 1, without gaps
 * @param supplement 0 for the day itself; from 1 on for rows that came after its digest
 * @param recordedBefore covers the day's rows that were recorded until then and that no earlier record of the day covers
 */
public record ChainRecord(
        Trail trail,
        long organizationId,
        int sequence,
        LocalDate day,
        int supplement,
        long rowCount,
        Instant recordedBefore,
        String rowsSha256,
        String previousHead,
        String head,
        String signature) {

    /** What the first record has as its previous head. */
    public static final String NO_HEAD = "0".repeat(64);

    private static final DateTimeFormatter MICROSECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    /** This record with the head that belongs to it, not yet signed. */
    public ChainRecord headed() {
        return with(computedHead(), signature);
    }

    /** This record with the signature of its head. */
    public ChainRecord signed(String signature) {
        return with(head, signature);
    }

    private ChainRecord with(String head, String signature) {
        return new ChainRecord(
                trail,
                organizationId,
                sequence,
                day,
                supplement,
                rowCount,
                recordedBefore,
                rowsSha256,
                previousHead,
                head,
                signature);
    }

    /** The head as it follows from the other fields. */
    public String computedHead() {
        String text = String.join(
                "\t",
                "smashcost-chain-v1",
                trail.name(),
                Long.toString(organizationId),
                Integer.toString(sequence),
                day.toString(),
                Integer.toString(supplement),
                Long.toString(rowCount),
                time(recordedBefore),
                rowsSha256,
                previousHead);
        return HexFormat.of().formatHex(sha256().digest((text + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    /** What is signed of this record: one line with its head. */
    public byte[] signedText() {
        return ("smashcost-head-v1\t" + head + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** An instant as all canonical forms write it: UTC, with six decimals. */
    public static String time(Instant instant) {
        return MICROSECONDS.format(instant);
    }

    /** The digest that all records are made with. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
