package org.tokenbroker.consent;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;

/**
 * The request that sends an owner to the provider (RFC 6749 §4.1.1, RFC 7636 §4.3).
 *
 * @param endpoint the provider's authorization endpoint; its own query is retained (RFC 6749 §3.1)
 * @param redirectUri exactly one of the registered ones (IV-5)
 * @param parameterNames other names of the protocol's parameters, see {@link Profile}
 * @param further parameters of profile and registration
 * @param codeChallenge present exactly where the profile uses PKCE
 */
public record AuthorizationRequest(
    URI endpoint,
    Profile.Authorize rules,
    Map<String, String> parameterNames,
    Map<String, String> further,
    Secret clientId,
    URI redirectUri,
    Scopes scopes,
    Secret state,
    Optional<CodeChallenge> codeChallenge) {

  /**
   * Every value is percent-encoded, a space as {@code %20} (MO-5). Further parameters never replace
   * those of the protocol. Holds the state and the client id: for the owner's browser only.
   */
  public URI url() {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (!rules.responseType().isEmpty()) {
      parameters.put("response_type", rules.responseType());
    }
    parameters.put(name("client_id"), clientId.reveal());
    parameters.put(name("redirect_uri"), redirectUri.toString());
    if (rules.sendScope() && !scopes.isEmpty()) {
      parameters.put(name("scope"), scopes.toString().replace(" ", rules.scopeSeparator()));
    }
    parameters.put("state", state.reveal());
    codeChallenge.ifPresent(
        challenge -> {
          parameters.put("code_challenge", challenge.value());
          parameters.put("code_challenge_method", challenge.method());
        });
    further.forEach(parameters::putIfAbsent);
    return URI.create(endpoint + separator() + encode(parameters));
  }

  private String name(String standard) {
    return parameterNames.getOrDefault(standard, standard);
  }

  private String separator() {
    String query = endpoint.getRawQuery();
    if (query == null) {
      return "?";
    }
    return query.isEmpty() ? "" : "&";
  }

  private static String encode(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(parameter -> encode(parameter.getKey()) + "=" + encode(parameter.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
