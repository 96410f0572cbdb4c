package org.tokenbroker.sandbox;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An authorization server on loopback that forgives nothing: PKCE is mandatory, codes and refresh
 * tokens are single-use, clients prove themselves with exactly the method they registered. It
 * remembers every token request in its {@link #ledger()} and fails on demand by its {@link
 * #faults()}. Its resource {@code /api/whoami} proves that a token is good.
 */
public final class StrictAuthorizationServer {
  private static final long LARGEST_FORM = 64L * 1024;

  private final Vertx vertx;
  private final StrictOptions options;
  private final int port;
  private final TokenLedger ledger;
  private final FaultScript faults = new FaultScript();
  private final Grants grants;
  private final ClientAuthenticator authenticator;
  private final AtomicLong resourceCalls = new AtomicLong();
  private HttpServer http;

  private StrictAuthorizationServer(Vertx vertx, StrictOptions options, HttpServer http) {
    this.vertx = vertx;
    this.options = options;
    this.http = http;
    this.port = http.actualPort();
    this.ledger = new TokenLedger(options.time());
    this.grants = new Grants(options, ledger);
    String audience =
        switch (options.assertionAudience()) {
          case TOKEN_ENDPOINT -> tokenEndpoint().toString();
          case ISSUER -> issuer();
        };
    this.authenticator =
        new ClientAuthenticator(options, new ClientAssertions(options.time(), audience));
  }

  /** Starts to listen on 127.0.0.1; fails when the port is taken. */
  public static Future<StrictAuthorizationServer> start(Vertx vertx, StrictOptions options) {
    Router router = Router.router(vertx);
    return bind(vertx, router, options, options.port())
        .map(
            http -> {
              StrictAuthorizationServer server =
                  new StrictAuthorizationServer(vertx, options, http);
              server.route(router);
              return server;
            });
  }

  /** The issuer identifier (RFC 8414 §2), as it stands in {@code iss}. */
  public String issuer() {
    return (options.tls().isPresent() ? "https" : "http") + "://127.0.0.1:" + port;
  }

  public URI authorizationEndpoint() {
    return URI.create(issuer() + "/authorize");
  }

  public URI tokenEndpoint() {
    return URI.create(issuer() + "/token");
  }

  public URI revocationEndpoint() {
    return URI.create(issuer() + "/revoke");
  }

  /** The protected resource. */
  public URI whoAmI() {
    return URI.create(issuer() + "/api/whoami");
  }

  public TokenLedger ledger() {
    return ledger;
  }

  public FaultScript faults() {
    return faults;
  }

  /** Adds a client, or replaces the one with the same id: a new secret, new keys, other scopes. */
  public void register(OAuthClient client) {
    authenticator.register(client);
  }

  /**
   * Revokes all that this account gave, as an owner does at the provider (MK-9); the number of
   * grants it hit.
   */
  public int revokeGrants(String account) {
    return grants.revokeAccount(account);
  }

  /** Revokes everything. */
  public void revokeAll() {
    grants.revokeAll();
  }

  /**
   * The newest refresh token of each living grant of this account, oldest grant first (invariant
   * I1).
   */
  public List<String> newestRefreshTokens(String account) {
    return grants.newestRefreshTokens(account);
  }

  /** Whether the resource would accept this access token now. */
  public boolean accepts(String accessToken) {
    return grants.valid(accessToken).isPresent();
  }

  /** Every code and token ever made here, to search for in logs and dumps. */
  public Set<String> issuedSecrets() {
    return grants.made();
  }

  /** How often the resource was called. */
  public long resourceCalls() {
    return resourceCalls.get();
  }

  /** Stops to listen and cuts every connection; what it knows is kept for {@link #resume}. */
  public Future<Void> stop() {
    return http.close();
  }

  /** Listens again on the same port after {@link #stop}. */
  public Future<Void> resume() {
    Router router = Router.router(vertx);
    route(router);
    return bind(vertx, router, options, port).onSuccess(listening -> http = listening).mapEmpty();
  }

  private static Future<HttpServer> bind(
      Vertx vertx, Router router, StrictOptions options, int port) {
    HttpServerOptions http =
        new HttpServerOptions().setHost("127.0.0.1").setPort(port).setHttp2ClearTextEnabled(false);
    options.tls().ifPresent(material -> http.setSsl(true).setKeyCertOptions(pem(material)));
    return vertx.createHttpServer(http).requestHandler(router).listen();
  }

  private static PemKeyCertOptions pem(KeyMaterial material) {
    return new PemKeyCertOptions()
        .addCertValue(Buffer.buffer(material.chainPem()))
        .addKeyValue(Buffer.buffer(material.keyPem()));
  }

  private void route(Router router) {
    AuthorizeHandler authorize = new AuthorizeHandler(issuer(), authenticator, grants);
    TokenEndpointHandler token =
        new TokenEndpointHandler(vertx, options, authenticator, grants, ledger, faults);
    BodyHandler body = BodyHandler.create(false).setBodyLimit(LARGEST_FORM);
    router.get("/.well-known/oauth-authorization-server").handler(this::metadata);
    router.get("/authorize").handler(authorize::ask);
    router.post("/authorize/decision").handler(body).handler(authorize::decide);
    router.route(HttpMethod.POST, "/token").handler(body).handler(token::handle);
    router.route(HttpMethod.POST, "/revoke").handler(body).handler(this::revoke);
    router.get("/api/whoami").handler(this::whoAmI);
  }

  private void metadata(RoutingContext context) {
    json(
        context,
        200,
        new JsonObject()
            .put("issuer", issuer())
            .put("authorization_endpoint", authorizationEndpoint().toString())
            .put("token_endpoint", tokenEndpoint().toString())
            .put("revocation_endpoint", revocationEndpoint().toString())
            .put("response_types_supported", JsonArray.of("code"))
            .put(
                "grant_types_supported",
                JsonArray.of("authorization_code", "refresh_token", "client_credentials"))
            .put(
                "token_endpoint_auth_methods_supported",
                JsonArray.of(
                    "client_secret_basic", "client_secret_post", "private_key_jwt", "none"))
            .put(
                "token_endpoint_auth_signing_alg_values_supported",
                JsonArray.of("ES256", "RS256", "PS256", "EdDSA"))
            .put("code_challenge_methods_supported", JsonArray.of("S256"))
            .put("authorization_response_iss_parameter_supported", true));
  }

  private void revoke(RoutingContext context) {
    try {
      FormRules.check(context);
      OAuthClient client =
          authenticator.authenticate(
              context.request().getHeader("Authorization"), context.request().formAttributes());
      grants.revokeToken(client, FormRules.required(context.request().formAttributes(), "token"));
      context.response().setStatusCode(200).end();
    } catch (OAuthError e) {
      TokenEndpointHandler.TokenAnswer answer = TokenEndpointHandler.TokenAnswer.of(e);
      context.response().setStatusCode(answer.status());
      answer.headers().forEach(context.response()::putHeader);
      context.response().end(answer.body());
    }
  }

  private void whoAmI(RoutingContext context) {
    resourceCalls.incrementAndGet();
    Optional<Grants.Access> access =
        Optional.ofNullable(context.request().getHeader("Authorization"))
            .filter(header -> header.regionMatches(true, 0, "Bearer ", 0, 7))
            .flatMap(header -> grants.valid(header.substring(7).strip()));
    if (access.isEmpty()) {
      context.response().putHeader("WWW-Authenticate", "Bearer error=\"invalid_token\"");
      json(context, 401, new JsonObject().put("error", "invalid_token"));
      return;
    }
    json(
        context,
        200,
        new JsonObject()
            .put("account", access.get().account())
            .put("client_id", access.get().clientId())
            .put("scope", String.join(" ", access.get().scopes()))
            .put("expires_at", access.get().expiresAt().toString()));
  }

  private static void json(RoutingContext context, int status, JsonObject body) {
    context
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .putHeader("Cache-Control", "no-store")
        .end(body.encode());
  }
}
