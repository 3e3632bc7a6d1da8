package io.parley.runtime;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Log lines as JSON objects, one a line: {@code at} (RFC 3339), {@code level}, {@code logger}, {@code thread}, {@code message}, {@code exception} if there is one, and
 * a field for each {@code name={}} of the message's template, such as {@code device}, {@code conversation} and {@code seq}.
 */
public final class JsonLines extends EncoderBase<ILoggingEvent> {
    private static final Pattern PLACE = Pattern.compile("(?:(\\w+)=)?\\{}");
    private static final byte[] NOTHING = {};

    @Override
    public byte @Nullable [] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte @Nullable [] footerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        Map<String, Object> line = new TreeMap<>();
        fields(event, line);
        line.put("at", event.getInstant().toString());
        line.put("level", event.getLevel().toString());
        line.put("logger", event.getLoggerName());
        line.put("thread", event.getThreadName());
        line.put("message", String.valueOf(event.getFormattedMessage()));
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            line.put("exception", ThrowableProxyUtil.asString(thrown));
        }
        String json = ConfigValueFactory.fromMap(line).render(ConfigRenderOptions.concise());
        return (json + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void fields(ILoggingEvent event, Map<String, Object> line) {
        Object[] arguments = event.getArgumentArray();
        if (arguments == null || event.getMessage() == null) {
            return;
        }
        Matcher place = PLACE.matcher(event.getMessage());
        for (int i = 0; i < arguments.length && place.find(); i++) {
            if (place.group(1) != null) {
                line.put(place.group(1), arguments[i] instanceof Number number ? number : String.valueOf(arguments[i]));
            }
        }
    }
}
