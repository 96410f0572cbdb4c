package org.tokenbroker.consent;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.Optional;
import org.tokenbroker.consent.ClaimTickets.ClaimRead;
import org.tokenbroker.consent.InstallKeeper.Claim;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.TenantId;

/**
 * Gives an install to the tenant of a claim link. The ticket is used up first, so that it never
 * gives away two; it is given back where nothing came of it.
 */
@ApplicationScoped
class Claims {
  private final ClaimTickets tickets;
  private final InstallKeeper keeper;
  private final InstantSource time;

  Claims(ClaimTickets tickets, InstallKeeper keeper, InstantSource time) {
    this.tickets = tickets;
    this.keeper = keeper;
    this.time = time;
  }

  /** Absent where the ticket had been used by somebody else. */
  Uni<Optional<Claim>> give(ClaimTicket ticket, ConnectionId install) {
    return tickets
        .use(ticket.fingerprint(), time.instant())
        .chain(
            taking ->
                switch (taking) {
                  case TAKEN -> claim(ticket, install).map(Optional::of);
                  case LOST -> Uni.createFrom().item(Optional.empty());
                  case UNAVAILABLE -> Uni.createFrom().item(Optional.of(Claim.UNAVAILABLE));
                });
  }

  /** Whose an install is because its browser had opened a claim link before. */
  Uni<Optional<TenantId>> ofBrowser(
      Fingerprint browser, RegistrationId registration, ConnectionId install) {
    return tickets
        .armed(browser, registration, time.instant())
        .chain(
            read ->
                switch (read) {
                  case ClaimRead.Found found ->
                      give(found.ticket(), install).map(claim -> given(claim, found.ticket()));
                  case ClaimRead.Unknown unknown -> Uni.createFrom().item(Optional.empty());
                  case ClaimRead.Unavailable unavailable -> Uni.createFrom().item(Optional.empty());
                });
  }

  private static Optional<TenantId> given(Optional<Claim> claim, ClaimTicket ticket) {
    return claim.filter(Claim.CLAIMED::equals).map(claimed -> ticket.tenant());
  }

  private Uni<Claim> claim(ClaimTicket ticket, ConnectionId install) {
    return keeper
        .claim(install, ticket.tenant())
        .call(
            claim ->
                claim == Claim.CLAIMED
                    ? Uni.createFrom().voidItem()
                    : tickets.giveBack(ticket.fingerprint()));
  }
}
