package org.tokenbroker.connection;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;

/**
 * What is still to be erased and revoked for connections that were deleted or revoked (G-13, C14):
 * the outbox, in PostgreSQL.
 */
public interface Revocations {
  /**
   * A deleted or revoked connection whose credential is not erased yet.
   *
   * @param registration where its tokens are to be revoked
   * @param moved its grant lives on in another connection (BE-18): nothing is revoked
   * @param epoch of the lease under which it is erased
   */
  record ToErase(ConnectionId id, RegistrationId registration, boolean moved, long epoch) {}

  /**
   * Tokens to be revoked; they lie in the safe at {@code revocations/<id>}.
   *
   * @param attempts how often it was tried
   * @param giveUpAt from then on it is tried no more
   */
  record Order(String id, RegistrationId registration, int attempts, Instant giveUpAt) {}

  /**
   * Leased for a while, so that one replica at a time erases it; not while a refresh holds the
   * connection. Empty on failure.
   */
  Uni<List<ToErase>> claimToErase(int limit);

  /** {@link #claimToErase} for one connection: at most one element. */
  Uni<List<ToErase>> claimToErase(ConnectionId id);

  /**
   * Notes what is to be revoked; noted before, it changes nothing. False on failure.
   *
   * @param now from then on it is claimed
   */
  Uni<Boolean> order(Order order, Instant now);

  /**
   * The credential is gone from the safe: a deleted connection leaves a tombstone, a revoked one
   * may be agreed to again. False on failure.
   */
  Uni<Boolean> erased(ToErase ended, Instant now);

  /**
   * Postponed for a minute by the claim itself, so that one replica at a time works on it. Empty on
   * failure.
   */
  Uni<List<Order>> claimOrders(int limit, Instant now);

  Uni<Boolean> postpone(Order order, Instant nextAt);

  Uni<Boolean> done(Order order);
}
