package org.tokenbroker.consent;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import org.tokenbroker.consent.Attempts.Taking;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;

/**
 * Remembers the codes of installs, for all replicas: no state protects them. The returned {@link
 * Uni}s fail only on programming errors.
 */
public interface InstallCodes {
  /**
   * Notes a code before it is presented, by one conditional insert: of any number of callbacks with
   * it on any number of replicas, one is answered {@code TAKEN} (B4, BE-4).
   */
  Uni<Taking> take(InstallCode code);

  /** The code was certainly not presented: it may be brought again. */
  Uni<Stored> release(Fingerprint code);

  /**
   * Its grant was kept.
   *
   * @param connection that has the grant
   * @param browser that brought the code: it may claim the install for a while
   */
  Uni<Stored> kept(Fingerprint code, ConnectionId connection, Fingerprint browser);

  /** The newest kept install that this browser brought since then and has not claimed yet. */
  Uni<BroughtRead> broughtBy(Fingerprint browser, RegistrationId registration, Instant since);

  /** What this browser brought was claimed, or cannot be claimed by it. */
  Uni<Stored> settled(Fingerprint browser, ConnectionId connection);

  /** Forgets what began before that moment; at most so many. */
  Uni<Stored> forget(Instant begunBefore, int limit);

  /**
   * A code that is about to be presented.
   *
   * @param connection what it will bring is kept under this id
   */
  record InstallCode(
      Fingerprint code, RegistrationId registration, ConnectionId connection, Instant begunAt) {}

  /** Outcome of {@link #broughtBy}. */
  sealed interface BroughtRead {
    record Found(ConnectionId connection) implements BroughtRead {}

    record Nothing() implements BroughtRead {}

    record Unavailable() implements BroughtRead {}
  }
}
