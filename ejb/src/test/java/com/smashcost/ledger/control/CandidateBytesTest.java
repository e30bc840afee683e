package com.smashcost.ledger.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.smashcost.ledger.entity.LedgerEntry.Weighed.Candidate;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CandidateBytesTest {

    @Test
    void take_two_bytes_for_a_low_id_and_three_for_a_higher_one() {
        assertThat(CandidateBytes.write(List.of(new Candidate(127, 1), new Candidate(128, 255))))
                .containsExactly(127, 1, 0x80, 1, 255);
    }

    @Test
    void keep_as_many_of_the_first_as_a_column_holds() {
        List<Candidate> many = IntStream.range(0, 3000)
                .mapToObj(id -> new Candidate(id, id % 24))
                .toList();

        byte[] bytes = CandidateBytes.write(many);

        assertThat(bytes).hasSizeBetween(CandidateBytes.MOST - 11, CandidateBytes.MOST);
        List<Candidate> kept = CandidateBytes.read(bytes);
        assertThat(kept).isEqualTo(many.subList(0, kept.size())).hasSizeGreaterThan(1300);
    }

    @Test
    void are_refused_where_they_were_cut() {
        assertThatIllegalArgumentException().isThrownBy(() -> CandidateBytes.read(new byte[] {5}));
        assertThatIllegalArgumentException().isThrownBy(() -> CandidateBytes.read(new byte[] {5, 0, (byte) 0x85}));
        assertThatIllegalArgumentException().isThrownBy(() -> CandidateBytes.read(new byte[] {(byte) 0x85, 1}));
    }
}
