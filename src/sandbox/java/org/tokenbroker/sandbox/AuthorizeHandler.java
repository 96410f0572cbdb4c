package org.tokenbroker.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The authorization endpoint (RFC 6749 §3.1, RFC 7636, RFC 9207). There are no passwords: whoever
 * opens the page says which account it is. With OpenID Connect's {@code prompt=none} and {@code
 * login_hint} the account agrees without a page.
 */
final class AuthorizeHandler {
  private final String issuer;
  private final ClientAuthenticator clients;
  private final Grants grants;
  private final Map<String, Pending> pending = new ConcurrentHashMap<>();

  AuthorizeHandler(String issuer, ClientAuthenticator clients, Grants grants) {
    this.issuer = issuer;
    this.clients = clients;
    this.grants = grants;
  }

  private record Pending(
      String clientId,
      String redirectUri,
      String challenge,
      Set<String> scopes,
      @Nullable String state) {}

  void ask(RoutingContext http) {
    MultiMap query = http.queryParams();
    Optional<OAuthClient> client = clients.find(query.get("client_id"));
    String redirectUri = query.get("redirect_uri");
    if (client.isEmpty()
        || redirectUri == null
        || !client.get().redirectUris().contains(redirectUri)) {
      // RFC 6749 §4.1.2.1: never redirect to where the client has not registered.
      page(
          http,
          400,
          ConsentPages.refused("This link names no registered client and redirect address."));
      return;
    }
    String state = query.get("state");
    Optional<String> fault = faultOf(query, client.get());
    if (fault.isPresent()) {
      redirect(http, redirectUri, Map.of("error", fault.get()), state);
      return;
    }
    Pending request =
        new Pending(
            client.get().clientId(),
            redirectUri,
            Optional.ofNullable(query.get("code_challenge")).orElseThrow(),
            scopes(query, client.get()),
            state);
    String account = query.get("login_hint");
    if (!"none".equals(query.get("prompt"))) {
      String id = UUID.randomUUID().toString();
      pending.put(id, request);
      page(
          http,
          200,
          ConsentPages.question(
              request.clientId, request.scopes, id, account == null ? "" : account));
    } else if (account == null || account.isBlank()) {
      redirect(http, redirectUri, Map.of("error", "login_required"), state);
    } else {
      allow(http, request, account);
    }
  }

  void decide(RoutingContext http) {
    MultiMap form = http.request().formAttributes();
    String id = form.get("request");
    String account = Optional.ofNullable(form.get("account")).map(String::strip).orElse("");
    Pending request = id == null ? null : pending.get(id);
    if (id == null || request == null) {
      page(http, 400, ConsentPages.refused("This question was answered before, or never asked."));
      return;
    }
    if ("deny".equals(form.get("decision"))) {
      pending.remove(id);
      redirect(http, request.redirectUri, Map.of("error", "access_denied"), request.state);
    } else if (!"allow".equals(form.get("decision")) || account.isEmpty()) {
      page(http, 400, ConsentPages.question(request.clientId, request.scopes, id, account));
    } else if (pending.remove(id, request)) {
      allow(http, request, account);
    }
  }

  private void allow(RoutingContext http, Pending request, String account) {
    String code =
        grants.agree(
            new Grants.Agreement(
                request.clientId, request.redirectUri, request.challenge, request.scopes, account));
    redirect(http, request.redirectUri, Map.of("code", code), request.state);
  }

  private static Optional<String> faultOf(MultiMap query, OAuthClient client) {
    if (query.names().stream().anyMatch(name -> query.getAll(name).size() > 1)) {
      return Optional.of("invalid_request");
    }
    if (!"code".equals(query.get("response_type"))) {
      return Optional.of("unsupported_response_type");
    }
    String challenge = query.get("code_challenge");
    if (!"S256".equals(query.get("code_challenge_method"))
        || challenge == null
        || !challenge.matches("[A-Za-z0-9_-]{43}")) {
      return Optional.of("invalid_request");
    }
    return client.scopes().containsAll(scopes(query, client))
        ? Optional.empty()
        : Optional.of("invalid_scope");
  }

  private static Set<String> scopes(MultiMap query, OAuthClient client) {
    return Optional.ofNullable(query.get("scope"))
        .filter(text -> !text.isBlank())
        .<Set<String>>map(text -> new LinkedHashSet<>(Arrays.asList(text.strip().split(" +"))))
        .orElse(client.scopes());
  }

  private void redirect(
      RoutingContext http, String redirectUri, Map<String, String> answer, @Nullable String state) {
    String query =
        answer.entrySet().stream()
                .map(each -> parameter(each.getKey(), each.getValue()) + "&")
                .collect(Collectors.joining())
            + (state == null ? "" : parameter("state", state) + "&")
            + parameter("iss", issuer);
    http.response()
        .setStatusCode(303)
        .putHeader("Location", redirectUri + (redirectUri.contains("?") ? "&" : "?") + query)
        .putHeader("Cache-Control", "no-store")
        .putHeader("Referrer-Policy", "no-referrer")
        .end();
  }

  private static String parameter(String name, String value) {
    return name + "=" + URLEncoder.encode(value, UTF_8);
  }

  private static void page(RoutingContext http, int status, String html) {
    http.response()
        .setStatusCode(status)
        .putHeader("Content-Type", "text/html; charset=utf-8")
        .putHeader("Cache-Control", "no-store")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("X-Content-Type-Options", "nosniff")
        // No form-action: browsers apply it to the redirect that follows the form too.
        .putHeader(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
        .end(html);
  }
}
