package org.tokenbroker.consent;

import io.smallrye.mutiny.Uni;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import org.tokenbroker.provider.GrantedTokens;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;

/**
 * Keeps what an owner granted; implemented by the chapter that owns connections.
 *
 * <ol>
 *   <li>A code is exchanged only after {@link #prepare} answered {@code Ready}: the safe is then
 *       known to be writable (G-1).
 *   <li>A kept grant replaces the connection's former one in place, and never a newer one (G-14).
 *   <li>Once {@link #keep} answered {@code Kept}, the grant survives the loss of this process.
 * </ol>
 */
public interface GrantKeeper {
  /**
   * @param grant names this consent attempt; the same value goes to {@link #keep}
   */
  Uni<Readiness> prepare(ConnectionId connection, GrantId grant);

  /**
   * @param arrival where the tokens come from, and so what becomes of those that are not kept
   * @param profile what it says of agreements and refresh tokens goes for this grant
   */
  Uni<Outcome> keep(
      ConnectionId connection,
      GrantId grant,
      Arrival arrival,
      GrantedTokens tokens,
      Scopes requested,
      Profile profile);

  /** Where tokens that are to be kept come from. */
  sealed interface Arrival {
    /**
     * From the provider, just now. What comes to nothing is revoked there, unless the connection
     * holds a grant that it would end too.
     *
     * @param registration where they are revoked
     */
    record Issued(RegistrationId registration) implements Arrival {}

    /**
     * From another connection, where what is not kept lives on (BE-18).
     *
     * @param agreedAt when their owner agreed, as far as is known
     */
    record Moved(Optional<Instant> agreedAt) implements Arrival {}
  }

  /**
   * One agreement of an owner.
   *
   * @param id random, at least 128 bits, no secret
   * @param startedAt when the owner was sent to the provider: the later one of two agreements wins
   * @param redirectUri the one that was sent, if any
   */
  record GrantId(String id, Instant startedAt, Optional<URI> redirectUri) {
    /** Without a redirect URI. */
    public GrantId(String id, Instant startedAt) {
      this(id, startedAt, Optional.empty());
    }
  }

  /** Whether a code may be exchanged now. */
  enum Readiness {
    READY,
    /**
     * The connection was deleted, disabled, or revoked since the owner was asked, or a newer
     * agreement was already kept.
     */
    NOT_WANTED,
    /** Safe or ledger cannot be written now: do not spend the code. */
    UNAVAILABLE
  }

  /** What became of the grant. */
  enum Outcome {
    KEPT,
    /** A newer agreement was kept meanwhile; this one was not stored. */
    SUPERSEDED,
    /**
     * The profile wants a refresh token, and there is neither a new one nor an earlier one that
     * stays in use; this one was not stored (MO-5).
     */
    NO_REFRESH_TOKEN,
    /** The connection was deleted or revoked meanwhile; this one was not stored. */
    NOT_WANTED,
    /**
     * The safe failed after the exchange; the grant is held in memory and written as soon as the
     * safe takes it.
     */
    HELD
  }
}
