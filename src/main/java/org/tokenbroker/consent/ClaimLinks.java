package org.tokenbroker.consent;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.tokenbroker.consent.ClaimTickets.ClaimRead;
import org.tokenbroker.consent.InstallCodes.BroughtRead;
import org.tokenbroker.consent.InstallKeeper.Claim;
import org.tokenbroker.provider.ClientLookup;
import org.tokenbroker.provider.Clients;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Secret;

/**
 * Follows a claim link. It ties a tenant to a browser, never to a name that could be guessed: to
 * the install that the browser brought before, or to the one that it brings next, each within
 * {@link ConsentConfig#claimWithin}. Looking changes nothing; only the button does.
 */
@ApplicationScoped
public class ClaimLinks {
  private final ClaimTickets tickets;
  private final InstallCodes installs;
  private final Clients clients;
  private final Claims claims;
  private final RandomText random;
  private final ConsentConfig config;
  private final InstantSource time;

  ClaimLinks(
      ClaimTickets tickets,
      InstallCodes installs,
      Clients clients,
      Claims claims,
      RandomText random,
      ConsentConfig config,
      InstantSource time) {
    this.tickets = tickets;
    this.installs = installs;
    this.clients = clients;
    this.claims = claims;
    this.random = random;
    this.config = config;
    this.time = time;
  }

  /**
   * @param browser what the browser's cookie holds, if it is well-formed
   */
  public Uni<ClaimLink> look(String ticket, Optional<Secret> browser) {
    return RandomText.isSecretForm(ticket)
        ? tickets
            .find(Fingerprint.of(Secret.of(ticket)))
            .chain(read -> judge(read, browser.map(Fingerprint::of)))
        : closed(Link.Reason.UNKNOWN);
  }

  /** The owner pressed the button. */
  public Uni<ClaimOutcome> accept(String ticket, Optional<Secret> browser) {
    return look(ticket, browser)
        .chain(
            link ->
                switch (link) {
                  case ClaimLink.BeforeInstall before ->
                      arm(before, browser.orElseGet(random::secret));
                  case ClaimLink.AfterInstall after ->
                      browser.map(known -> claim(after, known)).orElseGet(() -> stay(after));
                  case ClaimLink.Closed closed -> stay(closed);
                  case ClaimLink.Blocked blocked -> stay(blocked);
                  case ClaimLink.Unavailable unavailable -> stay(unavailable);
                });
  }

  private Uni<ClaimLink> judge(ClaimRead read, Optional<Fingerprint> browser) {
    return switch (read) {
      case ClaimRead.Found found -> judge(found.ticket(), browser);
      case ClaimRead.Unknown unknown -> closed(Link.Reason.UNKNOWN);
      case ClaimRead.Unavailable unavailable -> Uni.createFrom().item(new ClaimLink.Unavailable());
    };
  }

  private Uni<ClaimLink> judge(ClaimTicket ticket, Optional<Fingerprint> browser) {
    return switch (ticket.state()) {
      case USED -> closed(Link.Reason.USED);
      case WITHDRAWN -> closed(Link.Reason.WITHDRAWN);
      case OPEN ->
          time.instant().isBefore(ticket.expiresAt())
              ? clients.find(ticket.registration()).chain(lookup -> open(ticket, lookup, browser))
              : closed(Link.Reason.EXPIRED);
    };
  }

  private Uni<ClaimLink> open(
      ClaimTicket ticket, ClientLookup lookup, Optional<Fingerprint> browser) {
    return switch (lookup) {
      case ClientLookup.Ready ready when ready.client().profile().callback().providerInitiated() ->
          browser
              .map(known -> afterInstall(ticket, ready.client(), known))
              .orElseGet(() -> before(ticket, ready.client()));
      case ClientLookup.Ready ready -> Uni.createFrom().item(new ClaimLink.Blocked());
      case ClientLookup.Unknown unknown -> Uni.createFrom().item(new ClaimLink.Blocked());
      case ClientLookup.Incomplete incomplete -> Uni.createFrom().item(new ClaimLink.Blocked());
      case ClientLookup.LedgerUnavailable unavailable ->
          Uni.createFrom().item(new ClaimLink.Unavailable());
      case ClientLookup.SafeUnavailable unavailable ->
          Uni.createFrom().item(new ClaimLink.Unavailable());
    };
  }

  private Uni<ClaimLink> afterInstall(
      ClaimTicket ticket, ProviderClient client, Fingerprint browser) {
    Instant since = time.instant().minus(config.claimWithin());
    return installs
        .broughtBy(browser, ticket.registration(), since)
        .chain(
            brought ->
                switch (brought) {
                  case BroughtRead.Found found ->
                      Uni.createFrom()
                          .item(new ClaimLink.AfterInstall(ticket, client, found.connection()));
                  case BroughtRead.Nothing nothing -> before(ticket, client);
                  case BroughtRead.Unavailable unavailable ->
                      Uni.createFrom().item(new ClaimLink.Unavailable());
                });
  }

  private static Uni<ClaimLink> before(ClaimTicket ticket, ProviderClient client) {
    return Uni.createFrom().item(new ClaimLink.BeforeInstall(ticket, client));
  }

  private Uni<ClaimOutcome> arm(ClaimLink.BeforeInstall link, Secret browser) {
    Instant until = time.instant().plus(config.claimWithin());
    return tickets
        .arm(link.ticket().fingerprint(), Fingerprint.of(browser), until)
        .map(
            stored ->
                switch (stored) {
                  case DONE -> new ClaimOutcome.Armed(link, config.claimWithin(), browser);
                  case UNAVAILABLE -> new ClaimOutcome.Staying(new ClaimLink.Unavailable());
                });
  }

  private Uni<ClaimOutcome> claim(ClaimLink.AfterInstall link, Secret browser) {
    return claims
        .give(link.ticket(), link.install())
        .chain(
            claim ->
                claim
                    .map(given -> claimed(link, given, Fingerprint.of(browser)))
                    .orElseGet(() -> stay(new ClaimLink.Closed(Link.Reason.USED))));
  }

  private Uni<ClaimOutcome> claimed(ClaimLink.AfterInstall link, Claim claim, Fingerprint browser) {
    ConnectionId install = link.install();
    return switch (claim) {
      case CLAIMED ->
          installs.settled(browser, install).replaceWith(new ClaimOutcome.Claimed(link, install));
      case ANOTHERS, GONE ->
          installs.settled(browser, install).replaceWith(new ClaimOutcome.NotClaimable(install));
      case UNAVAILABLE -> stay(new ClaimLink.Unavailable());
    };
  }

  private static Uni<ClaimLink> closed(Link.Reason reason) {
    return Uni.createFrom().item(new ClaimLink.Closed(reason));
  }

  private static Uni<ClaimOutcome> stay(ClaimLink link) {
    return Uni.createFrom().item(new ClaimOutcome.Staying(link));
  }
}
