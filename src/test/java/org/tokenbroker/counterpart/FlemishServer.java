package org.tokenbroker.counterpart;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import org.tokenbroker.sandbox.KeyMaterial;

/**
 * The authorization server of the Flemish government, in its old form (Informatie Vlaanderen) and
 * its new one (ACM), which differ in paths, in what {@code aud} must be, and in how they refuse
 * (providers.md B2).
 */
public final class FlemishServer implements AutoCloseable {
  private final CounterpartServer server;
  private final TokenBook book;
  private final Form form;
  private final AssertionRules assertions;
  private final Map<String, Client> clients = new ConcurrentHashMap<>();
  private volatile Duration tokenLife = Duration.ofHours(1);
  private volatile Duration refreshPeriod = Duration.ofDays(30);

  /** Which of the two. */
  public enum Form {
    OLD("/authorization/ws/oauth/v2/authorization", "/authorization/ws/oauth/v2/token"),
    NEW("/op/v1/auth", "/op/v1/token");

    private final String authorize;
    private final String token;

    Form(String authorize, String token) {
      this.authorize = authorize;
      this.token = token;
    }
  }

  /**
   * A client of the admin site.
   *
   * @param secret absent where it proves itself by its key only
   */
  private record Client(Optional<String> secret, Set<String> scopes, List<URI> redirectUris) {}

  public FlemishServer(Form form, KeyMaterial tls, BinaryOperator<String> plant) {
    this.form = form;
    this.server = new CounterpartServer("flemish", tls, plant);
    this.book = new TokenBook(server);
    String audience =
        switch (form) {
          case OLD -> server.uri(form.token).toString();
          case NEW -> server.uri("/op").toString();
        };
    this.assertions =
        new AssertionRules(
            audience,
            switch (form) {
              case OLD -> Set.of("RS256");
              case NEW -> Set.of("RS256", "PS256", "ES256");
            });
    server.router().get(form.authorize).handler(this::authorize);
    server.router().post(form.authorize).handler(this::login);
    server.on(HttpMethod.POST, form.token, this::token);
  }

  /** Host and port, in place of the real server's name. */
  public String authority() {
    return server.authority();
  }

  /**
   * Registers a client that proves itself by key; without redirect URIs its codes are fetched by
   * hand.
   */
  public void register(String clientId, Set<String> scopes, List<URI> redirectUris) {
    clients.put(
        clientId, new Client(Optional.empty(), Set.copyOf(scopes), List.copyOf(redirectUris)));
  }

  /** Registers a client with a secret; gives the secret. */
  public String registerWithSecret(String clientId, Set<String> scopes, List<URI> redirectUris) {
    String secret = server.secret("client secret");
    clients.put(
        clientId, new Client(Optional.of(secret), Set.copyOf(scopes), List.copyOf(redirectUris)));
    return secret;
  }

  /** The customer uploads the public keys of a client; they replace what was there. */
  public void upload(String clientId, String jwks) {
    assertions.upload(clientId, jwks);
  }

  /** The customer uploads a certificate (PEM) instead; it replaces the one before. */
  public void uploadCertificate(String clientId, String pem) {
    assertions.uploadCertificate(clientId, pem);
  }

  /** Names of the keys that a client's accepted assertions were signed with, in their order. */
  public List<String> signedWith(String clientId) {
    return assertions.signedWith(clientId);
  }

  /** A contact requests a code for a service account on the admin site (IV-4). */
  public String codeByHand(String clientId, String contact) {
    Client client = known(clientId);
    return book.code(
        new TokenBook.Code(
            contact,
            clientId,
            "",
            Optional.empty(),
            client.scopes(),
            Optional.empty(),
            Instant.now().plus(codeLife())));
  }

  /** How long access tokens live from now on; 1 hour by default. */
  public void tokensLive(Duration life) {
    tokenLife = life;
  }

  /** How long after the consent refresh tokens work at all. */
  public void refreshesFor(Duration period) {
    refreshPeriod = period;
  }

  public void revoke(String account) {
    book.revoke(account);
  }

  public boolean accepts(String accessToken) {
    return book.access(accessToken, Instant.now()).isPresent();
  }

  /** Whom an access token is meant for: an API where one was asked for, else its own client. */
  public Optional<String> audienceOf(String accessToken) {
    return book.access(accessToken, Instant.now()).map(TokenBook.Access::audience);
  }

  public Set<String> scopesOf(String accessToken) {
    return book.access(accessToken, Instant.now()).map(TokenBook.Access::scopes).orElse(Set.of());
  }

  public boolean sawReuse() {
    return book.grants().stream().anyMatch(TokenBook.Grant::wasReused);
  }

  public List<Call> calls() {
    return server.calls();
  }

  private Duration codeLife() {
    return switch (form) {
      case OLD -> Duration.ofMinutes(5);
      case NEW -> Duration.ofSeconds(30);
    };
  }

  private void authorize(RoutingContext context) {
    Map<String, String> query = Web.query(context);
    Client client = clients.get(query.getOrDefault("client_id", ""));
    if (client == null
        || !"code".equals(query.get("response_type"))
        || !client.redirectUris().contains(URI.create(query.getOrDefault("redirect_uri", "")))) {
      context.response().setStatusCode(400).end("invalid client or redirect_uri");
      return;
    }
    Set<String> scopes = Web.words(query.getOrDefault("scope", ""));
    if (scopes.isEmpty() || !client.scopes().containsAll(scopes)) {
      Web.redirect(
          context,
          URI.create(query.getOrDefault("redirect_uri", "")),
          Map.of("error", "invalid_scope", "state", query.getOrDefault("state", "")));
      return;
    }
    Web.question(context, form.authorize, query);
  }

  private void login(RoutingContext context) {
    Map<String, String> form = Web.form(context);
    URI redirectUri = URI.create(form.getOrDefault("redirect_uri", ""));
    Map<String, String> back = new LinkedHashMap<>();
    if ("no".equals(form.get("decision"))) {
      back.put("error", "access_denied");
    } else {
      back.put(
          "code",
          book.code(
              new TokenBook.Code(
                  form.getOrDefault("account", ""),
                  form.getOrDefault("client_id", ""),
                  "",
                  Optional.of(redirectUri),
                  Web.words(form.getOrDefault("scope", "")),
                  Optional.ofNullable(form.get("code_challenge")),
                  Instant.now().plus(codeLife()))));
    }
    back.put("state", form.getOrDefault("state", ""));
    Web.redirect(context, redirectUri, back);
  }

  private Refused.Reply token(HttpServerRequest request, Parameters body) throws Refused {
    Instant now = Instant.now();
    if (!body.mediaType().equals(Parameters.FORM) || !body.repeated().isEmpty()) {
      throw refused("not a form", 400, "invalid_request");
    }
    if (request.query() != null) {
      throw refused("something in the query", 400, "invalid_request");
    }
    String clientId = authenticated(request, body, now);
    return switch (body.get("grant_type").orElse("")) {
      case "client_credentials" -> clientCredentials(body, clientId, now);
      case "authorization_code" -> exchange(body, clientId, now);
      case "refresh_token" -> refresh(body, clientId, now);
      default -> throw refused("grant type", 400, "unsupported_grant_type");
    };
  }

  private String authenticated(HttpServerRequest request, Parameters body, Instant now)
      throws Refused {
    Optional<String> basic = Optional.ofNullable(request.getHeader("Authorization"));
    Optional<String> assertion = body.get("client_assertion");
    Optional<String> secret = body.get("client_secret");
    long ways = List.of(basic, assertion, secret).stream().filter(Optional::isPresent).count();
    if (ways != 1) {
      throw refused("exactly one client authentication", 401, "invalid_client");
    }
    if (assertion.isPresent()) {
      return byAssertion(body, assertion.get(), now);
    }
    if (basic.isPresent() && form == Form.OLD) {
      throw refused("no Basic here", 401, "invalid_client");
    }
    String[] given =
        basic
            .map(FlemishServer::basic)
            .orElseGet(() -> new String[] {body.get("client_id").orElse(""), secret.orElse("")});
    Client client = clients.get(given[0]);
    if (client == null || !client.secret().equals(Optional.of(given[1]))) {
      throw refused("wrong secret", 401, "invalid_client");
    }
    return given[0];
  }

  private static String[] basic(String header) {
    String decoded =
        new String(
            Base64.getDecoder().decode(header.replaceFirst("(?i)basic ", "")),
            StandardCharsets.UTF_8);
    Function<String, String> decode =
        text -> java.net.URLDecoder.decode(text, StandardCharsets.UTF_8);
    String[] parts = decoded.split(":", 2);
    return new String[] {decode.apply(parts[0]), decode.apply(parts[1])};
  }

  private String byAssertion(Parameters body, String assertion, Instant now) throws Refused {
    if (!body.get("client_assertion_type").equals(Optional.of(AssertionRules.TYPE))) {
      throw refused("client_assertion_type", 401, "invalid_client");
    }
    return switch (assertions.judge(assertion, now)) {
      case AssertionRules.Verdict.Proven(String clientId) when clients.containsKey(clientId) ->
          clientId;
      case AssertionRules.Verdict.Proven(String unknown) ->
          throw refused("unknown client", 401, "invalid_client");
      case AssertionRules.Verdict.Wrong(String why) ->
          throw refused("assertion: " + why, 401, "invalid_client");
    };
  }

  private Refused.Reply clientCredentials(Parameters body, String clientId, Instant now)
      throws Refused {
    Set<String> scopes = Web.words(body.get("scope").orElse(""));
    if (scopes.isEmpty() || !known(clientId).scopes().containsAll(scopes)) {
      throw refused("scope missing or not agreed", 400, "invalid_scope");
    }
    String audience =
        switch (form) {
          case OLD -> "";
          case NEW -> body.get("audience").or(() -> body.get("resource")).orElse(clientId);
        };
    return Refused.Reply.json(
        200,
        new JsonObject()
            .put(
                "access_token",
                book.accessToken(Optional.empty(), scopes, audience, now, tokenLife))
            .put("token_type", "bearer")
            .put("expires_in", tokenLife.toSeconds()));
  }

  private Refused.Reply exchange(Parameters body, String clientId, Instant now) throws Refused {
    if (form == Form.NEW && !body.get("client_id").equals(Optional.of(clientId))) {
      throw refused("client_id is required", 400, "invalid_request");
    }
    TokenBook.Code code =
        book.redeem(body.get("code").orElse(""), now)
            .orElseThrow(() -> refused("code unknown, used or late", 400, "invalid_grant"));
    if (!code.clientId().equals(clientId)
        || !code.redirectUri().map(URI::toString).equals(body.get("redirect_uri"))) {
      throw refused("redirect mismatch", 400, "invalid_grant");
    }
    if (code.challenge().isPresent()
        && !code.challenge().equals(body.get("code_verifier").map(Web::s256))) {
      throw refused("code_verifier", 400, "invalid_grant");
    }
    return tokens(book.grant(code, now), clientId, body, now);
  }

  private Refused.Reply refresh(Parameters body, String clientId, Instant now) throws Refused {
    String token = body.get("refresh_token").orElse("");
    TokenBook.Grant grant =
        book.grantOf(token)
            .filter(each -> each.code().clientId().equals(clientId))
            .orElseThrow(() -> refused("unknown refresh token", 400, "invalid_grant"));
    if (!now.isBefore(grant.authorizedAt().plus(refreshPeriod))) {
      // Not invalid_grant: the documented answer when the refresh period is over.
      throw refused("refresh period over", 400, "invalid_request");
    }
    if (grant.isRevoked() || !book.isNewest(grant, token)) {
      book.revoke(grant);
      throw refused("revoked or used before", 400, "invalid_grant");
    }
    if (form == Form.NEW && !body.has("scope")) {
      throw refused("scope is sent on refresh", 400, "invalid_scope");
    }
    return tokens(grant, clientId, body, now);
  }

  private Refused.Reply tokens(
      TokenBook.Grant grant, String clientId, Parameters body, Instant now) {
    Set<String> scopes = grant.code().scopes();
    String audience = body.get("audience").or(() -> body.get("resource")).orElse(clientId);
    JsonObject answer =
        new JsonObject()
            .put(
                "access_token",
                book.accessToken(Optional.of(grant), scopes, audience, now, tokenLife))
            .put("token_type", "bearer")
            .put("expires_in", tokenLife.toSeconds());
    if (form == Form.OLD || scopes.contains("offline_access")) {
      answer.put("refresh_token", book.refreshToken(grant));
    }
    return Refused.Reply.json(200, answer);
  }

  private Client known(String clientId) {
    return Optional.ofNullable(clients.get(clientId)).orElseThrow();
  }

  private static Refused refused(String why, int status, String code) {
    return new Refused(why, Refused.Reply.json(status, new JsonObject().put("error", code)));
  }

  @Override
  public void close() {
    server.close();
  }
}
