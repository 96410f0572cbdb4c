package org.tokenbroker.provider;

import java.net.URI;
import java.util.Optional;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;

/**
 * What is asked of a token endpoint. Each grant carries its own secret in its own parameter (MO-8).
 */
public sealed interface TokenRequest {
  /**
   * RFC 6749 §4.1.3, RFC 7636 §4.5.
   *
   * @param redirectUri exactly the one that the authorization request sent; absent where the code
   *     was asked for without one (IV-4)
   */
  record AuthorizationCode(Secret code, Optional<URI> redirectUri, Optional<Secret> codeVerifier)
      implements TokenRequest {}

  /**
   * RFC 6749 §6.
   *
   * @param requested scopes that the owner was asked for
   * @param granted scopes in force now; of both, the profile says which are sent, if any
   * @param redirectUri the one that the grant was made with, where it is known; sent only where the
   *     profile says so
   */
  record RefreshToken(
      Secret refreshToken, Scopes requested, Scopes granted, Optional<URI> redirectUri)
      implements TokenRequest {}

  /** RFC 6749 §4.4.2. */
  record ClientCredentials(Scopes scopes) implements TokenRequest {}
}
