package org.tokenbroker.counterpart;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BinaryOperator;
import org.tokenbroker.counterpart.MovingWindows.Window;
import org.tokenbroker.sandbox.KeyMaterial;

/**
 * MijnKlantportaal: token requests in JSON, answers without token type, one refresh token that
 * stays, errors that are no OAuth errors, API keys in the same header (providers.md B4).
 */
public final class CustomerPortal implements AutoCloseable {
  private static final Duration CODE_LIFE = Duration.ofMinutes(1);
  private static final Window DOCUMENTED = new Window(60, Duration.ofMinutes(1));
  private static final Set<String> EXCHANGE =
      Set.of("grant_type", "client_id", "client_secret", "redirect_uri", "code");
  private static final Set<String> REFRESH =
      Set.of("grant_type", "client_id", "client_secret", "refresh_token");

  private final CounterpartServer server;
  private final TokenBook book;
  private final Map<String, App> apps = new ConcurrentHashMap<>();
  private final Set<String> keys = ConcurrentHashMap.newKeySet();
  private final RateLimit limit =
      new RateLimit(
          InstantSource.system(),
          RateLimit.Reset.UNIX_TIME,
          error(429, "Too many requests."),
          DOCUMENTED);
  private final AtomicLong refreshTokens = new AtomicLong();
  private volatile Duration tokenLife = Duration.ofHours(1);
  private volatile Withdrawal withdrawal = Withdrawal.BAD_REQUEST;
  private volatile String header = "Authentication";

  private record App(String secret, URI redirectUri) {}

  public CustomerPortal(KeyMaterial tls, BinaryOperator<String> plant) {
    this.server = new CounterpartServer("portal", tls, plant);
    this.book = new TokenBook(server);
    server.router().get("/oauth/authorize").handler(this::authorize);
    server.router().post("/oauth/authorize").handler(this::login);
    server.on(HttpMethod.POST, "/oauth/tokens", limit.around(this::token, this::caller));
    server.on(HttpMethod.GET, "/v1/customers", limit.around(this::customers, this::caller));
  }

  /** 60 calls of a key or token in a rolling minute. */
  static MovingWindows documented() {
    return new MovingWindows(DOCUMENTED);
  }

  /** Host and port, in place of {@code manage.mijnklantportaal.nl}. */
  public String authority() {
    return server.authority();
  }

  /** Registers an app; gives its App Secret. */
  public String register(String appId, URI redirectUri) {
    String secret = server.secret("client secret");
    apps.put(appId, new App(secret, redirectUri));
    return secret;
  }

  /** An API key, shown once. */
  public String apiKey() {
    String key = server.secret("API key");
    keys.add(key);
    return key;
  }

  public void withdraw(String apiKey) {
    keys.remove(apiKey);
  }

  /** Its two documents disagree on the header that the API reads; from now on it is this one. */
  public void reads(String headerName) {
    header = headerName;
  }

  /** Refresh tokens that it has given out. */
  public long refreshTokens() {
    return refreshTokens.get();
  }

  public void tokensLive(Duration life) {
    tokenLife = life;
  }

  /**
   * Until {@link #allowsAsDocumented()}: so many calls with one key or token in any stretch of that
   * length. A token request is one with its code or refresh token.
   */
  public void allows(int calls, Duration length) {
    limit.allows(calls, length);
  }

  public void allowsAsDocumented() {
    limit.asDocumented();
  }

  /** How often somebody called before the time that a 429 had named. */
  public int calledTooEarly() {
    return limit.early();
  }

  /** How it answers to a refresh token whose user withdrew the access; it is not documented. */
  public enum Withdrawal {
    BAD_REQUEST(400, error(400, "The code or refresh token is not valid.")),
    UNAUTHORIZED(401, error(401, "Unauthorized.")),
    FORBIDDEN(403, error(403, "Forbidden.")),
    /** As RFC 6749 §5.2 has it. */
    INVALID_GRANT(400, new JsonObject().put("error", "invalid_grant"));

    private final int status;
    private final String body;

    Withdrawal(int status, JsonObject body) {
      this.status = status;
      this.body = body.encode();
    }

    private Refused refused() {
      return new Refused("withdrawn", Refused.Reply.json(status, new JsonObject(body)));
    }
  }

  /** From now on; {@code BAD_REQUEST} by default. */
  public void answersWithdrawn(Withdrawal how) {
    withdrawal = how;
  }

  /** The user withdraws the access: both tokens die. */
  public void revoke(String account) {
    book.revoke(account);
  }

  /** Whether the API takes this header value. */
  public boolean accepts(String headerValue) {
    return headerValue.startsWith("Bearer ")
        && (keys.contains(headerValue.substring(7))
            || book.access(headerValue.substring(7), Instant.now()).isPresent());
  }

  public URI customersUrl() {
    return server.uri("/v1/customers");
  }

  public List<Call> calls() {
    return server.calls();
  }

  private void authorize(RoutingContext context) {
    Map<String, String> query = Web.query(context);
    App app = apps.get(query.getOrDefault("client_id", ""));
    if (app == null || !app.redirectUri().toString().equals(query.get("redirect_uri"))) {
      context.response().setStatusCode(400).end("unknown app or redirect_uri");
      return;
    }
    if (query.getOrDefault("state", "").isEmpty() || !"code".equals(query.get("response_type"))) {
      Web.redirect(
          context,
          app.redirectUri(),
          Map.of("error", "invalid_request", "error_description", "state is required"));
      return;
    }
    if (Web.words(query.getOrDefault("scope", "")).isEmpty()) {
      Web.redirect(
          context,
          app.redirectUri(),
          Map.of("error", "invalid_scope", "state", query.getOrDefault("state", "")));
      return;
    }
    Web.question(context, "/oauth/authorize", query);
  }

  private void login(RoutingContext context) {
    Map<String, String> form = Web.form(context);
    URI redirectUri = URI.create(form.getOrDefault("redirect_uri", ""));
    Map<String, String> back = new LinkedHashMap<>();
    if ("no".equals(form.get("decision"))) {
      back.put("error", "access_denied");
      back.put("error_description", "The user denied the request");
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
                  Optional.empty(),
                  Instant.now().plus(CODE_LIFE))));
    }
    back.put("state", form.getOrDefault("state", ""));
    Web.redirect(context, redirectUri, back);
  }

  private Refused.Reply token(HttpServerRequest request, Parameters body) throws Refused {
    Instant now = Instant.now();
    if (!body.mediaType().equals(Parameters.JSON) || body.values().isEmpty()) {
      throw refused("not JSON", 400, "The body must be JSON.");
    }
    if (request.getHeader("Authorization") != null || request.query() != null) {
      throw refused("credentials outside the body", 401, "Unauthorized.");
    }
    String appId = body.get("client_id").orElse("");
    App app = apps.get(appId);
    if (app == null || !Optional.of(app.secret()).equals(body.get("client_secret"))) {
      throw refused("client", 401, "Unauthorized.");
    }
    return switch (body.get("grant_type").orElse("")) {
      case "authorization_code" -> exchange(body, appId, app, now);
      case "refresh_token" -> refresh(body, appId, now);
      default -> throw refused("grant type", 400, "Unknown grant type.");
    };
  }

  private Refused.Reply exchange(Parameters body, String appId, App app, Instant now)
      throws Refused {
    mustHaveExactly(EXCHANGE, body);
    TokenBook.Code code =
        book.redeem(body.get("code").orElse(""), now).orElseThrow(CustomerPortal::ended);
    if (!code.clientId().equals(appId)
        || !body.get("redirect_uri").equals(Optional.of(app.redirectUri().toString()))) {
      throw ended();
    }
    TokenBook.Grant grant = book.grant(code, now);
    refreshTokens.incrementAndGet();
    return Refused.Reply.json(
        200, accessToken(grant, now).put("refresh_token", book.refreshToken(grant)));
  }

  /** The first refresh token stays in use. */
  private Refused.Reply refresh(Parameters body, String appId, Instant now) throws Refused {
    mustHaveExactly(REFRESH, body);
    TokenBook.Grant grant =
        book.grantOf(body.get("refresh_token").orElse(""))
            .filter(each -> each.code().clientId().equals(appId))
            .orElseThrow(CustomerPortal::ended);
    if (grant.isRevoked()) {
      throw withdrawal.refused();
    }
    return Refused.Reply.json(200, accessToken(grant, now));
  }

  /** No token type, no scope. */
  private JsonObject accessToken(TokenBook.Grant grant, Instant now) {
    return new JsonObject()
        .put(
            "access_token",
            book.accessToken(Optional.of(grant), grant.code().scopes(), "", now, tokenLife))
        .put("expires_in", tokenLife.toSeconds());
  }

  private Refused.Reply customers(HttpServerRequest request, Parameters body) throws Refused {
    if (!accepts(Optional.ofNullable(request.getHeader(header)).orElse(""))) {
      throw refused("token", 401, "Unauthenticated.");
    }
    return Refused.Reply.json(200, new JsonObject().put("customers", new JsonArray()));
  }

  private String caller(HttpServerRequest request, Parameters body) {
    return body.get("refresh_token")
        .or(() -> body.get("code"))
        .or(() -> Optional.ofNullable(request.getHeader(header)))
        .orElse("");
  }

  private static void mustHaveExactly(Set<String> documented, Parameters body) throws Refused {
    if (!body.values().keySet().equals(documented)) {
      throw refused("other members than those that are documented", 400, "Unknown parameter.");
    }
  }

  private static Refused ended() {
    return refused("the grant is over", 400, "The code or refresh token is not valid.");
  }

  private static Refused refused(String why, int status, String message) {
    return new Refused(why, Refused.Reply.json(status, error(status, message)));
  }

  private static JsonObject error(int code, String message) {
    return new JsonObject().put("code", code).put("message", message);
  }

  @Override
  public void close() {
    server.close();
  }
}
