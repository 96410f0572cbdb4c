package org.tokenbroker.refresh;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.tokenbroker.connection.Connection;
import org.tokenbroker.connection.Connection.Held;
import org.tokenbroker.connection.Credential;
import org.tokenbroker.connection.Credential.PendingCall;
import org.tokenbroker.connection.Health;
import org.tokenbroker.connection.Health.ConsentCause;
import org.tokenbroker.connection.Windows;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.provider.RegistrationHealth;
import org.tokenbroker.provider.Rotation;
import org.tokenbroker.token.AccessToken;

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

    /** Nothing to refresh with; only its owner can help. */
    record Stop(ConsentCause cause) implements Decision {}

    /** Nothing to do until something else changes. */
    record Rest() implements Decision {}
  }

  /**
   * @param forced a consumer reported the token: due although it has life left
   */
  public static Decision decide(
      Connection connection,
      Credential credential,
      Rotation rotation,
      RegistrationHealth registration,
      boolean forced,
      Instant now) {
    return switch (connection.health()) {
      case Health.PendingConsent pending -> new Decision.Rest();
      case Health.Connecting connecting ->
          ofLiving(connection, credential, rotation, registration, forced, now);
      case Health.Unclaimed unclaimed ->
          ofLiving(connection, credential, rotation, registration, forced, now);
      case Health.Active active ->
          ofLiving(connection, credential, rotation, registration, forced, now);
      case Health.Ailing ailing ->
          ofLiving(connection, credential, rotation, registration, forced, now);
      case Health.NeedsConsent needs -> new Decision.Rest();
      case Health.Revoked revoked -> new Decision.Rest();
      case Health.Disabled disabled -> new Decision.Rest();
    };
  }

  private static Decision ofLiving(
      Connection connection,
      Credential credential,
      Rotation rotation,
      RegistrationHealth registration,
      boolean forced,
      Instant now) {
    if (!forced && plannedFor(connection, credential).filter(now::isBefore).isPresent()) {
      return new Decision.Wait(plannedFor(connection, credential).orElse(now));
    }
    if (registration instanceof RegistrationHealth.Faulty faulty
        && now.isBefore(faulty.probeAt())) {
      return new Decision.BackOff(faulty.probeAt());
    }
    return switch (connection.grant()) {
      case CLIENT_CREDENTIALS -> new Decision.Due(1);
      case AUTHORIZATION_CODE -> withRefreshToken(credential, rotation, now);
      // Nothing renews a key: whoever put it replaces it.
      case API_KEY -> new Decision.Wait(end(credential).orElse(Instant.MAX));
    };
  }

  private static Decision withRefreshToken(Credential credential, Rotation rotation, Instant now) {
    if (credential.refreshToken().isEmpty()) {
      return end(credential)
          .filter(now::isBefore)
          .<Decision>map(Decision.Wait::new)
          .orElseGet(() -> new Decision.Stop(ConsentCause.NO_REFRESH_TOKEN));
    }
    return credential
        .pending()
        .filter(call -> call.refreshTokenNumber() == credential.refreshTokenNumber())
        .map(call -> afterUnknown(credential, call, rotation, now))
        .orElseGet(() -> new Decision.Due(1));
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
  private static Optional<Instant> plannedFor(Connection connection, Credential credential) {
    Optional<Instant> regular =
        credential
            .accessToken()
            .map(RefreshPolicy::held)
            .map(held -> Windows.of(connection.id(), held).prefetchAt());
    return connection.health() instanceof Health.Ailing ? connection.dueAt() : regular;
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
