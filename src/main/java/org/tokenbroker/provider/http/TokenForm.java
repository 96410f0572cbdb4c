package org.tokenbroker.provider.http;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.tokenbroker.provider.ClientAuthenticationMethod;
import org.tokenbroker.provider.ErrorRule.RequestKind;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.Revocation;
import org.tokenbroker.provider.TokenRequest;
import org.tokenbroker.token.Scopes;

/**
 * The parameters of a token request beside {@code grant_type}, {@code refresh_token} and the
 * client's own, by their standard names. Pure. Holds secrets.
 */
final class TokenForm {
  private TokenForm() {}

  static Map<String, String> parameters(ProviderClient client, TokenRequest request) {
    Profile profile = client.profile();
    Map<String, String> form = new LinkedHashMap<>(profile.token().parameters());
    form.putAll(client.registration().particulars().tokenParameters(profile));
    putOwnName(form, client);
    switch (request) {
      case TokenRequest.AuthorizationCode code -> {
        form.put("code", code.code().reveal());
        code.redirectUri().ifPresent(uri -> form.put("redirect_uri", uri.toString()));
        code.codeVerifier().ifPresent(verifier -> form.put("code_verifier", verifier.reveal()));
      }
      case TokenRequest.RefreshToken refresh -> {
        form.putAll(profile.refresh().parameters());
        putScope(form, repeated(profile, refresh), profile);
        if (profile.refresh().sendRedirectUri()) {
          refresh.redirectUri().ifPresent(uri -> form.put("redirect_uri", uri.toString()));
        }
      }
      case TokenRequest.ClientCredentials credentials ->
          putScope(form, credentials.scopes(), profile);
    }
    return form;
  }

  /** Those of a revocation request beside {@code token}. */
  static Map<String, String> parameters(ProviderClient client, Revocation revocation) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("token_type_hint", revocation.kind().name().toLowerCase(Locale.ROOT));
    form.putAll(client.profile().revoke().parameters());
    putOwnName(form, client);
    return form;
  }

  /** What an error rule calls the request. */
  static RequestKind kind(TokenRequest request) {
    return switch (request) {
      case TokenRequest.AuthorizationCode code -> RequestKind.AUTHORIZATION_CODE;
      case TokenRequest.RefreshToken refresh -> RequestKind.REFRESH_TOKEN;
      case TokenRequest.ClientCredentials credentials -> RequestKind.CLIENT_CREDENTIALS;
    };
  }

  /** Every other method puts {@code client_id} into the body by itself. */
  private static void putOwnName(Map<String, String> form, ProviderClient client) {
    if (client.profile().token().basicClientId()
        && client.registration().authentication()
            == ClientAuthenticationMethod.CLIENT_SECRET_BASIC) {
      form.put("client_id", client.secrets().clientId().reveal());
    }
  }

  private static Scopes repeated(Profile profile, TokenRequest.RefreshToken refresh) {
    return switch (profile.refresh().sendScope()) {
      case NONE -> Scopes.none();
      case GRANTED -> refresh.granted();
      case REQUESTED -> refresh.requested();
    };
  }

  private static void putScope(Map<String, String> form, Scopes scopes, Profile profile) {
    if (!scopes.isEmpty()) {
      form.put("scope", scopes.toString().replace(" ", profile.authorize().scopeSeparator()));
    }
  }
}
