package org.tokenbroker.provider.http;

import io.quarkus.oidc.client.runtime.OidcClientConfig.Grant;
import java.net.URI;
import java.util.Optional;
import org.tokenbroker.provider.Site;
import org.tokenbroker.provider.TokenRequest;

/** What a client of OIDC Client is made for: it calls one endpoint for one grant. */
enum Purpose {
  CODE(Grant.Type.CODE),
  CREDENTIALS(Grant.Type.CLIENT),
  REFRESH(Grant.Type.REFRESH),
  /** Revokes; its grant is not asked for. */
  REVOCATION(Grant.Type.REFRESH),
  /** Introspects; OIDC Client makes the request as one for revocation, which has the same form. */
  INTROSPECTION(Grant.Type.REFRESH);

  private final Grant.Type grant;

  Purpose(Grant.Type grant) {
    this.grant = grant;
  }

  static Purpose of(TokenRequest request) {
    return switch (request) {
      case TokenRequest.AuthorizationCode code -> CODE;
      case TokenRequest.RefreshToken refresh -> REFRESH;
      case TokenRequest.ClientCredentials credentials -> CREDENTIALS;
    };
  }

  Grant.Type grant() {
    return grant;
  }

  /** What OIDC Client is told as revocation endpoint. */
  Optional<URI> revocationEndpoint(Site site) {
    return switch (this) {
      case CODE, CREDENTIALS, REFRESH, REVOCATION -> site.revoke();
      case INTROSPECTION -> site.introspect();
    };
  }

  /** What OIDC Client is told as token endpoint; it wants one for revocation too. */
  Optional<URI> endpoint(Site site) {
    return switch (this) {
      case CODE, CREDENTIALS -> site.token();
      case REFRESH -> site.refresh();
      case REVOCATION -> site.revoke();
      case INTROSPECTION -> site.introspect();
    };
  }
}
