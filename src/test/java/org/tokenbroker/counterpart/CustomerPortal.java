package org.tokenbroker.counterpart;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BinaryOperator;
import org.tokenbroker.sandbox.KeyMaterial;

/**
 * MijnKlantportaal: token requests in JSON, answers without token type, one refresh token that
 * stays, errors that are no OAuth errors, API keys in the same header (providers.md B4).
 */
public final class CustomerPortal implements AutoCloseable {
  private static final Duration CODE_LIFE = Duration.ofMinutes(1);

  private final CounterpartServer server;
  private final TokenBook book;
  private final Map<String, App> apps = new ConcurrentHashMap<>();
  private final Set<String> keys = ConcurrentHashMap.newKeySet();
  private final AtomicInteger throttled = new AtomicInteger();
  private volatile Duration tokenLife = Duration.ofHours(1);

  private record App(String secret, URI redirectUri) {}

  public CustomerPortal(KeyMaterial tls, BinaryOperator<String> plant) {
    this.server = new CounterpartServer("portal", tls, plant);
    this.book = new TokenBook(server);
    server.router().get("/oauth/authorize").handler(this::authorize);
    server.router().post("/oauth/authorize").handler(this::login);
    server.on(HttpMethod.POST, "/oauth/tokens", this::token);
    server.on(HttpMethod.GET, "/v1/customers", this::customers);
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

  public void tokensLive(Duration life) {
    tokenLife = life;
  }

  /** The next token requests are over the limit. */
  public void throttles(int count) {
    throttled.set(count);
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
    if (throttled.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new Refused(
          "rate limit",
          new Refused.Reply(
              429,
              Map.of(
                  "x-ratelimit-limit", "60",
                  "x-ratelimit-remaining", "0",
                  "x-ratelimit-reset", Long.toString(now.plusSeconds(2).getEpochSecond())),
              error(429, "Too many requests.")));
    }
    if (!body.mediaType().equals(Parameters.JSON) || body.values().isEmpty()) {
      throw refused("not JSON", 400, "The body must be JSON.");
    }
    if (request.getHeader("Authorization") != null || request.query() != null) {
      throw refused("credentials outside the body", 401, "Unauthorized.");
    }
    if (body.has("code_verifier") || body.has("scope")) {
      throw refused("a parameter that is not documented", 400, "Unknown parameter.");
    }
    String appId = body.get("client_id").orElse("");
    App app = apps.get(appId);
    if (app == null || !Optional.of(app.secret()).equals(body.get("client_secret"))) {
      throw new Refused(
          "client", Refused.Reply.json(401, new JsonObject().put("error", "invalid_client")));
    }
    return switch (body.get("grant_type").orElse("")) {
      case "authorization_code" -> exchange(body, appId, app, now);
      case "refresh_token" -> refresh(body, appId, now);
      default -> throw refused("grant type", 400, "Unknown grant type.");
    };
  }

  private Refused.Reply exchange(Parameters body, String appId, App app, Instant now)
      throws Refused {
    TokenBook.Code code =
        book.redeem(body.get("code").orElse(""), now).orElseThrow(CustomerPortal::ended);
    if (!code.clientId().equals(appId)
        || !body.get("redirect_uri").equals(Optional.of(app.redirectUri().toString()))) {
      throw ended();
    }
    TokenBook.Grant grant = book.grant(code, now);
    return Refused.Reply.json(
        200, accessToken(grant, now).put("refresh_token", book.refreshToken(grant)));
  }

  /** The first refresh token stays in use. */
  private Refused.Reply refresh(Parameters body, String appId, Instant now) throws Refused {
    if (body.has("redirect_uri")) {
      throw refused("redirect_uri on refresh", 400, "Unknown parameter.");
    }
    TokenBook.Grant grant =
        book.grantOf(body.get("refresh_token").orElse(""))
            .filter(each -> each.code().clientId().equals(appId) && !each.isRevoked())
            .orElseThrow(CustomerPortal::ended);
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
    String header = Optional.ofNullable(request.getHeader("Authentication")).orElse("");
    if (!accepts(header)) {
      throw refused("token", 401, "Unauthenticated.");
    }
    return Refused.Reply.json(200, new JsonObject().put("customers", new JsonArray()));
  }

  private static Refused ended() {
    return new Refused(
        "the grant is over",
        Refused.Reply.json(400, new JsonObject().put("error", "invalid_grant")));
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
