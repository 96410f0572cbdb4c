package org.tokenbroker.provider.http;

import io.quarkus.oidc.client.OidcClientConfigBuilder;
import io.quarkus.oidc.client.runtime.OidcClientConfig;
import io.quarkus.oidc.common.runtime.config.OidcClientCommonConfig.Credentials.Secret.Method;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.token.Secret;

/**
 * One of our clients as OIDC Client wants it: absolute endpoints, no discovery, no redirect, one
 * client authentication.
 */
final class OidcClientSettings {
  /**
   * OIDC Client repeats requests by itself and knows no smaller number; {@link ExchangeFilter}
   * never lets it come to that.
   */
  private static final int FEWEST_REPETITIONS = 1;

  private OidcClientSettings() {}

  /**
   * @param purpose what the client is for
   * @param tls name of a TLS configuration; absent: the platform's trusted authorities
   * @return absent where a secret that the authentication needs is missing
   */
  static Optional<OidcClientConfig> of(
      ProviderClient client, Purpose purpose, Optional<String> tls, Duration connectTimeout) {
    Optional<URI> endpoint = purpose.endpoint(client.site());
    if (endpoint.isEmpty()) {
      return Optional.empty();
    }
    OidcClientConfigBuilder builder =
        new OidcClientConfigBuilder()
            .id(client.registration().id() + "/" + purpose)
            .discoveryEnabled(false)
            .tokenPath(endpoint.get().toString())
            .grant(purpose.grant())
            .followRedirects(false)
            .connectionRetryCount(FEWEST_REPETITIONS)
            .connectionTimeout(connectTimeout)
            .maxPoolSize(client.profile().limits().concurrency());
    purpose.revocationEndpoint(client.site()).map(URI::toString).ifPresent(builder::revokePath);
    tls.ifPresent(builder::tlsConfigurationName);
    return authenticated(builder, client).map(OidcClientConfigBuilder::build);
  }

  private static Optional<OidcClientConfigBuilder> authenticated(
      OidcClientConfigBuilder builder, ProviderClient client) {
    Secret id = client.secrets().clientId();
    Optional<Secret> secret = client.secrets().clientSecret();
    return switch (client.registration().authentication()) {
      case CLIENT_SECRET_BASIC ->
          secret.map(
              value -> builder.clientId(basic(id, client)).credentials(basic(value, client)));
      case CLIENT_SECRET_POST ->
          secret.map(
              value ->
                  builder
                      .clientId(id.reveal())
                      .credentials()
                      .clientSecret(value.reveal(), Method.POST)
                      .end());
      // The assertion is a parameter of each request; like a public client it names itself in the
      // body.
      case PRIVATE_KEY_JWT, CLIENT_SECRET_JWT, TLS_CLIENT_AUTH, NONE ->
          Optional.of(builder.clientId(id.reveal()));
    };
  }

  /**
   * RFC 6749 §2.3.1: id and secret are form-encoded before they are joined and encoded as base64
   * (C2); not for a provider that decodes nothing.
   */
  private static String basic(Secret value, ProviderClient client) {
    return client.profile().token().basicUrlencode()
        ? URLEncoder.encode(value.reveal(), StandardCharsets.UTF_8)
        : value.reveal();
  }
}
