package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class CompilersTest {
    @Test
    void a_small_machine_does_not_optimise_unless_asked() throws PlatformException {
        assertThat(Compilers.of(Map.of(), 2)).isEqualTo(Compilers.FIRST);
        assertThat(Compilers.of(Map.of(), 4)).isEqualTo(Compilers.BOTH);
        assertThat(Compilers.of(Map.of("PARLEY_COMPILERS", "both"), 2)).isEqualTo(Compilers.BOTH);
        assertThat(Compilers.of(Map.of("PARLEY_COMPILERS", "first"), 16)).isEqualTo(Compilers.FIRST);
    }

    @Test
    void another_word_is_refused_with_those_that_are_allowed() {
        assertThatThrownBy(() -> Compilers.of(Map.of("PARLEY_COMPILERS", "c2"), 2))
                .isInstanceOf(PlatformException.class)
                .hasMessage("PARLEY_COMPILERS is \"c2\": set it to first or both");
    }
}
