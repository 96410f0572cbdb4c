package org.tokenbroker.connection;

import java.time.Instant;

/**
 * How a connection is. Faults of its registration are not told here. Transitions are methods
 * of the states that allow them; a state without a method has no such way out.
 */
public sealed interface Health {
  /** Since when it is so. */
  Instant since();

  /** Created, never agreed to. */
  record PendingConsent(Instant since) implements Health {}

  /**
   * Agreed to, but what its profile wants looked up before is not known yet (BE-9): kept fresh,
   * served to nobody, claimed by nobody.
   *
   * @param hurdle what the latest look met
   */
  record Connecting(Hurdle hurdle, Instant since) implements Health {
    public NeedsConsent refused(ConsentCause cause, Instant now) {
      return new NeedsConsent(cause, now);
    }
  }

  /**
   * Agreed to, but nobody has said yet whose it is (BE-4): kept fresh so that its grant is not
   * lost, served to nobody.
   */
  record Unclaimed(Instant since) implements Health {
    public NeedsConsent refused(ConsentCause cause, Instant now) {
      return new NeedsConsent(cause, now);
    }
  }

  /** Refreshing works. */
  record Active(Instant since) implements Health {
    public Ailing fails(Ailment ailment, Instant now) {
      return new Ailing(ailment, 1, now);
    }

    public NeedsConsent refused(ConsentCause cause, Instant now) {
      return new NeedsConsent(cause, now);
    }
  }

  /**
   * Refreshing fails; a token that still has life is served all the same (G-3).
   *
   * @param ailment why the latest attempt failed
   * @param failures attempts failed in a row, at least 1
   * @param since when the first of them failed; of {@code REFUSED_UNCLEARLY}, when that began
   */
  record Ailing(Ailment ailment, int failures, Instant since) implements Health {
    public Ailing failsAgain(Ailment latest, Instant now) {
      boolean begins = latest == Ailment.REFUSED_UNCLEARLY && ailment != latest;
      return new Ailing(latest, failures + 1, begins ? now : since);
    }

    public Active recovers(Instant now) {
      return new Active(now);
    }

    public NeedsConsent refused(ConsentCause cause, Instant now) {
      return new NeedsConsent(cause, now);
    }
  }

  /** Only its owner can mend it, by agreeing again; nothing is retried (MO-13). */
  record NeedsConsent(ConsentCause cause, Instant since) implements Health {}

  /**
   * The broker was told to end its grant, and not to forget it: only an agreement that begins
   * later, or a key that is put later, brings it back.
   *
   * @param erased whether what it held is gone from the safe; nothing is taken in before
   */
  record Revoked(Instant since, boolean erased) implements Health {
    /** Nothing of it is left. */
    public Revoked(Instant since) {
      this(since, true);
    }

    /** Whether what began at that moment comes after the revocation. */
    public boolean isBefore(Instant begun) {
      return since.isBefore(begun);
    }
  }

  /**
   * Switched off by an operator: neither refreshed nor served.
   *
   * @param before the state that enabling goes back to
   */
  record Disabled(Health before, Instant since) implements Health {
    public Disabled {
      if (before instanceof Disabled || before instanceof Revoked) {
        throw new IllegalArgumentException("only a living connection can be disabled");
      }
    }

    public Health enabled() {
      return before;
    }
  }

  /** What keeps a connection from becoming active although its owner agreed. */
  enum Hurdle {
    /** Nothing was looked up yet. */
    NOT_ASKED,
    /** The provider's API could not be reached or was out of order. */
    PROVIDER_UNREACHABLE,
    /** The provider's API asked us to slow down. */
    THROTTLED,
    /** The provider's API refused the token. */
    REFUSED,
    /** The provider's API answered with something else than its profile expects. */
    UNREADABLE,
    /** The answer lacks facts that the profile requires. */
    FACTS_MISSING,
    /** Another connection of the registration has this account already (BE-8). */
    ACCOUNT_ELSEWHERE,
    /** Registration or profile cannot be used: an operator has to act. */
    MISCONFIGURED,
    /** The safe could not be read. */
    SAFE_UNAVAILABLE
  }

  /** Why a refresh failed, without ending the connection. */
  enum Ailment {
    /** The provider could not be reached or did not process the request. */
    PROVIDER_UNREACHABLE,
    /** The provider asked us to slow down. */
    THROTTLED,
    /** The provider refused the refresh token or our client, and does not tell which (G-6). */
    REFUSED_UNCLEARLY,
    /** It is not known whether the provider processed the request. */
    OUTCOME_UNKNOWN,
    /**
     * The provider refused the request for a reason that an operator must mend, or its address is
     * out of reach (C24).
     */
    MISCONFIGURED,
    /** The safe could not be read or written; no token was spent. */
    SAFE_UNAVAILABLE,
    /**
     * The safe answers, but holds no credential any more: a lost or wrongly mounted safe. Never
     * terminal by itself.
     */
    CREDENTIAL_MISSING,
    /** The provider's answer was shorter-lived than the token we hold. */
    SHORT_LIVED_ANSWER,
    /** A consumer's API refuses the API key: an operator has to put a new one. */
    KEY_REFUSED
  }

  /** Why only the owner can mend it. */
  enum ConsentCause {
    /**
     * The provider refused the newest refresh token ({@code invalid_grant}): expired or withdrawn.
     */
    REFUSED_BY_PROVIDER,
    /**
     * The outcome of a refresh stayed unknown and the old token had to be given up (reliability
     * §2.2 rule 6).
     */
    OUTCOME_UNKNOWN,
    /** The provider gave no refresh token and the access token ended. */
    NO_REFRESH_TOKEN
  }
}
