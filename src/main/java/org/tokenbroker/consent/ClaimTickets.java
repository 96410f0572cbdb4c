package org.tokenbroker.consent;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import org.tokenbroker.consent.Attempts.Taking;
import org.tokenbroker.token.RegistrationId;

/**
 * Remembers claim links, for all replicas. The returned {@link Uni}s fail only on programming
 * errors.
 */
public interface ClaimTickets {
  Uni<Stored> issue(ClaimTicket ticket);

  Uni<ClaimRead> find(Fingerprint ticket);

  /** The next install of this browser uses the ticket, until then. One that is used stays so. */
  Uni<Stored> arm(Fingerprint ticket, Fingerprint browser, Instant until);

  /** The open ticket of this registration that the browser armed last. */
  Uni<ClaimRead> armed(Fingerprint browser, RegistrationId registration, Instant now);

  /** Uses an open ticket up, by one conditional update: it gives away one install at most. */
  Uni<Taking> use(Fingerprint ticket, Instant now);

  /** It gave nothing away after all. */
  Uni<Stored> giveBack(Fingerprint ticket);

  /** Forgets what expired before that moment; at most so many. */
  Uni<Stored> forget(Instant expiredBefore, int limit);

  /** Outcome of looking a ticket up. */
  sealed interface ClaimRead {
    record Found(ClaimTicket ticket) implements ClaimRead {}

    /** Never issued, or forgotten since; for {@link #armed}: none. */
    record Unknown() implements ClaimRead {}

    record Unavailable() implements ClaimRead {}
  }
}
