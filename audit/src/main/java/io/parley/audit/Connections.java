package io.parley.audit;

import java.util.List;

/**
 * What devices acknowledged, and how their connections ended.
 *
 * @param acknowledgements what was acknowledged, and when
 * @param cuts when connections ended
 * @param goodbyes which connections ended in order
 */
public record Connections(List<Acknowledgement> acknowledgements, List<Cut> cuts, List<Goodbye> goodbyes) {
    public Connections {
        acknowledgements = List.copyOf(acknowledgements);
        cuts = List.copyOf(cuts);
        goodbyes = List.copyOf(goodbyes);
    }
}
