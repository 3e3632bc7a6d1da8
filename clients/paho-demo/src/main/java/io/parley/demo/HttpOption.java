package io.parley.demo;

import java.net.URI;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * What {@code --http} says: where HTTP is served, or how much goes by it.
 *
 * @param at {@code http://host:port}
 * @param share of the clients, 0 to 1; 0 where an address is said
 */
record HttpOption(Optional<URI> at, double share) {

    /** Tells the two apart. */
    static final class Converter implements ITypeConverter<HttpOption> {
        @Override
        public HttpOption convert(String value) {
            if (value.startsWith("http://") || value.startsWith("https://")) {
                return new HttpOption(Optional.of(URI.create(value)), 0);
            }
            double share = share(value);
            if (!(share >= 0 && share <= 1)) {
                throw new TypeConversionException(
                        "'" + value + "' is neither an address (http://…) nor a share from 0 to 1");
            }
            return new HttpOption(Optional.empty(), share);
        }

        private static double share(String value) {
            try {
                return Double.parseDouble(value);
            } catch (NumberFormatException e) {
                return Double.NaN;
            }
        }
    }
}
