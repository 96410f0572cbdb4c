package org.tokenbroker.counterpart;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BinaryOperator;
import org.tokenbroker.counterpart.MovingWindows.Window;
import org.tokenbroker.sandbox.KeyMaterial;

/**
 * Booking Experts: installs that come back with a code and nothing else, refresh answers that
 * differ from code answers, a subscription to be looked up (providers.md B3).
 */
public final class BookingPlatform implements AutoCloseable {
  private static final String JSON_API = "application/vnd.api+json";
  private static final Duration CODE_LIFE = Duration.ofMinutes(10);
  private static final Window[] DOCUMENTED = {
    new Window(100, Duration.ofMinutes(1)), new Window(500, Duration.ofMinutes(15))
  };

  private final CounterpartServer server;
  private final TokenBook book;
  private final Map<String, App> apps = new ConcurrentHashMap<>();
  private final Map<String, String> keys = new ConcurrentHashMap<>();
  private final AtomicInteger lookupsToFail = new AtomicInteger();
  private final RateLimit limit =
      new RateLimit(
          InstantSource.system(),
          RateLimit.Reset.NONE,
          new JsonObject().put("errors", new JsonArray().add(error("429", "TOO_MANY_REQUESTS"))),
          DOCUMENTED);
  private volatile boolean halted;
  private volatile Duration firstLife = Duration.ofSeconds(604_800);
  private volatile Duration laterLife = Duration.ofSeconds(3600);
  private volatile URI returnUrl = URI.create("https://app.bookingexperts.nl/parks/1/apps/7");

  private record App(String secret, URI redirectUri) {}

  public BookingPlatform(KeyMaterial tls, BinaryOperator<String> plant) {
    this.server = new CounterpartServer("booking", tls, plant);
    this.book = new TokenBook(server);
    server.on(HttpMethod.POST, "/oauth/token", limit.around(this::token, this::caller));
    server.on(HttpMethod.GET, "/v3/subscription", limit.around(this::subscription, this::caller));
    server.on(
        HttpMethod.GET, "/v3/administrations", limit.around(this::administrations, this::caller));
  }

  /** 500 calls in a moving quarter of an hour, in bursts of 100 in a minute. */
  static MovingWindows documented() {
    return new MovingWindows(DOCUMENTED);
  }

  /** Host and port, in place of {@code api.bookingexperts.nl}. */
  public String authority() {
    return server.authority();
  }

  /** Registers an app; gives its secret. */
  public String register(String clientId, URI redirectUri) {
    String secret = server.secret("client secret");
    apps.put(clientId, new App(secret, redirectUri));
    return secret;
  }

  /** The app with this redirect URI. */
  public Optional<String> clientOf(URI redirectUri) {
    return apps.entrySet().stream()
        .filter(app -> app.getValue().redirectUri().equals(redirectUri))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** Somebody of this organization presses Install and accepts: where the browser is sent. */
  public URI install(String clientId, String organization) {
    App app = Optional.ofNullable(apps.get(clientId)).orElseThrow();
    String code =
        book.code(
            new TokenBook.Code(
                organization,
                clientId,
                "",
                Optional.of(app.redirectUri()),
                Set.of("subscription|read", "administration|read"),
                Optional.empty(),
                Instant.now().plus(CODE_LIFE)));
    return Web.url(app.redirectUri(), Map.of("code", code));
  }

  /** An API key of this organization. */
  public String apiKey(String organization) {
    String key = server.secret("API key");
    keys.put(key, organization);
    return key;
  }

  /** Lives of the tokens of a code and of a refresh; 604,800 s and 3,600 s by default. */
  public void tokensLive(Duration first, Duration later) {
    firstLife = first;
    laterLife = later;
  }

  /** The next lookups of a subscription fail with 503. */
  public void failsLookups(int count) {
    lookupsToFail.set(count);
  }

  /** Until {@link #allowsAsDocumented()}: so many calls of an app in any stretch of that length. */
  public void allows(int calls, Duration length) {
    limit.allows(calls, length);
  }

  public void allowsAsDocumented() {
    limit.asDocumented();
  }

  /** Whether the app is halted: every request of it is refused, whoever's grant it is for. */
  public void halts(boolean now) {
    halted = now;
  }

  /** Where subscriptions say that the owner should return to. */
  public void returnsTo(URI url) {
    returnUrl = url;
  }

  /** The organization removes the app. */
  public void uninstall(String organization) {
    book.revoke(organization);
  }

  public boolean accepts(String accessToken) {
    return book.access(accessToken, Instant.now()).isPresent();
  }

  public boolean sawReuse() {
    return book.grants().stream().anyMatch(TokenBook.Grant::wasReused);
  }

  public List<Call> calls() {
    return server.calls();
  }

  private Refused.Reply token(HttpServerRequest request, Parameters body) throws Refused {
    Instant now = Instant.now();
    if (!body.mediaType().equals(Parameters.FORM) || !body.repeated().isEmpty()) {
      throw refused("not a form", 400, "invalid_request");
    }
    if (request.getHeader("Authorization") != null || request.query() != null) {
      throw refused("credentials outside the body", 401, "invalid_client");
    }
    if (body.has("scope") || body.has("state")) {
      throw refused("a parameter that is not documented", 400, "invalid_request");
    }
    String clientId = body.get("client_id").orElse("");
    App app = apps.get(clientId);
    if (app == null || !Optional.of(app.secret()).equals(body.get("client_secret"))) {
      throw refused("client", 401, "invalid_client");
    }
    refuseIfHalted();
    return switch (body.get("grant_type").orElse("")) {
      case "authorization_code" -> exchange(body, clientId, app, now);
      case "refresh_token" -> refresh(body, clientId, now);
      default -> throw refused("grant type", 400, "unsupported_grant_type");
    };
  }

  private void refuseIfHalted() throws Refused {
    if (halted) {
      throw new Refused(
          "app halted",
          Refused.Reply.json(
              403,
              new JsonObject()
                  .put("errors", new JsonArray().add(error("403", "APPLICATION_HALTED")))));
    }
  }

  /** An error of JSON:API. */
  private static JsonObject error(String status, String code) {
    return new JsonObject().put("status", status).put("code", code).put("title", "Refused");
  }

  /** The app, by its client id or by whom a token was given to; else the key; else nobody. */
  private String caller(HttpServerRequest request, Parameters body) {
    Optional<String> key = Optional.ofNullable(request.getHeader("x-api-key"));
    return body.get("client_id")
        .or(() -> key)
        .or(() -> grant(request).map(grant -> grant.code().clientId()))
        .orElse("");
  }

  private Refused.Reply exchange(Parameters body, String clientId, App app, Instant now)
      throws Refused {
    String value = body.get("code").orElse("");
    if (book.isSpent(value)) {
      throw refused("code used before", 400, "invalid_grant");
    }
    TokenBook.Code code =
        book.redeem(value, now).orElseThrow(() -> refused("code unknown", 400, "invalid_grant"));
    if (!code.clientId().equals(clientId)
        || !body.get("redirect_uri").equals(Optional.of(app.redirectUri().toString()))) {
      throw refused("redirect mismatch", 400, "invalid_grant");
    }
    TokenBook.Grant grant = book.grant(code, now);
    return Refused.Reply.json(
        200,
        new JsonObject()
            .put(
                "access_token",
                book.accessToken(Optional.of(grant), code.scopes(), "", now, firstLife))
            .put("token_type", "Bearer")
            .put("expires_in", firstLife.toSeconds())
            .put("refresh_token", book.refreshToken(grant))
            .put("scope", String.join(" ", code.scopes())));
  }

  /** Says {@code expires}, and no scope. */
  private Refused.Reply refresh(Parameters body, String clientId, Instant now) throws Refused {
    if (body.has("redirect_uri")) {
      throw refused("redirect_uri on refresh", 400, "invalid_request");
    }
    String token = body.get("refresh_token").orElse("");
    TokenBook.Grant grant =
        book.grantOf(token)
            .filter(each -> each.code().clientId().equals(clientId))
            .orElseThrow(() -> refused("unknown refresh token", 400, "invalid_grant"));
    if (grant.isRevoked() || !book.isNewest(grant, token)) {
      throw refused("revoked or used before", 400, "invalid_grant");
    }
    return Refused.Reply.json(
        200,
        new JsonObject()
            .put(
                "access_token",
                book.accessToken(Optional.of(grant), grant.code().scopes(), "", now, laterLife))
            .put("refresh_token", book.refreshToken(grant))
            .put("token_type", "Bearer")
            .put("expires", laterLife.toSeconds()));
  }

  private Refused.Reply subscription(HttpServerRequest request, Parameters body) throws Refused {
    String organization = organization(request);
    if (lookupsToFail.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new Refused("out of order", Refused.Reply.json(503, new JsonObject()));
    }
    String id = "sub-" + organization;
    JsonObject administrations =
        new JsonObject()
            .put("data", JsonArray.of(access(organization + "-1"), access(organization + "-2")));
    JsonObject document = new JsonObject();
    if ("administration_subscriptions".equals(request.getParam("include"))) {
      document.put(
          "included", JsonArray.of(accessTo(organization + "-1"), accessTo(organization + "-2")));
    }
    return new Refused.Reply(
        200,
        Map.of("Content-Type", JSON_API),
        document.put(
            "data",
            new JsonObject()
                .put("id", id)
                .put("type", "subscription")
                .put("attributes", new JsonObject().put("authorized", true))
                .put(
                    "links",
                    new JsonObject()
                        .put("self", server.uri("/v3/subscription").toString())
                        .put("url", returnUrl.toString()))
                .put(
                    "relationships",
                    new JsonObject()
                        .put("organization", relation("organization", organization))
                        .put("administration_subscriptions", administrations))));
  }

  /** That a subscription has access to an administration: another resource, with another id. */
  private static JsonObject access(String administration) {
    return new JsonObject()
        .put("id", "access-" + administration)
        .put("type", "administration_subscription");
  }

  /** The same in full: only this tells which administration it is. */
  private static JsonObject accessTo(String administration) {
    return access(administration)
        .put(
            "relationships",
            new JsonObject()
                .put("administration", relation("administration", administration))
                .put("channel", relation("channel", "channel-1")));
  }

  private static JsonObject relation(String type, String id) {
    return new JsonObject().put("data", new JsonObject().put("id", id).put("type", type));
  }

  private Refused.Reply administrations(HttpServerRequest request, Parameters body) throws Refused {
    return new Refused.Reply(
        200,
        Map.of("Content-Type", JSON_API),
        new JsonObject()
            .put("data", new JsonArray())
            .put("meta", new JsonObject().put("organization", organization(request))));
  }

  /** By OAuth token or by API key; 401 without commas in its header. */
  private String organization(HttpServerRequest request) throws Refused {
    String accept = Optional.ofNullable(request.getHeader("accept")).orElse("");
    if (!accept.contains(JSON_API)) {
      throw new Refused("Accept", Refused.Reply.json(406, new JsonObject()));
    }
    Optional<String> key = Optional.ofNullable(request.getHeader("x-api-key"));
    return key.map(keys::get)
        .or(() -> grant(request).map(grant -> grant.code().account()))
        .orElseThrow(
            () ->
                new Refused(
                    "token",
                    new Refused.Reply(
                        401,
                        Map.of("WWW-Authenticate", challenge()),
                        new JsonObject()
                            .put("error", "invalid_token")
                            .put("error_description", "The access token expired"))));
  }

  private Optional<TokenBook.Grant> grant(HttpServerRequest request) {
    return Optional.ofNullable(request.getHeader("authorization"))
        .filter(header -> header.startsWith("Bearer "))
        .flatMap(header -> book.access(header.substring(7), Instant.now()))
        .flatMap(TokenBook.Access::grant);
  }

  /** The header of a refused call, with no comma between its parameters. */
  public static String challenge() {
    return "Bearer error=\"invalid_token\" error_description=\"The access token expired\"";
  }

  private static Refused refused(String why, int status, String code) {
    return new Refused(
        why,
        Refused.Reply.json(
            status,
            new JsonObject()
                .put("error", code)
                .put("error_description", "The provided authorization grant is invalid")));
  }

  /** Organizations that have a living grant. */
  public Set<String> installedBy() {
    Set<String> organizations = new HashSet<>();
    book.grants().stream()
        .filter(grant -> !grant.isRevoked())
        .forEach(grant -> organizations.add(grant.code().account()));
    return organizations;
  }

  @Override
  public void close() {
    server.close();
  }
}
