package org.tokenbroker.provider.http;

import java.util.LinkedHashMap;
import java.util.Map;
import org.tokenbroker.provider.ErrorRule.RequestKind;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.TokenRequest;
import org.tokenbroker.token.Scopes;

/**
 * The form parameters of a token request beside {@code grant_type}, {@code refresh_token} and the
 * client's own. Pure. Holds secrets.
 */
final class TokenForm {
  private TokenForm() {}

  static Map<String, String> parameters(Profile profile, TokenRequest request) {
    Map<String, String> form = new LinkedHashMap<>(profile.token().parameters());
    switch (request) {
      case TokenRequest.AuthorizationCode code -> {
        form.put("code", code.code().reveal());
        code.redirectUri().ifPresent(uri -> form.put("redirect_uri", uri.toString()));
        code.codeVerifier().ifPresent(verifier -> form.put("code_verifier", verifier.reveal()));
      }
      case TokenRequest.RefreshToken refresh -> {
        if (profile.refresh().sendScope() != Profile.Refresh.SentScope.NONE) {
          putScope(form, refresh.scopes());
        }
      }
      case TokenRequest.ClientCredentials credentials -> putScope(form, credentials.scopes());
    }
    return form;
  }

  /** The grant that a client of OIDC Client must be made for; each of them can refresh. */
  static GrantType grant(TokenRequest request) {
    return switch (request) {
      case TokenRequest.AuthorizationCode code -> GrantType.AUTHORIZATION_CODE;
      case TokenRequest.RefreshToken refresh -> GrantType.AUTHORIZATION_CODE;
      case TokenRequest.ClientCredentials credentials -> GrantType.CLIENT_CREDENTIALS;
    };
  }

  /** What an error rule calls the request. */
  static RequestKind kind(TokenRequest request) {
    return switch (request) {
      case TokenRequest.AuthorizationCode code -> RequestKind.AUTHORIZATION_CODE;
      case TokenRequest.RefreshToken refresh -> RequestKind.REFRESH_TOKEN;
      case TokenRequest.ClientCredentials credentials -> RequestKind.CLIENT_CREDENTIALS;
    };
  }

  private static void putScope(Map<String, String> form, Scopes scopes) {
    if (!scopes.isEmpty()) {
      form.put("scope", scopes.toString());
    }
  }
}
