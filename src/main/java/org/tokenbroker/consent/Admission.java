package org.tokenbroker.consent;

import java.time.Instant;
import java.util.Optional;
import org.tokenbroker.consent.Attempts.AttemptRead;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Secret;

/**
 * Whether a callback may take the attempt that its state names. Decides only; an empty answer lets
 * it pass.
 */
final class Admission {
  private Admission() {}

  /**
   * Who may bring it, to which door, and when (MO-4, B1, B2). Whoever is not the owner's browser
   * learns nothing more.
   */
  static Optional<CallbackOutcome> refuse(
      AttemptRead.Found found, RegistrationId registration, Optional<Secret> browser, Instant now) {
    Attempt attempt = found.attempt();
    if (!browser.map(Fingerprint::of).equals(Optional.of(attempt.browser()))) {
      return refused(attempt, Refusal.OTHER_BROWSER);
    }
    if (!attempt.subject().registration().equals(registration)) {
      return refused(attempt, Refusal.OTHER_REGISTRATION);
    }
    return switch (found.ticket()) {
      case USED -> Optional.of(new CallbackOutcome.AlreadyDone(attempt.subject().connection()));
      case WITHDRAWN -> refused(attempt, Refusal.LINK_WITHDRAWN);
      case OPEN -> refuseByAge(attempt, found.state(), now);
    };
  }

  private static Optional<CallbackOutcome> refuseByAge(
      Attempt attempt, AttemptState state, Instant now) {
    return switch (state) {
      case KEPT -> Optional.of(new CallbackOutcome.AlreadyDone(attempt.subject().connection()));
      case TAKEN -> refused(attempt, Refusal.STATE_USED);
      case OPEN ->
          now.isBefore(attempt.expiresAt())
              ? Optional.empty()
              : refused(attempt, Refusal.STATE_EXPIRED);
    };
  }

  /**
   * RFC 9207 §2.4: the exact string, on error responses too (B3). Without a known issuer there is
   * nothing to compare with.
   */
  static Optional<Refusal> refuseIssuer(ProviderClient client, Optional<String> sent) {
    boolean isRequired = client.site().requiresIss();
    if (sent.isEmpty()) {
      return isRequired ? Optional.of(Refusal.ISSUER_MISSING) : Optional.empty();
    }
    boolean fits = client.site().issuer().map(sent.get()::equals).orElse(!isRequired);
    return fits ? Optional.empty() : Optional.of(Refusal.ISSUER_MISMATCH);
  }

  private static Optional<CallbackOutcome> refused(Attempt attempt, Refusal reason) {
    return Optional.of(
        new CallbackOutcome.Refused(reason, Optional.of(attempt.subject().connection())));
  }
}
