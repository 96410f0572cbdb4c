package org.tokenbroker.counterpart;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BinaryOperator;
import org.tokenbroker.counterpart.MovingWindows.Verdict;
import org.tokenbroker.counterpart.MovingWindows.Window;
import org.tokenbroker.sandbox.KeyMaterial;

/**
 * MyOrganizer's tenant at Azure AD B2C: tenant and policy in the path, form bodies, the secret in
 * the body, the reason of an error in a prefix of its text (providers.md B1).
 */
public final class CustomerTenant implements AutoCloseable {
  private static final Duration CODE_LIFE = Duration.ofMinutes(10);
  private static final Set<String> WITHOUT_RESOURCE = Set.of("openid", "offline_access");
  private static final Window[] DOCUMENTED = {
    new Window(200, Duration.ofSeconds(1)), new Window(6_000, Duration.ofMinutes(5))
  };

  private final CounterpartServer server;
  private final TokenBook book;
  private final String tenant;
  private final Set<String> policies;
  private final Map<String, Client> clients = new ConcurrentHashMap<>();
  private final MovingWindows limit = new MovingWindows(DOCUMENTED);
  private volatile Duration tokenLife = Duration.ofMinutes(60);
  private volatile Duration window = Duration.ofDays(90);
  private volatile boolean onlyIdTokens;
  private final Map<String, Trouble> troubles = new ConcurrentHashMap<>();

  /** How refreshes of one account are refused for a while. */
  private record Trouble(int status, String code, String text) {}

  private record Client(String secret, URI redirectUri) {}

  /**
   * @param policies user flows that exist, for example {@code B2C_1_MyOrganizer_Login}
   */
  public CustomerTenant(
      KeyMaterial tls, BinaryOperator<String> plant, String tenant, Set<String> policies) {
    this.server = new CounterpartServer("b2c", tls, plant);
    this.book = new TokenBook(server);
    this.tenant = tenant;
    this.policies = Set.copyOf(policies);
    String policy = "/" + tenant + ".onmicrosoft.com/:policy/oauth2/v2.0";
    server.router().get(policy + "/authorize").handler(this::authorize);
    server.router().post(policy + "/login").handler(this::login);
    server.on(HttpMethod.POST, policy + "/token", this::withinLimits);
  }

  /** Host and port, in place of {@code <tenant>.b2clogin.com}. */
  public String authority() {
    return server.authority();
  }

  /** Registers an application; gives its secret. */
  public String register(String clientId, URI redirectUri) {
    String secret = server.secret("client secret");
    clients.put(clientId, new Client(secret, redirectUri));
    return secret;
  }

  /** Replaces an application's secret, as its owner does after it was lost. */
  public String rotateSecret(String clientId) {
    return register(
        clientId, Optional.ofNullable(clients.get(clientId)).orElseThrow().redirectUri());
  }

  /** How long access tokens live from now on; 60 minutes by default. */
  public void tokensLive(Duration life) {
    tokenLife = life;
  }

  /** How long after a login refresh tokens work at all; 90 days by default. */
  public void slidingWindow(Duration life) {
    window = life;
  }

  /**
   * Refuses every refresh of this account from now on.
   *
   * @param text what {@code error_description} starts with, for example {@code AADB2C90035}
   */
  public void refusesRefreshes(String account, int status, String code, String text) {
    troubles.put(account, new Trouble(status, code, text));
  }

  /** The trouble of this account is over. */
  public void refreshesAgain(String account) {
    troubles.remove(account);
  }

  /**
   * Until {@link #allowsAsDocumented()}: so many token requests in any stretch of that length,
   * whoever sends them.
   */
  public void allows(int calls, Duration length) {
    limit.become(new Window(calls, length));
  }

  public void allowsAsDocumented() {
    limit.become(DOCUMENTED);
  }

  /**
   * Whether codes and refreshes give an id token and no access token, as they do where no scope
   * names a resource.
   */
  public void givesOnlyIdTokens(boolean only) {
    onlyIdTokens = only;
  }

  /** The customer loses access. */
  public void revoke(String account) {
    book.revoke(account);
  }

  /** Whether the API behind it would accept this token. */
  public boolean accepts(String accessToken) {
    return book.access(accessToken, Instant.now()).isPresent();
  }

  /** Whether a refresh token was ever presented twice. */
  public boolean sawReuse() {
    return book.grants().stream().anyMatch(TokenBook.Grant::wasReused);
  }

  public List<Call> calls() {
    return server.calls();
  }

  private void authorize(RoutingContext context) {
    Map<String, String> query = Web.query(context);
    Optional<Client> client = Optional.ofNullable(clients.get(query.getOrDefault("client_id", "")));
    if (!policies.contains(context.pathParam("policy"))
        || client.isEmpty()
        || !client.get().redirectUri().toString().equals(query.get("redirect_uri"))) {
      context.response().setStatusCode(400).end("AADB2C90006: The redirect URI is not registered");
      return;
    }
    Set<String> scopes = Web.words(query.getOrDefault("scope", ""));
    Optional<String> flaw =
        "code".equals(query.get("response_type"))
            ? flaw(scopes)
            : Optional.of("AADB2C90055: The response type is not supported");
    if (flaw.isPresent()) {
      Web.redirect(
          context,
          client.get().redirectUri(),
          Map.of(
              "error", "invalid_request",
              "error_description", flaw.get(),
              "state", query.getOrDefault("state", "")));
      return;
    }
    String action =
        "/" + tenant + ".onmicrosoft.com/" + context.pathParam("policy") + "/oauth2/v2.0/login";
    Web.question(context, action, query);
  }

  /** A scope names a resource, and a login asks for those of one. */
  private static Optional<String> flaw(Set<String> scopes) {
    Set<String> resources = new HashSet<>();
    for (String scope : scopes) {
      int end = scope.lastIndexOf('/');
      if (end > "https://".length() && scope.startsWith("https://")) {
        resources.add(scope.substring(0, end));
      } else if (!WITHOUT_RESOURCE.contains(scope)) {
        return Optional.of("AADB2C90055: The scope must name a resource");
      }
    }
    if (scopes.isEmpty()) {
      return Optional.of("AADB2C90055: The scope must name a resource");
    }
    return resources.size() > 1
        ? Optional.of("AADB2C90146: The scope names more than one resource")
        : Optional.empty();
  }

  private void login(RoutingContext context) {
    Map<String, String> form = Web.form(context);
    URI redirectUri = URI.create(form.getOrDefault("redirect_uri", ""));
    String state = form.getOrDefault("state", "");
    if ("no".equals(form.get("decision"))) {
      Web.redirect(
          context,
          redirectUri,
          Map.of(
              "error", "access_denied",
              "error_description", "AADB2C90091: The user has cancelled entering information",
              "state", state));
      return;
    }
    String code =
        book.code(
            new TokenBook.Code(
                form.getOrDefault("account", ""),
                form.getOrDefault("client_id", ""),
                String.valueOf(context.pathParam("policy")),
                Optional.of(redirectUri),
                Web.words(form.getOrDefault("scope", "")),
                Optional.ofNullable(form.get("code_challenge")),
                Instant.now().plus(CODE_LIFE)));
    Web.redirect(context, redirectUri, Map.of("code", code, "state", state));
  }

  /** What a 429 says besides is not documented. */
  private Refused.Reply withinLimits(HttpServerRequest request, Parameters body) throws Refused {
    return switch (limit.take("", Instant.now())) {
      case Verdict.Taken taken -> token(request, body);
      case Verdict.Refused refused ->
          throw new Refused("rate limit", Refused.Reply.json(429, new JsonObject()));
    };
  }

  private Refused.Reply token(HttpServerRequest request, Parameters body) throws Refused {
    Instant now = Instant.now();
    String policy = String.valueOf(request.path()).split("/", -1)[2];
    if (!policies.contains(policy)) {
      throw refused("unknown policy", "invalid_request", "AADB2C90068: no such policy");
    }
    if (!body.mediaType().equals(Parameters.FORM) || !body.repeated().isEmpty()) {
      throw refused("not a form", "invalid_request", "AADB2C90083: The request is malformed");
    }
    if (request.query() != null || request.getHeader("Authorization") != null) {
      throw refused("credentials outside the body", "invalid_request", "AADB2C90083: wrong place");
    }
    String clientId = authenticated(body);
    return switch (body.get("grant_type").orElse("")) {
      case "authorization_code" -> exchange(body, clientId, policy, now);
      case "refresh_token" -> refresh(body, clientId, policy, now);
      default ->
          throw refused("grant type", "unsupported_grant_type", "AADB2C90086: not supported");
    };
  }

  private String authenticated(Parameters body) throws Refused {
    String clientId = body.get("client_id").orElse("");
    Client client = clients.get(clientId);
    if (client == null) {
      throw refused("unknown client", "invalid_request", "AADB2C90018: The client is not known");
    }
    Optional<String> secret = body.get("client_secret");
    if (secret.isEmpty()) {
      throw refused(
          "no secret", "invalid_request", "AADB2C90079: Clients must send a client_secret");
    }
    if (!secret.get().equals(client.secret())) {
      throw refused(
          "wrong secret", "invalid_request", "AADB2C90081: The client_secret does not match");
    }
    return clientId;
  }

  private Refused.Reply exchange(Parameters body, String clientId, String policy, Instant now)
      throws Refused {
    TokenBook.Code code =
        book.redeem(body.get("code").orElse(""), now)
            .orElseThrow(() -> expired("code", now, now.minus(CODE_LIFE), now));
    if (!code.place().equals(policy)) {
      throw refused("another policy", "invalid_grant", "AADB2C90088: issued for another endpoint");
    }
    if (!code.clientId().equals(clientId)
        || !code.redirectUri().map(URI::toString).equals(body.get("redirect_uri"))) {
      throw refused("redirect mismatch", "invalid_request", "AADB2C90006: redirect mismatch");
    }
    if (code.challenge().isPresent()
        && !code.challenge().equals(body.get("code_verifier").map(Web::s256))) {
      throw refused("verifier", "invalid_grant", "AADB2C90182: code_verifier does not match");
    }
    return tokens(book.grant(code, now), now);
  }

  private Refused.Reply refresh(Parameters body, String clientId, String policy, Instant now)
      throws Refused {
    String token = body.get("refresh_token").orElse("");
    TokenBook.Grant grant =
        book.grantOf(token)
            .filter(each -> each.code().clientId().equals(clientId))
            .orElseThrow(() -> expired("unknown refresh token", now, now, now));
    if (!grant.code().place().equals(policy)) {
      throw refused("another policy", "invalid_grant", "AADB2C90088: issued for another endpoint");
    }
    Trouble trouble = troubles.get(grant.code().account());
    if (trouble != null) {
      throw refused(trouble.status(), "trouble", trouble.code(), trouble.text());
    }
    if (grant.isRevoked()) {
      throw refused(
          "revoked",
          "invalid_grant",
          "AADB2C90129: The provided grant has been revoked. Please reauthenticate and try again.");
    }
    Instant end = grant.authorizedAt().plus(window);
    if (!now.isBefore(end)) {
      throw expired("window over", now, grant.authorizedAt(), end);
    }
    book.isNewest(grant, token);
    return tokens(grant, now);
  }

  /** Numbers as texts, as in Microsoft's sample. */
  private Refused.Reply tokens(TokenBook.Grant grant, Instant now) {
    boolean namesNoResource = onlyIdTokens || WITHOUT_RESOURCE.containsAll(grant.code().scopes());
    JsonObject answer = namesNoResource ? idToken() : accessToken(grant, now);
    if (grant.code().scopes().contains("offline_access")) {
      answer.put("refresh_token", book.refreshToken(grant));
    }
    return Refused.Reply.json(200, answer);
  }

  private JsonObject accessToken(TokenBook.Grant grant, Instant now) {
    return new JsonObject()
        .put(
            "access_token",
            book.accessToken(Optional.of(grant), grant.code().scopes(), "api", now, tokenLife))
        .put("token_type", "Bearer")
        .put("scope", String.join(" ", grant.code().scopes()))
        .put("expires_in", Long.toString(tokenLife.toSeconds()))
        .put("not_before", Long.toString(now.getEpochSecond()));
  }

  private JsonObject idToken() {
    return new JsonObject().put("id_token", server.secret("id token")).put("token_type", "Bearer");
  }

  private static Refused expired(String why, Instant now, Instant issued, Instant end) {
    return refused(
        why,
        "invalid_grant",
        "AADB2C90080: The provided grant has expired. Please re-authenticate and try again."
            + " Current time: "
            + now.getEpochSecond()
            + ", Grant issued time: "
            + issued.getEpochSecond()
            + ", Grant expiration time: "
            + end.getEpochSecond());
  }

  private static Refused refused(String why, String code, String text) {
    return refused(400, why, code, text);
  }

  private static Refused refused(int status, String why, String code, String text) {
    return new Refused(
        why,
        Refused.Reply.json(
            status,
            new JsonObject()
                .put("error", code)
                .put(
                    "error_description",
                    text + "\r\nCorrelation ID: " + UUID.randomUUID() + "\r\n")));
  }

  @Override
  public void close() {
    server.close();
  }
}
