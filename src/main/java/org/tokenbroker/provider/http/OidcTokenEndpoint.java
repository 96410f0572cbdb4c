package org.tokenbroker.provider.http;

import io.quarkus.oidc.client.OidcClient;
import io.quarkus.oidc.client.Tokens;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.platform.CallerContext;
import org.tokenbroker.provider.Introspection;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.Revocation;
import org.tokenbroker.provider.RevokeReply;
import org.tokenbroker.provider.TokenEndpoint;
import org.tokenbroker.provider.TokenReply;
import org.tokenbroker.provider.TokenReply.Ambiguous;
import org.tokenbroker.provider.TokenReply.Doubt;
import org.tokenbroker.provider.TokenReply.Obstacle;
import org.tokenbroker.provider.TokenReply.Unreachable;
import org.tokenbroker.provider.TokenRequest;
import org.tokenbroker.token.Secret;

/**
 * {@link TokenEndpoint} and {@link Introspection} on Quarkus OIDC Client, which makes the request
 * with its client authentication; an {@link Exchange} carries it out, and {@link Replies} tell what
 * came of it.
 */
@ApplicationScoped
public class OidcTokenEndpoint implements TokenEndpoint, Introspection {
  private static final Outcome NOTHING_SENT = new Outcome.Unsent(Obstacle.HELD_BACK);
  private static final Outcome UNPROVEN = new Outcome.Unsent(Obstacle.CREDENTIAL_UNUSABLE);

  private final OidcClientPool pool;
  private final ProviderGuards guards;
  private final Exchanges exchanges;
  private final InstantSource clock;
  private final Vertx vertx;
  private final CallMeter meter;

  OidcTokenEndpoint(
      OidcClientPool pool,
      ProviderGuards guards,
      Exchanges exchanges,
      InstantSource clock,
      Vertx vertx,
      CallMeter meter) {
    this.pool = pool;
    this.guards = guards;
    this.exchanges = exchanges;
    this.clock = clock;
    this.vertx = vertx;
    this.meter = meter;
  }

  /**
   * What OIDC Client is asked for.
   *
   * @param form parameters beside those that it puts in itself
   * @param operation of OIDC Client, with all parameters
   */
  private record Call(
      Purpose purpose,
      Manner manner,
      Map<String, String> form,
      BiFunction<OidcClient, Map<String, String>, Uni<?>> operation) {
    Uni<?> carriedOutBy(Exchange exchange, OidcClient oidc, Map<String, String> all) {
      return ExchangeFilter.attach(exchange, manner, operation.apply(oidc, all));
    }
  }

  @Override
  public Uni<TokenReply> request(ProviderClient client, TokenRequest request) {
    Profile profile = client.profile();
    Uni<Outcome> exchange =
        exchange(
            client,
            new Call(
                Purpose.of(request),
                Manner.of(client, request),
                TokenForm.parameters(client, request),
                (oidc, form) -> send(oidc, request, form)));
    return CallerContext.keep(
        guards
            .of(client)
            .call(
                meter
                    .measured(exchange, client, operation(profile, request))
                    .map(ended -> Replies.token(ended, TokenForm.kind(request), profile)),
                new Unreachable(Obstacle.HELD_BACK),
                new Ambiguous(Doubt.TIMEOUT)));
  }

  private static Operation operation(Profile profile, TokenRequest request) {
    return request instanceof TokenRequest.RefreshToken && profile.endpoints().refresh().isPresent()
        ? Operation.REFRESH
        : Operation.TOKEN;
  }

  private static Uni<Tokens> send(OidcClient oidc, TokenRequest request, Map<String, String> form) {
    return switch (request) {
      case TokenRequest.RefreshToken refresh ->
          oidc.refreshTokens(refresh.refreshToken().reveal(), form);
      case TokenRequest.AuthorizationCode code -> oidc.getTokens(form);
      case TokenRequest.ClientCredentials credentials -> oidc.getTokens(form);
    };
  }

  @Override
  public Uni<RevokeReply> revoke(ProviderClient client, Revocation revocation) {
    if (client.site().revoke().isEmpty()) {
      return Uni.createFrom().item(new RevokeReply.Unsupported());
    }
    Uni<Outcome> exchange =
        exchange(
            client,
            new Call(
                Purpose.REVOCATION,
                Manner.of(client, revocation),
                TokenForm.parameters(client, revocation),
                (oidc, form) -> oidc.revokeAccessToken(revocation.token().reveal(), form)));
    return CallerContext.keep(
        guards
            .of(client)
            .call(
                meter.measured(exchange, client, Operation.REVOKE).map(Replies::revoke),
                Replies.REVOKE_LATER,
                Replies.REVOKE_LATER));
  }

  @Override
  public Uni<Optional<Instant>> end(ProviderClient client, Secret accessToken) {
    Uni<Outcome> exchange =
        exchange(
            client,
            new Call(
                Purpose.INTROSPECTION,
                Manner.ofIntrospection(client),
                Map.of("token_type_hint", "access_token"),
                (oidc, form) -> oidc.revokeAccessToken(accessToken.reveal(), form)));
    return CallerContext.keep(
        guards
            .of(client)
            .call(
                meter.measured(exchange, client, Operation.INTROSPECT).map(Replies::introspection),
                Optional.empty(),
                Optional.empty()));
  }

  private Uni<Outcome> exchange(ProviderClient client, Call call) {
    return Uni.createFrom()
        .deferred(
            () ->
                pool.client(client, call.purpose())
                    .map(pooled -> carryOut(pooled, client, call))
                    .orElseGet(() -> Uni.createFrom().item(UNPROVEN)));
  }

  /** OIDC Client's own reply is left aside: it fails by design, see {@link ExchangeFilter}. */
  private Uni<Outcome> carryOut(PooledClient pooled, ProviderClient client, Call call) {
    Exchange exchange = exchanges.open(client.profile());
    return pooled
        .use(
            oidc ->
                authenticated(client, call.form())
                    .chain(form -> carriedOut(exchange, oidc, call, form)))
        .onItemOrFailure()
        .transform((ended, failure) -> exchange.outcome().orElse(withoutExchange(ended)));
  }

  private static Uni<?> carriedOut(
      Exchange exchange, OidcClient oidc, Call call, Optional<Map<String, String>> form) {
    return form.<Uni<?>>map(all -> call.carriedOutBy(exchange, oidc, all))
        .orElseGet(() -> Uni.createFrom().item(UNPROVEN));
  }

  private static Outcome withoutExchange(@Nullable Object ended) {
    return ended instanceof Outcome told ? told : NOTHING_SENT;
  }

  /**
   * Adds the client assertion where our client proves itself with one; absent where it cannot be
   * signed.
   */
  private Uni<Optional<Map<String, String>>> authenticated(
      ProviderClient client, Map<String, String> form) {
    return switch (client.registration().authentication()) {
      case CLIENT_SECRET_BASIC, CLIENT_SECRET_POST, TLS_CLIENT_AUTH, NONE ->
          Uni.createFrom().item(Optional.of(form));
      case PRIVATE_KEY_JWT, CLIENT_SECRET_JWT -> asserted(client, form);
    };
  }

  private Uni<Optional<Map<String, String>>> asserted(
      ProviderClient client, Map<String, String> form) {
    return Uni.createFrom()
        .completionStage(
            () -> vertx.executeBlocking(() -> assertion(client), false).toCompletionStage())
        .map(assertion -> assertion.map(signed -> with(form, signed)));
  }

  private static Map<String, String> with(Map<String, String> form, Secret assertion) {
    Map<String, String> all = new HashMap<>(form);
    all.put("client_assertion_type", ClientAssertion.TYPE);
    all.put("client_assertion", assertion.reveal());
    return all;
  }

  private Optional<Secret> assertion(ProviderClient client) {
    return ClientAssertion.sign(client, clock.instant(), UUID.randomUUID().toString());
  }
}
