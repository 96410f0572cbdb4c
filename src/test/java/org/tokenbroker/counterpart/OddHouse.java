package org.tokenbroker.counterpart;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BinaryOperator;
import org.tokenbroker.sandbox.KeyMaterial;

/**
 * A provider that nobody knew before, with quirks of many real ones (providers.md C): answers are
 * nested under {@code data} with names of their own, lives count in milliseconds, the token type is
 * a sentence, scopes come as an array, and every error is a success status with {@code ok: false}.
 * The code comes under a name of its own, with the house's number and address. Token requests are
 * JSON, clients have another name, and refreshes go to an address of their own.
 */
public final class OddHouse implements AutoCloseable {
  private static final Duration CODE_LIFE = Duration.ofMinutes(1);

  private final CounterpartServer server;
  private final TokenBook book;
  private final Map<String, String> clients = new ConcurrentHashMap<>();
  private final Map<TokenBook.Grant, Instant> lastUses = new ConcurrentHashMap<>();
  private final Habits habits;

  /**
   * @param tokenLife of an access token
   * @param idleLife of a grant that nobody refreshes
   * @param pause between two refreshes of a grant; what comes sooner is refused
   * @param oneAtATime whether a refresh ends the access token before it
   * @param renewalOnce whether a further agreement of an account goes on with the grant that there
   *     is, and brings no refresh token
   */
  public record Habits(
      Duration tokenLife,
      Duration idleLife,
      Duration pause,
      boolean oneAtATime,
      boolean renewalOnce) {
    /** Of a house that minds neither idleness nor haste. */
    public static Habits easy(Duration tokenLife) {
      return new Habits(tokenLife, Duration.ofDays(1), Duration.ZERO, false, false);
    }
  }

  public OddHouse(KeyMaterial tls, BinaryOperator<String> plant, Habits habits) {
    this.server = new CounterpartServer("odd", tls, plant);
    this.book = new TokenBook(server);
    this.habits = habits;
    server
        .router()
        .get("/ask")
        .handler(context -> Web.question(context, "/answer", Web.query(context)));
    server.router().post("/answer").handler(this::answer);
    server.on(HttpMethod.POST, "/exchange", this::exchange);
    server.on(HttpMethod.POST, "/renew", this::renew);
  }

  public String authority() {
    return server.authority();
  }

  /** Registers an application; gives its secret. */
  public String register(String clientId) {
    String secret = server.secret("client secret");
    clients.put(clientId, secret);
    return secret;
  }

  /** The customer withdraws. */
  public void revoke(String account) {
    book.revoke(account);
  }

  /** Whether its API would accept this value of its header. */
  public boolean accepts(String headerValue) {
    return book.access(headerValue, Instant.now()).isPresent();
  }

  /** Whether a refresh token was ever presented twice. */
  public boolean sawReuse() {
    return book.grants().stream().anyMatch(TokenBook.Grant::wasReused);
  }

  public List<Call> calls() {
    return server.calls();
  }

  private void answer(RoutingContext context) {
    Map<String, String> form = Web.form(context);
    URI redirectUri = URI.create(form.getOrDefault("redirect_uri", ""));
    String code =
        book.code(
            new TokenBook.Code(
                form.getOrDefault("account", ""),
                form.getOrDefault("app", ""),
                "house",
                Optional.of(redirectUri),
                Set.of(form.getOrDefault("scope", "").split(",")),
                Optional.empty(),
                Instant.now().plus(CODE_LIFE)));
    Web.redirect(
        context,
        redirectUri,
        Map.of(
            "house_code",
            code,
            "house_no",
            "12b",
            "house_at",
            "https://" + authority(),
            "state",
            form.getOrDefault("state", "")));
  }

  private Refused.Reply exchange(HttpServerRequest request, Parameters body) throws Refused {
    Instant now = Instant.now();
    String app = authenticated(body, "authorization_code");
    TokenBook.Code code =
        book.redeem(body.get("code").orElse(""), now)
            .filter(each -> each.clientId().equals(app))
            .orElseThrow(() -> refused("code", "CODE_GONE"));
    Optional<TokenBook.Grant> earlier = earlier(code);
    TokenBook.Grant grant = earlier.orElseGet(() -> book.grant(code, now));
    lastUses.put(grant, now);
    return earlier.isEmpty() ? withRenewal(grant, now) : granted(data(grant, now));
  }

  private Optional<TokenBook.Grant> earlier(TokenBook.Code code) {
    return book.grants().stream()
        .filter(grant -> habits.renewalOnce() && !grant.isRevoked())
        .filter(grant -> grant.code().account().equals(code.account()))
        .filter(grant -> grant.code().clientId().equals(code.clientId()))
        .findFirst();
  }

  private Refused.Reply renew(HttpServerRequest request, Parameters body) throws Refused {
    String app = authenticated(body, "renew");
    String token = body.get("renewal").orElse("");
    TokenBook.Grant grant =
        book.grantOf(token)
            .filter(each -> each.code().clientId().equals(app) && !each.isRevoked())
            .orElseThrow(() -> refused("renewal", "AGREEMENT_OVER"));
    if (!book.isNewest(grant, token)) {
      throw refused("reuse", "AGREEMENT_OVER");
    }
    Instant now = Instant.now();
    checkTime(grant, now);
    lastUses.put(grant, now);
    if (habits.oneAtATime()) {
      book.endAccess(grant);
    }
    return withRenewal(grant, now);
  }

  private void checkTime(TokenBook.Grant grant, Instant now) throws Refused {
    Duration unused = Duration.between(lastUses.get(grant), now);
    if (unused.compareTo(habits.pause()) < 0) {
      throw refused("haste", "TOO_SOON");
    }
    if (unused.compareTo(habits.idleLife()) > 0) {
      throw refused("idleness", "AGREEMENT_OVER");
    }
  }

  private String authenticated(Parameters body, String grantType) throws Refused {
    if (!body.mediaType().equals(Parameters.JSON)
        || !body.get("grant_type").equals(Optional.of(grantType))) {
      throw refused("request", "MALFORMED");
    }
    String app = body.get("app").orElse("");
    if (!body.get("client_secret").equals(Optional.ofNullable(clients.get(app)))) {
      throw refused("client", "WHO_ARE_YOU");
    }
    return app;
  }

  private Refused.Reply withRenewal(TokenBook.Grant grant, Instant now) {
    return granted(data(grant, now).put("renewal", book.refreshToken(grant)));
  }

  private JsonObject data(TokenBook.Grant grant, Instant now) {
    Set<String> scopes = grant.code().scopes();
    return new JsonObject()
        .put("token", book.accessToken(Optional.of(grant), scopes, "api", now, habits.tokenLife()))
        .put("kind", "User Access Token")
        .put("life", new JsonObject().put("ms", habits.tokenLife().toMillis()))
        .put("may", new JsonArray(List.copyOf(scopes)))
        .put("house", new JsonObject().put("number", 4711));
  }

  private static Refused.Reply granted(JsonObject data) {
    return Refused.Reply.json(200, new JsonObject().put("ok", true).put("data", data));
  }

  private static Refused refused(String why, String code) {
    JsonObject problem = new JsonObject().put("code", code).put("says", "no");
    return new Refused(
        why, Refused.Reply.json(200, new JsonObject().put("ok", false).put("problem", problem)));
  }

  @Override
  public void close() {
    server.close();
  }
}
