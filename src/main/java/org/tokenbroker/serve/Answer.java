package org.tokenbroker.serve;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.tokenbroker.connection.Connection;
import org.tokenbroker.token.Servable;

/** What a consumer is told. */
public sealed interface Answer {
  /**
   * A token with the life that was asked for.
   *
   * @param type RFC 6749 §7.1; of an API key the scheme that its API wants, else {@code N_A} (RFC
   *     8693 §2.2.1)
   * @param presentation how it is shown to the API
   * @param refreshAfter when to come back for a newer one
   * @param degraded which engine could not be asked whether something changed (G-15)
   */
  record Token(
      Connection connection,
      Servable servable,
      String type,
      Presentation presentation,
      Instant refreshAfter,
      Optional<Engine> degraded)
      implements Answer {}

  /** Unknown and forbidden alike (G-11); the reason is for audit and metrics only. */
  record Unknown(Reason reason) implements Answer {
    /** Why. */
    public enum Reason {
      NO_CONNECTION,
      /** The lookup means several, and the scopes asked for do not tell which. */
      AMBIGUOUS,
      NO_RULE,
      SCOPES_BEYOND_RULES,
      /** No rule of this consumer lets API keys out (E6). */
      KEY_NOT_EXPORTED,
      /** Unclaimed or disabled. */
      NOT_SERVED
    }
  }

  /**
   * Allowed to be asked for, but the owner did not grant it, so that no token of this connection
   * has it.
   */
  record ScopeNotGranted() implements Answer {}

  /** Terminal until the owner acts. */
  record ConsentRequired() implements Answer {}

  /** Terminal until an operator puts a new API key. */
  record KeyRequired() implements Answer {}

  /**
   * No token with enough life now.
   *
   * @param retryAfter at least 1 s
   */
  record NothingFresh(Duration retryAfter, Cause cause) implements Answer {
    /** Why. */
    public enum Cause {
      /** A refresh is under way or was refused for now. */
      REFRESH,
      /** Memory does not know the connection, and an engine that does cannot be asked. */
      LEDGER_UNAVAILABLE,
      SAFE_UNAVAILABLE,
      /** The catalogue has no profile for the connection's provider. */
      PROFILE_MISSING,
      /** The owner agreed, but the provider's facts are not known yet (BE-9). */
      CONNECTING
    }

    private static final Duration SHORTLY = Duration.ofSeconds(1);
    private static final Duration FACTS_KNOWN = Duration.ofSeconds(10);

    /** Worth asking again after the shortest time there is. */
    static NothingFresh shortly(Cause cause) {
      return new NothingFresh(SHORTLY, cause);
    }

    /** Agreed to, and worth asking again when its facts are probably known. */
    static NothingFresh connecting() {
      return new NothingFresh(FACTS_KNOWN, Cause.CONNECTING);
    }
  }

  /** The API asked for a scope that the token lacks: a new token would not help (MO-12). */
  record ScopeProblem() implements Answer {}

  /** The reported generation was never issued. */
  record GenerationUnknown() implements Answer {}
}
