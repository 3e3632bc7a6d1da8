package io.parley.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.storage.MessageRows.Sized;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BoundedRowsTest {
    private static final List<Sized> SIZES = List.of(new Sized(1, 400), new Sized(2, 500), new Sized(3, 200));

    @Test
    void as_many_are_read_as_fit() {
        assertThat(BoundedRows.fitting(SIZES, 1100, true)).isEqualTo(3);
        assertThat(BoundedRows.fitting(SIZES, 1099, true)).isEqualTo(2);
        assertThat(BoundedRows.fitting(SIZES, 899, false)).isEqualTo(1);
        assertThat(BoundedRows.fitting(List.of(), 1000, true)).isZero();
    }

    @Test
    void one_is_read_however_large_it_is_if_it_is_the_first() {
        assertThat(BoundedRows.fitting(SIZES, 399, true)).isEqualTo(1);
        assertThat(BoundedRows.fitting(SIZES, 399, false)).isZero();
        assertThat(BoundedRows.fitting(SIZES, -1, false)).isZero();
    }
}
