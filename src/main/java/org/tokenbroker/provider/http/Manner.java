package org.tokenbroker.provider.http;

import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.Revocation;
import org.tokenbroker.provider.TokenRequest;
import org.tokenbroker.provider.UrlTemplate;
import org.tokenbroker.token.Secret;

/**
 * How a request goes over the wire, as far as its profile wants it otherwise than OIDC Client makes
 * it: a form sent by POST (decision 50). Pure. Holds secrets.
 *
 * @param headers beside those that OIDC Client sets; in place of them where the names are equal
 * @param renamed the parameters' names on the wire, by their standard names
 * @param replaced values in place of those that OIDC Client sets, by the parameters' standard names
 * @param behind path that follows the endpoint's own and holds the token; no parameter holds it
 *     then
 */
record Manner(
    Profile.Method method,
    Profile.Body body,
    Map<String, String> headers,
    Map<String, String> renamed,
    Map<String, String> replaced,
    Proof proof,
    Optional<Secret> behind) {
  private static final Set<String> OF_THE_TOKEN = Set.of("token", "token_type_hint");
  private static final Set<String> OF_THE_CLIENT =
      Set.of("client_id", "client_secret", "client_assertion", "client_assertion_type");

  /** What the request proves itself by. */
  sealed interface Proof {
    /** The client authentication that OIDC Client put in. */
    record Client() implements Proof {}

    /** An access token (RFC 6750 §2.1). */
    record Bearer(Secret token) implements Proof {}

    record Nothing() implements Proof {}
  }

  /**
   * A request as it is sent.
   *
   * @param uri path and query
   * @param removed headers that OIDC Client set and that do not go out
   */
  record Draft(
      Profile.Method method,
      String uri,
      Map<String, String> headers,
      Set<String> removed,
      String body) {}

  static Manner of(ProviderClient client, TokenRequest request) {
    Profile profile = client.profile();
    Map<String, String> headers = new LinkedHashMap<>(profile.token().headers());
    headers.put("Accept", profile.token().accept());
    Map<String, String> renamed = new LinkedHashMap<>(profile.parameterNames());
    Map<String, String> replaced = new LinkedHashMap<>();
    Profile.Method method = profile.token().method();
    Profile.Body body = profile.token().body();
    if (request instanceof TokenRequest.RefreshToken) {
      renamed.put("refresh_token", profile.refresh().tokenParameter());
      replaced.put("grant_type", profile.refresh().grantType());
      method = profile.refresh().method().orElse(method);
      body = profile.refresh().body().orElse(body);
    }
    return new Manner(
        method, body, headers, renamed, replaced, new Proof.Client(), Optional.empty());
  }

  static Manner of(ProviderClient client, Revocation revocation) {
    Profile.Revoke rules = client.profile().revoke();
    Map<String, String> renamed = new LinkedHashMap<>(client.profile().parameterNames());
    renamed.put("token", rules.tokenParameter());
    return new Manner(
        rules.method(),
        rules.body(),
        Map.of("Accept", "application/json"),
        renamed,
        Map.of(),
        proof(rules.authentication(), revocation),
        rules.path().map(path -> filled(path, revocation.token())));
  }

  /** RFC 7662 §2.1: always a form sent by POST. */
  static Manner ofIntrospection(ProviderClient client) {
    return new Manner(
        Profile.Method.POST,
        Profile.Body.FORM,
        Map.of("Accept", "application/json"),
        client.profile().parameterNames(),
        Map.of(),
        new Proof.Client(),
        Optional.empty());
  }

  /** A token that reads as "here" or "above" must not lead anywhere else. */
  private static Secret filled(UrlTemplate path, Secret token) {
    String segment =
        encoded(token.reveal()).replace("+", "%20").replace("*", "%2A").replace("%7E", "~");
    boolean dots = segment.chars().allMatch(character -> character == '.');
    return Secret.of(path.fill(Map.of("token", dots ? segment.replace(".", "%2E") : segment)));
  }

  private static Proof proof(Profile.Revoke.Authentication authentication, Revocation revocation) {
    return switch (authentication) {
      case CLIENT -> new Proof.Client();
      case BEARER ->
          revocation.accessToken().<Proof>map(Proof.Bearer::new).orElseGet(Proof.Nothing::new);
      case NONE -> new Proof.Nothing();
    };
  }

  /**
   * @param endpoint its path and query; its own query is retained
   * @param form as OIDC Client made it
   */
  Draft draft(String endpoint, String form) {
    String uri = behind.map(path -> followed(endpoint, path)).orElse(endpoint);
    Map<String, String> parameters = parameters(form);
    Map<String, String> all = new LinkedHashMap<>(headers);
    Set<String> removed = Set.of();
    switch (proof) {
      case Proof.Client() -> {}
      case Proof.Bearer(Secret token) -> all.put("Authorization", "Bearer " + token.reveal());
      case Proof.Nothing() -> removed = Set.of("Authorization");
    }
    return switch (parameters.isEmpty() ? Profile.Body.QUERY : placement()) {
      case FORM -> new Draft(method, uri, all, removed, encoded(parameters));
      case JSON -> {
        all.put("Content-Type", "application/json");
        yield new Draft(method, uri, all, removed, json(parameters));
      }
      case QUERY -> {
        if (method == Profile.Method.POST) {
          all.put("Content-Length", "0");
        }
        yield new Draft(method, withQuery(uri, parameters), all, with(removed, "Content-Type"), "");
      }
    };
  }

  /** A GET has no body. */
  private Profile.Body placement() {
    return switch (method) {
      case POST, DELETE -> body;
      case GET -> Profile.Body.QUERY;
    };
  }

  private Map<String, String> parameters(String form) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : form.split("&")) {
      String[] parts = pair.split("=", 2);
      String name = decoded(parts[0]);
      if (goesOut(name)) {
        String value = parts.length > 1 ? decoded(parts[1]) : "";
        parameters.put(renamed.getOrDefault(name, name), replaced.getOrDefault(name, value));
      }
    }
    return parameters;
  }

  private boolean goesOut(String parameter) {
    boolean ofTheClient = OF_THE_CLIENT.contains(parameter);
    boolean ofTheToken = OF_THE_TOKEN.contains(parameter);
    return (proof instanceof Proof.Client || !ofTheClient) && (behind.isEmpty() || !ofTheToken);
  }

  private static String followed(String endpoint, Secret path) {
    int query = endpoint.indexOf('?');
    String before = query < 0 ? endpoint : endpoint.substring(0, query);
    String after = query < 0 ? "" : endpoint.substring(query);
    return before.replaceFirst("/$", "") + path.reveal() + after;
  }

  private static String withQuery(String uri, Map<String, String> parameters) {
    if (parameters.isEmpty()) {
      return uri;
    }
    String query = encoded(parameters).replace("+", "%20");
    return uri + (uri.contains("?") ? "&" : "?") + query;
  }

  private static String json(Map<String, String> parameters) {
    JsonObject json = new JsonObject();
    parameters.forEach(json::put);
    return json.encode();
  }

  private static String encoded(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(parameter -> encoded(parameter.getKey()) + "=" + encoded(parameter.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static Set<String> with(Set<String> headers, String one) {
    return Stream.concat(headers.stream(), Stream.of(one)).collect(Collectors.toUnmodifiableSet());
  }

  /** Holds secrets. */
  @Override
  public String toString() {
    return "Manner[***]";
  }
}
