package org.tokenbroker.provider.http;

import io.quarkus.oidc.client.OidcClientConfigBuilder;
import io.quarkus.oidc.client.runtime.OidcClientConfig;
import io.quarkus.oidc.client.runtime.OidcClientConfig.Grant;
import io.quarkus.oidc.common.runtime.config.OidcClientCommonConfig.Credentials.Secret.Method;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.tokenbroker.provider.GrantType;
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
   * @param tls name of a TLS configuration; absent: the platform's trusted authorities
   * @return absent where a secret that the authentication needs is missing
   */
  static Optional<OidcClientConfig> of(
      ProviderClient client, GrantType grant, Optional<String> tls, Duration connectTimeout) {
    Optional<URI> token = client.site().token();
    if (token.isEmpty()) {
      return Optional.empty();
    }
    OidcClientConfigBuilder builder =
        new OidcClientConfigBuilder()
            .id(client.registration().id() + "/" + grant.parameter())
            .discoveryEnabled(false)
            .tokenPath(token.get().toString())
            .grant(type(grant))
            .followRedirects(false)
            .connectionRetryCount(FEWEST_REPETITIONS)
            .connectionTimeout(connectTimeout)
            .maxPoolSize(client.profile().limits().concurrency());
    client.site().revoke().map(URI::toString).ifPresent(builder::revokePath);
    tls.ifPresent(builder::tlsConfigurationName);
    return authenticated(builder, client).map(OidcClientConfigBuilder::build);
  }

  private static Optional<OidcClientConfigBuilder> authenticated(
      OidcClientConfigBuilder builder, ProviderClient client) {
    Secret id = client.secrets().clientId();
    Optional<Secret> secret = client.secrets().clientSecret();
    return switch (client.registration().authentication()) {
      case CLIENT_SECRET_BASIC ->
          secret.map(value -> builder.clientId(formEncoded(id)).credentials(formEncoded(value)));
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
   * (C2).
   */
  private static String formEncoded(Secret value) {
    return URLEncoder.encode(value.reveal(), StandardCharsets.UTF_8);
  }

  private static Grant.Type type(GrantType grant) {
    return switch (grant) {
      case AUTHORIZATION_CODE -> Grant.Type.CODE;
      case CLIENT_CREDENTIALS, API_KEY -> Grant.Type.CLIENT;
    };
  }
}
