package org.tokenbroker.consent;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import org.tokenbroker.consent.Tickets.TicketRead;
import org.tokenbroker.platform.LogContext;
import org.tokenbroker.provider.ClientLookup;
import org.tokenbroker.provider.Clients;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.token.Secret;

/** Follows a consent link to what it asks for. */
@ApplicationScoped
class Links {
  private final Tickets tickets;
  private final Clients clients;
  private final ConsentConfig config;
  private final InstantSource time;

  Links(Tickets tickets, Clients clients, ConsentConfig config, InstantSource time) {
    this.tickets = tickets;
    this.clients = clients;
    this.config = config;
    this.time = time;
  }

  Uni<Link> follow(String ticket) {
    return RandomText.isSecretForm(ticket)
        ? tickets.find(Fingerprint.of(Secret.of(ticket))).chain(this::judge)
        : Uni.createFrom().item(new Link.Closed(Link.Reason.UNKNOWN));
  }

  private Uni<Link> judge(TicketRead read) {
    return switch (read) {
      case TicketRead.Found found -> judge(found.ticket());
      case TicketRead.Unknown unknown -> closed(Link.Reason.UNKNOWN);
      case TicketRead.Unavailable unavailable -> Uni.createFrom().item(new Link.Unavailable());
    };
  }

  private Uni<Link> judge(Ticket ticket) {
    LogContext.connection(ticket.subject().connection());
    return switch (ticket.state()) {
      case USED -> closed(Link.Reason.USED);
      case WITHDRAWN -> closed(Link.Reason.WITHDRAWN);
      case OPEN ->
          time.instant().isBefore(ticket.expiresAt())
              ? clients.find(ticket.subject().registration()).map(lookup -> open(ticket, lookup))
              : closed(Link.Reason.EXPIRED);
    };
  }

  private Link open(Ticket ticket, ClientLookup lookup) {
    return switch (lookup) {
      case ClientLookup.Ready ready -> open(ticket, ready.client());
      case ClientLookup.Unknown unknown -> new Link.Blocked();
      case ClientLookup.Incomplete incomplete -> new Link.Blocked();
      case ClientLookup.LedgerUnavailable unavailable -> new Link.Unavailable();
      case ClientLookup.SafeUnavailable unavailable -> new Link.Unavailable();
    };
  }

  private Link open(Ticket ticket, ProviderClient client) {
    return switch (Route.of(client, config.publicUrl(), ticket.redirectUri())) {
      case Route.Open route -> new Link.Open(ticket, client, route);
      case Route.Blocked blocked -> new Link.Blocked();
    };
  }

  private static Uni<Link> closed(Link.Reason reason) {
    return Uni.createFrom().item(new Link.Closed(reason));
  }
}
