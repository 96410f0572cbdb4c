package org.tokenbroker.provider;

import java.util.Map;
import java.util.Optional;

/**
 * What one registration fills into its profile. Holds no secret.
 *
 * @param variables parts of the profile's URLs, by name; where it gives none, the profile's default
 *     stands
 * @param tokenParameters values for some of {@code token.registration_parameters}
 * @param authorizeParameters values for some of {@code authorize.registration_parameters}
 * @param tlsConfiguration name of the TLS configuration ({@code quarkus.tls.<name>}) whose
 *     certificate is shown to the provider; required for {@code tls_client_auth} (RFC 8705)
 */
public record Particulars(
    Map<String, String> variables,
    Map<String, String> tokenParameters,
    Map<String, String> authorizeParameters,
    Optional<String> tlsConfiguration) {
  public static final Particulars NONE =
      new Particulars(Map.of(), Map.of(), Map.of(), Optional.empty());
}
