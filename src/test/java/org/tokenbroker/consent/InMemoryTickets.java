package org.tokenbroker.consent;

import io.smallrye.mutiny.Uni;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.tokenbroker.token.ConnectionId;

/** Tickets with the contract of their port, and a switch that takes them down. */
final class InMemoryTickets implements Tickets {
  private final Map<Fingerprint, Ticket> tickets = new HashMap<>();
  private boolean down;

  void goDown() {
    down = true;
  }

  Map<Fingerprint, Ticket> tickets() {
    return tickets;
  }

  void mark(Fingerprint ticket, TicketState state) {
    tickets.computeIfPresent(
        ticket,
        (fingerprint, old) -> new Ticket(fingerprint, old.subject(), state, old.expiresAt()));
  }

  @Override
  public Uni<Stored> issue(Ticket ticket) {
    return Uni.createFrom()
        .item(
            () -> {
              if (down) {
                return Stored.UNAVAILABLE;
              }
              tickets.put(ticket.fingerprint(), ticket);
              return Stored.DONE;
            });
  }

  @Override
  public Uni<TicketRead> find(Fingerprint ticket) {
    return Uni.createFrom()
        .item(
            () ->
                down
                    ? new TicketRead.Unavailable()
                    : Optional.ofNullable(tickets.get(ticket))
                        .<TicketRead>map(TicketRead.Found::new)
                        .orElseGet(TicketRead.Unknown::new));
  }

  @Override
  public Uni<Stored> withdraw(ConnectionId connection) {
    return Uni.createFrom()
        .item(
            () -> {
              if (down) {
                return Stored.UNAVAILABLE;
              }
              tickets.values().stream()
                  .filter(ticket -> ticket.subject().connection().equals(connection))
                  .filter(ticket -> ticket.state() == TicketState.OPEN)
                  .map(Ticket::fingerprint)
                  .toList()
                  .forEach(ticket -> mark(ticket, TicketState.WITHDRAWN));
              return Stored.DONE;
            });
  }
}
