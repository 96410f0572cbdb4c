package org.tokenbroker.counterpart;

import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What browsers see of a counterpart, and small things that all of them need. */
final class Web {
  private Web() {}

  static Map<String, String> query(RoutingContext context) {
    Map<String, String> query = new LinkedHashMap<>();
    context.queryParams().forEach(query::put);
    return query;
  }

  /** The values of a posted form. */
  static Map<String, String> form(RoutingContext context) {
    String text = Optional.ofNullable(context.body().asString()).orElse("");
    return Parameters.of(context.request(), text).values();
  }

  /** Asks who it is and whether it agrees; posts that and all that was asked for. */
  static void question(RoutingContext context, String action, Map<String, String> asked) {
    StringBuilder fields = new StringBuilder();
    asked.forEach(
        (name, value) ->
            fields
                .append("<input type=hidden name='")
                .append(name)
                .append("' value='")
                .append(value.replace("&", "&amp;").replace("'", "&#39;"))
                .append("'>"));
    context
        .response()
        .putHeader("Content-Type", "text/html; charset=utf-8")
        .end(
            "<html><title>Sign in</title><form method=post action='"
                + action
                + "'>"
                + fields
                + "<input name=account><button name=decision value=yes>Allow</button>"
                + "<button name=decision value=no>Deny</button></form></html>");
  }

  static void redirect(RoutingContext context, URI target, Map<String, String> parameters) {
    context
        .response()
        .setStatusCode(302)
        .putHeader("Location", url(target, parameters).toString())
        .end();
  }

  static URI url(URI target, Map<String, String> parameters) {
    StringBuilder location = new StringBuilder(target.toString());
    String separator = target.getQuery() == null ? "?" : "&";
    for (Map.Entry<String, String> each : parameters.entrySet()) {
      location
          .append(separator)
          .append(each.getKey())
          .append('=')
          .append(URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8));
      separator = "&";
    }
    return URI.create(location.toString());
  }

  /** Separated by spaces. */
  static Set<String> words(String text) {
    Set<String> words = new LinkedHashSet<>(List.of(text.strip().split(" +")));
    words.remove("");
    return words;
  }

  /** RFC 7636 §4.2. */
  static String s256(String verifier) {
    try {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(
              MessageDigest.getInstance("SHA-256")
                  .digest(verifier.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
