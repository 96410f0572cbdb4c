package org.tokenbroker.story;

import java.time.Duration;
import org.tokenbroker.fixture.StrictProvider;
import org.tokenbroker.sandbox.KeyMaterial;
import org.tokenbroker.sandbox.StrictAuthorizationServer;
import org.tokenbroker.sandbox.StrictOptions;

/**
 * A strict authorization server over HTTPS of the stories, and the profile by which the broker
 * knows it.
 */
final class Provider implements AutoCloseable {
  private final String id;
  private final String name;
  private final StrictProvider strict;

  private Provider(String id, String name, StrictProvider strict) {
    this.id = id;
    this.name = name;
    this.strict = strict;
  }

  static Provider open(String id, String name, Duration tokenLife, KeyMaterial certificate) {
    StrictProvider strict =
        StrictProvider.start(
            StrictOptions.strict()
                .tokenLife(tokenLife)
                .assertionAudience(StrictOptions.Audience.ISSUER)
                .marker("canary-" + id + "-")
                .tls(certificate));
    return new Provider(id, name, strict);
  }

  /** Its name in the catalogue. */
  String id() {
    return id;
  }

  /** What owners read. */
  String name() {
    return name;
  }

  StrictAuthorizationServer server() {
    return strict.server();
  }

  @Override
  public void close() {
    strict.close();
  }

  /** As a file of the catalogue. */
  String profile() {
    return """
    id: %s
    name: %s
    issuer: %s
    endpoints:
      authorize: %s
      token: %s
      revoke: %s
    grants: [authorization_code, client_credentials]
    client_authentication: [client_secret_basic, client_secret_post, private_key_jwt]
    authorize:
      require_iss: true
      required_scopes: [offline_access]
    token:
      require_refresh_token: true
    refresh:
      rotation: strict
    limits:
      requests_per_second: 50
    """
        .formatted(
            id,
            name,
            server().issuer(),
            server().authorizationEndpoint(),
            server().tokenEndpoint(),
            server().revocationEndpoint());
  }
}
