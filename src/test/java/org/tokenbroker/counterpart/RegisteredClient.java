package org.tokenbroker.counterpart;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A client as its counterpart knows it, proven by its secret in the body, and what it sends where
 * it does all right.
 *
 * @param callback its redirect URI
 */
record RegisteredClient(String id, String secret, String callback) {

  Map<String, String> authorize(String scope) {
    return Map.of(
        "response_type", "code",
        "client_id", id,
        "redirect_uri", callback,
        "scope", scope,
        "state", "s");
  }

  /** What the form of the login sends of an owner who agrees. */
  Map<String, String> agreed(String scope) {
    Map<String, String> answer = new LinkedHashMap<>(authorize(scope));
    answer.put("account", "owner");
    answer.put("decision", "yes");
    return answer;
  }

  Map<String, String> exchange(String code) {
    return Map.of(
        "grant_type", "authorization_code",
        "code", code,
        "redirect_uri", callback,
        "client_id", id,
        "client_secret", secret);
  }

  Map<String, String> refresh(String token) {
    return Map.of(
        "grant_type", "refresh_token",
        "refresh_token", token,
        "client_id", id,
        "client_secret", secret);
  }
}
