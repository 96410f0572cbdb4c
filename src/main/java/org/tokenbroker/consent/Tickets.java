package org.tokenbroker.consent;

import io.smallrye.mutiny.Uni;
import org.tokenbroker.token.ConnectionId;

/** Remembers invitations. The returned {@link Uni}s fail only on programming errors. */
public interface Tickets {
  Uni<Stored> issue(Ticket ticket);

  Uni<TicketRead> find(Fingerprint ticket);

  /** Each open ticket of the connection becomes withdrawn. */
  Uni<Stored> withdraw(ConnectionId connection);

  /** Outcome of looking a ticket up. */
  sealed interface TicketRead {
    record Found(Ticket ticket) implements TicketRead {}

    /** Never issued, or forgotten since. */
    record Unknown() implements TicketRead {}

    record Unavailable() implements TicketRead {}
  }
}
