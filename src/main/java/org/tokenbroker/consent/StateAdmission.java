package org.tokenbroker.consent;

import java.time.Instant;
import java.util.Optional;
import org.tokenbroker.consent.Attempts.AttemptRead;

/**
 * Whether an operator may bring a code for the attempt that a state names (IV-5). Decides only; an
 * empty answer lets it pass. The browser is not asked: the application that the owner came back to
 * vouches for it.
 */
final class StateAdmission {
  static final CodeImport.Outcome UNKNOWN =
      new CodeImport.Outcome.Flawed(
          "state", "must be the state of a consent link of this connection, within its life");
  static final CodeImport.Outcome USED =
      new CodeImport.Outcome.Flawed("state", "was used before: send a new consent link");

  private StateAdmission() {}

  static Optional<CodeImport.Outcome> refuse(
      AttemptRead.Found found, ConsentSubject subject, BroughtCode brought, Instant now) {
    Attempt attempt = found.attempt();
    boolean isOurs =
        attempt.subject().connection().equals(subject.connection())
            && attempt.subject().registration().equals(subject.registration());
    if (!isOurs || !now.isBefore(attempt.expiresAt())) {
      return Optional.of(UNKNOWN);
    }
    if (brought.redirectUri().filter(uri -> !uri.equals(attempt.redirectUri())).isPresent()) {
      return Optional.of(
          new CodeImport.Outcome.Flawed(
              "redirect_uri", "must be the one of the consent link that the state belongs to"));
    }
    boolean isOpen = found.state() == AttemptState.OPEN && found.ticket() == TicketState.OPEN;
    return isOpen ? Optional.empty() : Optional.of(USED);
  }
}
