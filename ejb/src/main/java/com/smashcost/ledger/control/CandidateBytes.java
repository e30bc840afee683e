package com.smashcost.ledger.control;

import com.smashcost.ledger.entity.LedgerEntry.Weighed.Candidate;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** The candidates of a decision in few bytes: of each the model's id, as an unsigned LEB128, and one byte for the verdict. */
final class CandidateBytes {

    /** What a column holds; a catalogue has to be about five times the shipped one to have more. */
    static final int MOST = 4096;

    private static final int LONGEST_ID = 10;

    private CandidateBytes() {}

    /** The candidates, or as many of the first as a column holds: a row is never refused for what did not serve. */
    static byte[] write(List<Candidate> candidates) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(candidates.size() * 3);
        for (Candidate candidate : candidates) {
            if (bytes.size() > MOST - LONGEST_ID - 1) {
                break;
            }
            long rest = candidate.modelId();
            while ((rest & ~0x7FL) != 0) {
                bytes.write((int) (rest & 0x7F) | 0x80);
                rest >>>= 7;
            }
            bytes.write((int) rest);
            bytes.write(candidate.verdict());
        }
        return bytes.toByteArray();
    }

    /**
     * @throws IllegalArgumentException if this is not what {@link #write} makes
     */
    static List<Candidate> read(byte[] bytes) {
        List<Candidate> candidates = new ArrayList<>(bytes.length / 2);
        int next = 0;
        while (next < bytes.length) {
            long id = 0;
            int shift = 0;
            while (next < bytes.length && (bytes[next] & 0x80) != 0 && shift < 63) {
                id |= (bytes[next++] & 0x7FL) << shift;
                shift += 7;
            }
            if (next + 2 > bytes.length) {
                throw new IllegalArgumentException("the candidates of a spooled entry were cut");
            }
            id |= (bytes[next++] & 0x7FL) << shift;
            candidates.add(new Candidate(id, bytes[next++] & 0xFF));
        }
        return candidates;
    }
}
