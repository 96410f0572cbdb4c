package org.tokenbroker.sandbox;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The token endpoint (RFC 6749 §3.2): reads, asks the script for a fault, carries out, answers. */
final class TokenEndpointHandler {
  private final StrictOptions options;
  private final ClientAuthenticator authenticator;
  private final Grants grants;
  private final TokenLedger ledger;
  private final FaultScript script;
  private final FaultPlayer player;

  TokenEndpointHandler(
      Vertx vertx,
      StrictOptions options,
      ClientAuthenticator authenticator,
      Grants grants,
      TokenLedger ledger,
      FaultScript script) {
    this.options = options;
    this.authenticator = authenticator;
    this.grants = grants;
    this.ledger = ledger;
    this.script = script;
    this.player = new FaultPlayer(vertx, ledger);
  }

  void handle(RoutingContext http) {
    MultiMap form = http.request().formAttributes();
    String grantType = Optional.ofNullable(form.get("grant_type")).orElse("");
    long entry =
        ledger.begin(
            authenticator.claimed(http.request().getHeader("Authorization"), form),
            grantType,
            form.names());
    Optional.ofNullable(form.get("refresh_token")).ifPresent(token -> grants.note(entry, token));
    http.response().closeHandler(closed -> ledger.ended(entry, false));
    http.response().exceptionHandler(broken -> ledger.ended(entry, false));
    script
        .take(grantType)
        .ifPresentOrElse(
            fault -> player.play(fault, http, entry, () -> carryOut(http, entry)),
            () -> player.send(http, entry, carryOut(http, entry)));
  }

  private TokenAnswer carryOut(RoutingContext http, long entry) {
    try {
      FormRules.check(http);
      MultiMap form = http.request().formAttributes();
      OAuthClient client =
          authenticator.authenticate(http.request().getHeader("Authorization"), form);
      return granted(issue(entry, client, form));
    } catch (OAuthError e) {
      return TokenAnswer.of(e);
    }
  }

  private Grants.Issued issue(long entry, OAuthClient client, MultiMap form) throws OAuthError {
    String grantType = FormRules.required(form, "grant_type");
    return switch (grantType) {
      case "authorization_code" ->
          grants.exchange(
              entry,
              client,
              FormRules.required(form, "code"),
              FormRules.required(form, "redirect_uri"),
              FormRules.required(form, "code_verifier"));
      case "refresh_token" ->
          grants.refresh(entry, client, FormRules.required(form, "refresh_token"), scopes(form));
      case "client_credentials" ->
          grants.clientCredentials(entry, confidential(client), allowed(client, scopes(form)));
      default -> throw OAuthError.unsupportedGrantType("grant_type is not supported");
    };
  }

  private TokenAnswer granted(Grants.Issued issued) {
    long seconds = options.tokenLife().toSeconds();
    JsonObject body =
        new JsonObject()
            .put("access_token", issued.accessToken())
            .put("token_type", "Bearer")
            .put(
                "expires_in",
                switch (options.expiresIn()) {
                  case NUMBER -> seconds;
                  case STRING -> Long.toString(seconds);
                })
            .put("scope", String.join(" ", issued.scopes()));
    issued
        .refreshToken()
        .ifPresent(
            token -> {
              body.put("refresh_token", token);
              options
                  .refreshTokenLife()
                  .ifPresent(life -> body.put("refresh_token_expires_in", life.toSeconds()));
            });
    return TokenAnswer.json(200, body);
  }

  private static OAuthClient confidential(OAuthClient client) throws OAuthError {
    if (client.authentication() instanceof OAuthClient.Public) {
      throw OAuthError.unauthorizedClient("a public client has no client credentials");
    }
    return client;
  }

  private static Set<String> allowed(OAuthClient client, Optional<Set<String>> asked)
      throws OAuthError {
    Set<String> scopes = asked.orElse(client.scopes());
    if (!client.scopes().containsAll(scopes)) {
      throw OAuthError.invalidScope("scope exceeds what was registered");
    }
    return scopes;
  }

  private static Optional<Set<String>> scopes(MultiMap form) {
    return Optional.ofNullable(form.get("scope"))
        .filter(text -> !text.isBlank())
        .map(text -> new LinkedHashSet<>(Arrays.asList(text.strip().split(" +"))));
  }

  /**
   * An answer ready to be sent.
   *
   * @param status HTTP status
   * @param headers HTTP headers
   * @param body sent as it is
   */
  record TokenAnswer(int status, Map<String, String> headers, String body) {
    static TokenAnswer json(int status, JsonObject body) {
      Map<String, String> headers = new TreeMap<>();
      headers.put("Content-Type", "application/json");
      headers.put("Cache-Control", "no-store");
      return new TokenAnswer(status, headers, body.encode());
    }

    static TokenAnswer of(OAuthError error) {
      TokenAnswer answer =
          json(
              error.status(),
              new JsonObject()
                  .put("error", error.code())
                  .put("error_description", error.description()));
      if (error.status() == 401) {
        answer.headers.put("WWW-Authenticate", "Basic realm=\"strict\"");
      }
      return answer;
    }

    /** The {@code error} member, where the body is JSON and has one. */
    Optional<String> error() {
      try {
        return body.startsWith("{\"error\"")
            ? Optional.ofNullable(new JsonObject(body).getString("error"))
            : Optional.empty();
      } catch (DecodeException | ClassCastException e) {
        return Optional.empty();
      }
    }
  }
}
