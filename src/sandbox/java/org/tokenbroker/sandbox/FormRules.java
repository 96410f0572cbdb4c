package org.tokenbroker.sandbox;

import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Set;

/** What RFC 6749 §3.2 and §2.3.1 ask of every form that a client posts. */
final class FormRules {
  private static final Set<String> CREDENTIALS =
      Set.of(
          "client_id",
          "client_secret",
          "client_assertion",
          "client_assertion_type",
          "code",
          "refresh_token",
          "token");

  private FormRules() {}

  /** A form body, each parameter once, nothing secret in the URI. */
  static void check(RoutingContext http) throws OAuthError {
    for (String name : http.queryParams().names()) {
      if (CREDENTIALS.contains(name)) {
        throw OAuthError.invalidRequest(name + " must not be sent in the URI");
      }
    }
    String type = http.request().getHeader("Content-Type");
    if (type == null
        || !type.toLowerCase(Locale.ROOT).startsWith("application/x-www-form-urlencoded")) {
      throw OAuthError.invalidRequest("the body must be application/x-www-form-urlencoded");
    }
    MultiMap form = http.request().formAttributes();
    for (String name : form.names()) {
      if (form.getAll(name).size() > 1) {
        throw OAuthError.invalidRequest(name + " must not be repeated");
      }
    }
  }

  static String required(MultiMap form, String name) throws OAuthError {
    String value = form.get(name);
    if (value == null || value.isEmpty()) {
      throw OAuthError.invalidRequest(name + " is missing");
    }
    return value;
  }
}
