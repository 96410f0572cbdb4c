package org.tokenbroker.refresh;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.tokenbroker.connection.Credential;
import org.tokenbroker.connection.DurableWriter;
import org.tokenbroker.connection.DurableWriter.Settled;
import org.tokenbroker.connection.EndFinder;
import org.tokenbroker.provider.TokenEndpoint;
import org.tokenbroker.provider.TokenReply;
import org.tokenbroker.provider.TokenRequest;
import org.tokenbroker.refresh.Refresher.Attempt;
import org.tokenbroker.token.AccessToken;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.Scopes;

/**
 * Calls the provider, once, for an attempt whose intent lies in the safe, and makes what it answers
 * durable before anything else is made of it (BE-15).
 */
@ApplicationScoped
public class ProviderCalls {
  private final TokenEndpoint endpoint;
  private final DurableWriter writer;
  private final EndFinder ends;
  private final FreshTokens fresh;
  private final Setbacks setbacks;
  private final RefreshObserver observer;
  private final InstantSource time;

  ProviderCalls(
      TokenEndpoint endpoint,
      DurableWriter writer,
      EndFinder ends,
      FreshTokens fresh,
      Setbacks setbacks,
      RefreshObserver observer,
      InstantSource time) {
    this.endpoint = endpoint;
    this.writer = writer;
    this.ends = ends;
    this.fresh = fresh;
    this.setbacks = setbacks;
    this.observer = observer;
    this.time = time;
  }

  Uni<RefreshOutcome> make(Attempt attempt) {
    Instant begun = time.instant();
    return endpoint
        .request(attempt.client(), request(attempt))
        .invoke(
            reply ->
                observer.replied(
                    attempt.connection(), reply, Duration.between(begun, time.instant())))
        .chain(reply -> settle(attempt, reply));
  }

  private Uni<RefreshOutcome> settle(Attempt attempt, TokenReply reply) {
    return switch (reply) {
      case TokenReply.Granted granted -> {
        Renewal renewal = renewal(attempt, granted);
        yield writer
            .settle(attempt.connection().id(), renewal::onto)
            .chain(settled -> refined(attempt, granted, settled))
            .chain(settled -> fresh.granted(attempt, renewal, settled));
      }
      case TokenReply.WithoutAccessToken alone ->
          writer
              .settle(attempt.connection().id(), succession(attempt, alone)::onto)
              .chain(settled -> fresh.withoutAccessToken(attempt, alone.refreshToken(), settled));
      case TokenReply.Rejected rejected -> setbacks.rejected(attempt, rejected.reason());
      case TokenReply.Throttled throttled -> setbacks.throttled(attempt, throttled.retryAfter());
      case TokenReply.Unreachable unreachable ->
          setbacks.unreachable(attempt, unreachable.obstacle());
      case TokenReply.Ambiguous ambiguous -> setbacks.unknown(attempt);
    };
  }

  private Uni<Settled> refined(Attempt attempt, TokenReply.Granted granted, Settled settled) {
    return ends.refined(attempt.connection().id(), granted.tokens(), attempt.client(), settled);
  }

  private static TokenRequest request(Attempt attempt) {
    Scopes requested = attempt.connection().requested();
    return RefreshPolicy.presented(
            attempt.credential(), attempt.client().profile(), attempt.call().sentAt())
        .filter(token -> RefreshPolicy.spendsRefreshToken(attempt.connection().grant()))
        .<TokenRequest>map(
            token ->
                new TokenRequest.RefreshToken(
                    token,
                    requested,
                    inForce(attempt),
                    attempt.credential().grant().flatMap(Credential.Grant::redirectUri)))
        .orElseGet(() -> new TokenRequest.ClientCredentials(requested));
  }

  private static Renewal renewal(Attempt attempt, TokenReply.Granted granted) {
    return new Renewal(
        question(attempt),
        inForce(attempt),
        attempt.client().profile().refresh().rotation(),
        granted.tokens());
  }

  private static Succession succession(Attempt attempt, TokenReply.WithoutAccessToken alone) {
    return new Succession(
        question(attempt),
        new NextRefreshToken(
            Optional.of(alone.refreshToken()),
            alone.refreshTokenExpiresAt(),
            attempt.client().profile().refresh().rotation()));
  }

  private static Question question(Attempt attempt) {
    return new Question(
        attempt.call().attempt(),
        attempt.credential().grant(),
        attempt.call().refreshTokenNumber(),
        newest(attempt));
  }

  private static Scopes inForce(Attempt attempt) {
    return attempt
        .credential()
        .accessToken()
        .map(AccessToken::scopes)
        .orElse(attempt.connection().requested());
  }

  private static Generation newest(Attempt attempt) {
    Generation ledger = attempt.connection().issued();
    Generation safe = attempt.credential().generation();
    return ledger.isNewerThan(safe) ? ledger : safe;
  }
}
