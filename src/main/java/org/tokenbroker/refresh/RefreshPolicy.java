package org.tokenbroker.refresh;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.tokenbroker.connection.Connection;
import org.tokenbroker.connection.Connection.Held;
import org.tokenbroker.connection.Credential;
import org.tokenbroker.connection.Credential.PendingCall;
import org.tokenbroker.connection.Health;
import org.tokenbroker.connection.Health.ConsentCause;
import org.tokenbroker.connection.Rhythm;
import org.tokenbroker.connection.Windows;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.RegistrationHealth;
import org.tokenbroker.provider.Rotation;
import org.tokenbroker.token.AccessToken;
import org.tokenbroker.token.Secret;

/**
 * Whether a connection is to be refreshed now (reliability §2.2). Pure: the time comes as an
 * argument.
 */
public final class RefreshPolicy {
  /**
   * A refresh token that was perhaps spent is presented once more only so shortly before the access
   * token ends.
   */
  static final Duration LAST_CHANCE = Duration.ofSeconds(30);

  /** As long as a refused client is left alone between two probes. */
  static final Duration OTHERS_FIRST = Duration.ofMinutes(5);

  /** The longest life that an answer is believed, but for what is taken off its end. */
  private static final Duration ENDLESS = Duration.ofDays(365).minusMinutes(1);

  private RefreshPolicy() {}

  /** What to do. */
  public sealed interface Decision {
    /** Nothing is due before that time. */
    record Wait(Instant until) implements Decision {}

    /**
     * Refresh now.
     *
     * @param presentations how often the refresh token will have been presented without a known
     *     outcome, this time included
     */
    record Due(int presentations) implements Decision {}

    /** Due, but not to be tried before that time. */
    record BackOff(Instant until) implements Decision {}

    /** The access token has no end: it is kept for another while. */
    record Prolong() implements Decision {}

    /** Nothing to refresh with; only its owner can help. */
    record Stop(ConsentCause cause) implements Decision {}

    /** Nothing to do until something else changes. */
    record Rest() implements Decision {}
  }

  /**
   * @param profile of the connection's provider
   * @param forced a consumer reported the token: due although it has life left
   */
  public static Decision decide(
      Connection connection,
      Credential credential,
      Profile profile,
      RegistrationHealth registration,
      boolean forced,
      Instant now) {
    return switch (connection.health()) {
      case Health.PendingConsent pending -> new Decision.Rest();
      case Health.Connecting connecting ->
          ofLiving(connection, credential, profile, registration, forced, now);
      case Health.Unclaimed unclaimed ->
          ofLiving(connection, credential, profile, registration, forced, now);
      case Health.Active active ->
          ofLiving(connection, credential, profile, registration, forced, now);
      case Health.Ailing ailing ->
          ofLiving(connection, credential, profile, registration, forced, now);
      case Health.NeedsConsent needs -> new Decision.Rest();
      case Health.Revoked revoked -> new Decision.Rest();
      case Health.Disabled disabled -> new Decision.Rest();
    };
  }

  private static Decision ofLiving(
      Connection connection,
      Credential credential,
      Profile profile,
      RegistrationHealth registration,
      boolean forced,
      Instant now) {
    Optional<Instant> planned = plannedFor(connection, credential, profile).filter(now::isBefore);
    if (!forced && planned.isPresent()) {
      return new Decision.Wait(planned.get());
    }
    if (registration instanceof RegistrationHealth.Faulty faulty
        && now.isBefore(probeAt(connection.health(), faulty))) {
      return new Decision.BackOff(probeAt(connection.health(), faulty));
    }
    Decision decision =
        switch (connection.grant()) {
          case CLIENT_CREDENTIALS -> new Decision.Due(1);
          case AUTHORIZATION_CODE -> ofGrant(credential, profile, planned, now);
          // Nothing renews a key: whoever put it replaces it.
          case API_KEY -> new Decision.Rest();
        };
    return notTooSoon(decision, credential, profile.refresh().minInterval(), now);
  }

  /** One whose own grant may be over proves nothing of the client: others go before it. */
  private static Instant probeAt(Health health, RegistrationHealth.Faulty faulty) {
    return unclearSince(health).isPresent()
        ? faulty.probeAt().plus(OTHERS_FIRST)
        : faulty.probeAt();
  }

  /** When the provider began to refuse either its grant or our client; absent where it does not. */
  static Optional<Instant> unclearSince(Health health) {
    return health instanceof Health.Ailing ailing
            && ailing.ailment() == Health.Ailment.REFUSED_UNCLEARLY
        ? Optional.of(ailing.since())
        : Optional.empty();
  }

  /** The provider refuses what comes too soon after the last request (C, row 31). */
  private static Decision notTooSoon(
      Decision decision, Credential credential, Duration minInterval, Instant now) {
    Optional<Instant> allowed =
        lastRequest(credential).map(last -> last.plus(minInterval)).filter(now::isBefore);
    return decision instanceof Decision.Due && allowed.isPresent()
        ? new Decision.BackOff(allowed.get())
        : decision;
  }

  private static Optional<Instant> lastRequest(Credential credential) {
    Optional<Instant> answered = credential.accessToken().map(token -> token.lifetime().issuedAt());
    Optional<Instant> open = credential.pending().map(PendingCall::sentAt);
    return Stream.of(answered, open).flatMap(Optional::stream).max(Instant::compareTo);
  }

  private static Decision ofGrant(
      Credential credential, Profile profile, Optional<Instant> planned, Instant now) {
    if (presented(credential, profile, now).isEmpty()) {
      return withoutRefreshToken(credential, profile.expiry(), planned, now);
    }
    return credential
        .pending()
        .filter(call -> call.refreshTokenNumber() == credential.refreshTokenNumber())
        .map(call -> afterUnknown(credential, call, profile.refresh().rotation(), now))
        .orElseGet(() -> new Decision.Due(1));
  }

  private static Decision withoutRefreshToken(
      Credential credential, Profile.Expiry expiry, Optional<Instant> planned, Instant now) {
    if (credential.accessToken().filter(token -> isEndless(token, expiry)).isPresent()) {
      return planned.<Decision>map(Decision.Wait::new).orElseGet(Decision.Prolong::new);
    }
    return end(credential)
        .filter(now::isBefore)
        .<Decision>map(Decision.Wait::new)
        .orElseGet(() -> new Decision.Stop(ConsentCause.NO_REFRESH_TOKEN));
  }

  /** Kept for as long as any life is believed to be, because the provider names no end. */
  private static boolean isEndless(AccessToken token, Profile.Expiry expiry) {
    return expiry.never()
        || (expiry.zeroMeans() == Profile.Expiry.Zero.NEVER
            && token.lifetime().total().compareTo(ENDLESS) >= 0);
  }

  /** Rule 6: the refresh token was presented and nobody knows what became of it. */
  private static Decision afterUnknown(
      Credential credential, PendingCall call, Rotation rotation, Instant now) {
    return switch (rotation) {
      case Rotation.None none -> new Decision.Due(call.presentations() + 1);
      case Rotation.Grace grace when now.isBefore(call.sentAt().plus(grace.window())) ->
          new Decision.Due(call.presentations() + 1);
      case Rotation.Grace grace -> lastChance(credential, call, now);
      case Rotation.Strict strict -> lastChance(credential, call, now);
    };
  }

  private static Decision lastChance(Credential credential, PendingCall call, Instant now) {
    Instant chance = end(credential).map(end -> end.minus(LAST_CHANCE)).orElse(now);
    if (now.isBefore(chance)) {
      return new Decision.BackOff(chance);
    }
    return call.presentations() >= 2
        ? new Decision.Stop(ConsentCause.OUTCOME_UNKNOWN)
        : new Decision.Due(call.presentations() + 1);
  }

  private static Optional<Instant> end(Credential credential) {
    return credential.accessToken().map(token -> token.lifetime().expiresAt());
  }

  /** The regular moment, or the earlier one that was planned after a failure. */
  private static Optional<Instant> plannedFor(
      Connection connection, Credential credential, Profile profile) {
    return connection.health() instanceof Health.Ailing
        ? connection.dueAt()
        : credential
            .accessToken()
            .map(token -> windows(connection, credential, token, Rhythm.of(profile)).prefetchAt());
  }

  static Windows windows(
      Connection connection, Credential credential, AccessToken token, Rhythm rhythm) {
    return Windows.of(connection.id(), held(token), rhythm, credential.refreshToken());
  }

  /**
   * What an owner's grant is renewed with: the refresh token, or an access token that lives where
   * the profile exchanges that one; absent where there is nothing.
   */
  static Optional<Secret> presented(Credential credential, Profile profile, Instant now) {
    return switch (profile.refresh().mode()) {
      case REFRESH_TOKEN -> credential.refreshToken().map(Credential.RefreshToken::value);
      case ACCESS_TOKEN ->
          credential
              .accessToken()
              .filter(token -> now.isBefore(token.lifetime().expiresAt()))
              .map(AccessToken::value);
    };
  }

  static Held held(AccessToken token) {
    return new Held(token.generation(), token.lifetime(), token.scopes());
  }

  /** Whether this grant presents a refresh token, so that an unknown outcome may have spent it. */
  static boolean spendsRefreshToken(GrantType grant) {
    return switch (grant) {
      case AUTHORIZATION_CODE -> true;
      case CLIENT_CREDENTIALS, API_KEY -> false;
    };
  }
}
