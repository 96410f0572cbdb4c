package org.tokenbroker.provider;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What one registration fills into its profile. Holds no secret.
 *
 * @param variables parts of the profile's URLs, by name; where it gives none, the profile's default
 *     stands
 * @param tokenParameters values for some of {@code token.registration_parameters}
 * @param authorizeParameters values for some of {@code authorize.registration_parameters}
 * @param tlsConfiguration name of the TLS configuration ({@code quarkus.tls.<name>}) whose
 *     certificate is shown to the provider; required for {@code tls_client_auth} (RFC 8705)
 * @param grants what connections may be made under it (IV-2); empty: whatever the profile offers
 */
public record Particulars(
    Map<String, String> variables,
    Map<String, String> tokenParameters,
    Map<String, String> authorizeParameters,
    Optional<String> tlsConfiguration,
    Set<GrantType> grants) {
  /** Open to whatever its profile offers. */
  public Particulars(
      Map<String, String> variables,
      Map<String, String> tokenParameters,
      Map<String, String> authorizeParameters,
      Optional<String> tlsConfiguration) {
    this(variables, tokenParameters, authorizeParameters, tlsConfiguration, Set.of());
  }

  /** Whether a connection of this grant may be made, as far as the registration says. */
  public boolean allows(GrantType grant) {
    return grants.isEmpty() || grants.contains(grant);
  }

  /** Of a profile that leaves nothing to its registrations. */
  public static final Particulars NONE =
      new Particulars(Map.of(), Map.of(), Map.of(), Optional.empty());

  /** Those that the profile still asks for. */
  public Map<String, String> tokenParameters(Profile profile) {
    return some(tokenParameters, profile.token().registrationParameters());
  }

  /** Those that the profile still asks for. */
  public Map<String, String> authorizeParameters(Profile profile) {
    return some(authorizeParameters, profile.authorize().registrationParameters());
  }

  private static Map<String, String> some(Map<String, String> given, Set<String> wanted) {
    Map<String, String> some = new TreeMap<>(given);
    some.keySet().retainAll(wanted);
    return Collections.unmodifiableMap(some);
  }
}
