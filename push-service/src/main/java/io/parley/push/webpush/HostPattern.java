package io.parley.push.webpush;

import java.util.Locale;

/**
 * Which hosts a setting names: one, all below one ({@code *.example.org}), or all ({@code *}).
 *
 * @param pattern in lower case
 */
record HostPattern(String pattern) {
    HostPattern {
        pattern = pattern.toLowerCase(Locale.ROOT);
    }

    boolean matches(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return pattern.equals("*")
                || (pattern.startsWith("*.") ? name.endsWith(pattern.substring(1)) : name.equals(pattern));
    }
}
