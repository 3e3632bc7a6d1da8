package io.parley.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.SequencedEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PageRequestTest {
    private static final int MEGABYTE = 1024 * 1024;

    @Test
    void small_messages_are_all_on_the_page() {
        assertThat(seqs(new PageRequest.Newest(), messages(200, 5000))).hasSize(200);
    }

    @Test
    void a_page_of_large_messages_ends_at_a_megabyte_next_to_where_it_lies() {
        List<StoredMessage> found = messages(10, MEGABYTE / 4);

        assertThat(seqs(new PageRequest.Newest(), found)).containsExactly(7, 8, 9, 10);
        assertThat(seqs(new PageRequest.Before(11), found)).containsExactly(7, 8, 9, 10);
        assertThat(seqs(new PageRequest.After(0), found)).containsExactly(1, 2, 3, 4);
        assertThat(seqs(new PageRequest.At(Instant.EPOCH), found)).containsExactly(1, 2, 3, 4);
    }

    @Test
    void a_page_has_one_message_however_large() {
        assertThat(seqs(new PageRequest.Newest(), messages(3, 2 * MEGABYTE))).containsExactly(3);
        assertThat(seqs(new PageRequest.After(0), messages(3, 2 * MEGABYTE))).containsExactly(1);
    }

    private static List<Integer> seqs(PageRequest.Start start, List<StoredMessage> found) {
        return new PageRequest(start, PageRequest.MAX_LIMIT)
                .fitting(found).stream().map(message -> message.event().seq()).toList();
    }

    private static List<StoredMessage> messages(int count, int bytes) {
        List<StoredMessage> messages = new ArrayList<>();
        for (int seq = 1; seq <= count; seq++) {
            messages.add(new StoredMessage(new SequencedEvent(seq, new byte[bytes]), null, 0));
        }
        return messages;
    }
}
