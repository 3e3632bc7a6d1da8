package io.parley.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.UnknownFieldSet;
import io.parley.protocol.wire.Request;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LegibleTextTest {
    private static final FieldDescriptor REQUEST_ID =
            Request.getDescriptor().findFieldByNumber(Request.REQUEST_ID_FIELD_NUMBER);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"requestId\":\"r1\",\"createGroup\":5}",
                "{\"leave\":{\"conversation\":[{}]},\"request_id\":\"r1\"}",
                "{\"requestId\":\"r1\",\"leave\":{},\"block\":{}}"
            })
    void the_id_of_an_object_is_found_whatever_else_is_wrong_with_it(String json) {
        assertThat(json(json)).hasValue("r1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "[\"requestId\"]",
                "{\"requestId\":\"r1\",\"leave\":",
                "{\"requestId\":\"r1\"} {}",
                "{\"requestId\":1}",
                "{\"requestId\":\"\"}",
                "{\"leave\":{\"requestId\":\"r1\"}}"
            })
    void what_is_no_object_or_has_no_id_has_none(String json) {
        assertThat(json(json)).isEmpty();
    }

    @Test
    void the_id_of_a_protobuf_message_is_found_beside_a_field_that_is_none() {
        byte[] payload = UnknownFieldSet.newBuilder()
                .addField(Request.REQUEST_ID_FIELD_NUMBER, bytes("r1"))
                .addField(Request.LEAVE_FIELD_NUMBER, bytes("\7no message"))
                .build()
                .toByteArray();

        assertThat(LegibleText.find(payload, WireFormat.PROTO, REQUEST_ID)).hasValue("r1");
        assertThat(LegibleText.find(new byte[] {-1}, WireFormat.PROTO, REQUEST_ID))
                .isEmpty();
    }

    private static Optional<String> json(String payload) {
        return LegibleText.find(payload.getBytes(StandardCharsets.UTF_8), WireFormat.JSON, REQUEST_ID);
    }

    private static UnknownFieldSet.Field bytes(String content) {
        return UnknownFieldSet.Field.newBuilder()
                .addLengthDelimited(ByteString.copyFromUtf8(content))
                .build();
    }
}
