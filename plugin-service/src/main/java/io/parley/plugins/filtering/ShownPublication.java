package io.parley.plugins.filtering;

import io.parley.plugin.Publication;
import io.parley.plugin.Publication.Kind;
import io.parley.protocol.Publications;
import io.parley.protocol.plugin.FilterQuestion;
import io.parley.protocol.wire.Property;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A publication as plugins see it. */
final class ShownPublication {
    private ShownPublication() {}

    static Publication of(FilterQuestion question) {
        io.parley.protocol.wire.Publication publication = question.getPublication();
        Map<String, String> properties = new LinkedHashMap<>();
        for (Property property : publication.getPropertiesList()) {
            properties.put(property.getName(), property.getValue());
        }
        return new Publication(
                question.getConversation(),
                question.getUser(),
                question.getDevice(),
                publication.getId(),
                kind(publication),
                text(publication),
                publication.getContentType(),
                Collections.unmodifiableMap(properties));
    }

    private static Kind kind(io.parley.protocol.wire.Publication publication) {
        return switch (publication.getBodyCase()) {
            case EDIT -> Kind.EDIT;
            case DELETE -> Kind.DELETION;
            case REACT -> Kind.REACTION;
            case TEXT, DATA, BODY_NOT_SET -> Kind.MESSAGE;
        };
    }

    private static Optional<String> text(io.parley.protocol.wire.Publication publication) {
        return switch (publication.getBodyCase()) {
            case TEXT -> Optional.of(publication.getText());
            case EDIT -> Optional.of(publication.getEdit().getText());
            case DATA, DELETE, REACT, BODY_NOT_SET -> Optional.empty();
        };
    }

    /** With another text; empty where there can be none, or not this one. */
    static Optional<io.parley.protocol.wire.Publication> withText(
            io.parley.protocol.wire.Publication publication, @Nullable String text) {
        if (text == null
                || text.isEmpty()
                || text.getBytes(StandardCharsets.UTF_8).length > Publications.MAX_BODY_BYTES) {
            return Optional.empty();
        }
        io.parley.protocol.wire.Publication.Builder changed = publication.toBuilder();
        return switch (publication.getBodyCase()) {
            case TEXT -> Optional.of(changed.setText(text).build());
            case EDIT -> {
                changed.getEditBuilder().setText(text);
                yield Optional.of(changed.build());
            }
            case DATA, DELETE, REACT, BODY_NOT_SET -> Optional.empty();
        };
    }
}
