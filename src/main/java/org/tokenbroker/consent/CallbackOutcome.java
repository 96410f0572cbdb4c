package org.tokenbroker.consent;

import java.util.Optional;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Secret;

/** What became of a callback. Carries no text of the provider. */
public sealed interface CallbackOutcome {
  /** The owner agreed and the grant is durable. */
  record Kept(ConsentSubject subject) implements CallbackOutcome {}

  /**
   * The owner agreed; the safe takes the grant as soon as it is back. The link stays usable until
   * then.
   */
  record Held(ConsentSubject subject) implements CallbackOutcome {}

  /** A callback that came again, or another tab's, after a grant was kept. Nothing changed. */
  record AlreadyDone(ConnectionId connection) implements CallbackOutcome {}

  /** A newer agreement was kept meanwhile; this one was not stored. */
  record Superseded(ConnectionId connection) implements CallbackOutcome {}

  /** The connection was deleted or disabled; nothing was stored. */
  record NotWanted(ConnectionId connection) implements CallbackOutcome {}

  /**
   * The provider sent the owner back without a code.
   *
   * @param ticket of the link that starts again
   */
  record NoCode(ConnectionId connection, ProviderError error, Secret ticket)
      implements CallbackOutcome {}

  /**
   * The owner agreed, but there is no grant.
   *
   * @param ticket of the link that starts again
   */
  record Failed(ConnectionId connection, Failure failure, Secret ticket)
      implements CallbackOutcome {}

  /**
   * Turned away; nothing changed.
   *
   * @param connection absent where the state does not tell it
   */
  record Refused(Refusal reason, Optional<ConnectionId> connection) implements CallbackOutcome {}

  /** A store could not be asked before the code was spent: the same callback may come again. */
  record Unavailable() implements CallbackOutcome {}

  /** Why an owner's agreement gave no grant. */
  enum Failure {
    /** Safe or ledger could not be written, so the code was not spent (G-1). */
    NOT_WRITABLE,
    /** The provider did not accept the code. */
    CODE_REJECTED,
    /** The provider did not accept our client, or what it asked for: an operator has to act. */
    CLIENT_REJECTED,
    /** The provider was not reached or turned us away for now. */
    PROVIDER_BUSY,
    /** It is not known what the provider did with the code. */
    UNKNOWN_OUTCOME,
    /** The provider granted no refresh token although its profile requires one (MO-5). */
    NO_REFRESH_TOKEN
  }
}
