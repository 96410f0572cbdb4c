package org.tokenbroker.consent;

import java.time.Duration;
import java.util.Optional;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Secret;
import org.tokenbroker.token.TenantId;

/** What became of a callback. Carries no text of the provider. */
public sealed interface CallbackOutcome {
  /** What the browser's cookie holds from now on; absent where it stays as it is. */
  default Optional<Secret> cookie() {
    return Optional.empty();
  }

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

  /** The connection was deleted, disabled or revoked; nothing was stored. */
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

  /**
   * An install that started at the provider: its grant is durable.
   *
   * @param names what the page calls those it is about
   * @param tenant whose it is from now on, where the browser had opened a claim link
   * @param browser what the browser's cookie holds from now on
   */
  record Installed(Landing landing, Names names, Optional<TenantId> tenant, Secret browser)
      implements CallbackOutcome {
    @Override
    public Optional<Secret> cookie() {
      return Optional.of(browser);
    }
  }

  /**
   * An install whose grant the safe takes as soon as it is back.
   *
   * @param browser what the browser's cookie holds from now on
   */
  record InstallHeld(ConnectionId connection, Names names, Secret browser)
      implements CallbackOutcome {
    @Override
    public Optional<Secret> cookie() {
      return Optional.of(browser);
    }
  }

  /**
   * An install came to nothing.
   *
   * @param again whether the code was not presented to the provider: the same page may be loaded
   *     once more
   */
  record InstallFailed(RegistrationId registration, Failure failure, boolean again)
      implements CallbackOutcome {}

  /** The code of an install was brought before (B4). Tells nothing of what came of it (BE-4). */
  record CodeSpent(RegistrationId registration) implements CallbackOutcome {}

  /** More installs than are taken for now (BE-4); nothing was done. */
  record TooMany(RegistrationId registration, Duration retryAfter) implements CallbackOutcome {}

  /**
   * How a page calls those it is about.
   *
   * @param applicant our registration
   * @param provider as owners know it
   */
  record Names(String applicant, String provider) {
    static Names of(ProviderClient client) {
      return new Names(client.registration().name(), client.profile().name());
    }
  }

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
    /** Registration or profile lack something that an operator has to add: nothing was sent. */
    NOT_SET_UP,
    /** The provider granted no refresh token although its profile requires one (MO-5). */
    NO_REFRESH_TOKEN
  }
}
