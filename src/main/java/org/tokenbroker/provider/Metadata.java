package org.tokenbroker.provider;

import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an issuer says about itself (RFC 8414 §2, OpenID Connect Discovery §3), as far as we use it.
 *
 * @param issInResponses whether authorization responses carry {@code iss} (RFC 9207 §3)
 */
public record Metadata(
    Optional<URI> authorize,
    Optional<URI> token,
    Optional<URI> revoke,
    Optional<URI> introspect,
    boolean issInResponses) {

  /** Host and port of each endpoint. */
  Set<String> authorities() {
    return Stream.of(authorize, token, revoke, introspect)
        .flatMap(Optional::stream)
        .map(URI::getAuthority)
        .collect(Collectors.toUnmodifiableSet());
  }
}
