package org.tokenbroker.provider;

import java.net.URI;
import java.util.Locale;
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
    boolean issInResponses,
    Aliases aliases) {

  /**
   * Where clients that show a certificate find the same endpoints ({@code mtls_endpoint_aliases},
   * RFC 8705 §5).
   */
  public record Aliases(Optional<URI> token, Optional<URI> revoke, Optional<URI> introspect) {}

  /** As a client that shows a certificate takes it (C13). */
  public Metadata forMutualTls() {
    return new Metadata(
        authorize,
        aliases.token().or(() -> token),
        aliases.revoke().or(() -> revoke),
        aliases.introspect().or(() -> introspect),
        issInResponses,
        aliases);
  }

  /** Host of each endpoint in lower case, with the port where it is not that of its scheme. */
  Set<String> authorities() {
    return endpoints().map(Metadata::authority).collect(Collectors.toUnmodifiableSet());
  }

  private static String authority(URI endpoint) {
    String host = endpoint.getHost().toLowerCase(Locale.ROOT);
    int usual = "http".equalsIgnoreCase(endpoint.getScheme()) ? 80 : 443;
    int port = endpoint.getPort();
    return port < 0 || port == usual ? host : host + ":" + port;
  }

  /** Host of each endpoint. */
  Stream<String> hosts() {
    return endpoints().map(URI::getHost);
  }

  private Stream<URI> endpoints() {
    return Stream.of(
            authorize,
            token,
            revoke,
            introspect,
            aliases.token(),
            aliases.revoke(),
            aliases.introspect())
        .flatMap(Optional::stream);
  }
}
