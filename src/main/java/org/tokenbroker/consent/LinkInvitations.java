package org.tokenbroker.consent;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.tokenbroker.provider.ClientLookup;
import org.tokenbroker.provider.Clients;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Secret;

/**
 * Links {@code {public-url}/consent/{ticket}}, whose ticket is known to nobody but their holder.
 */
@ApplicationScoped
public class LinkInvitations implements Invitations {
  private static final Duration LONGEST = Duration.ofDays(30);

  private final Clients clients;
  private final Tickets tickets;
  private final RandomText random;
  private final ConsentConfig config;
  private final InstantSource time;

  LinkInvitations(
      Clients clients,
      Tickets tickets,
      RandomText random,
      ConsentConfig config,
      InstantSource time) {
    this.clients = clients;
    this.tickets = tickets;
    this.random = random;
    this.config = config;
    this.time = time;
  }

  @Override
  public Uni<Outcome> invite(ConsentSubject subject, Duration life, Optional<URI> redirectUri) {
    if (!life.isPositive() || life.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "the life of a consent link must be positive and at most 30 days");
    }
    return clients
        .find(subject.registration())
        .chain(lookup -> invite(subject, life, redirectUri, lookup));
  }

  @Override
  public Uni<Void> withdraw(ConnectionId connection) {
    return tickets
        .withdraw(connection)
        .invoke(
            stored -> {
              if (stored == Stored.UNAVAILABLE) {
                throw new IllegalStateException(
                    "the consent links of a connection could not be withdrawn");
              }
            })
        .replaceWithVoid();
  }

  private Uni<Outcome> invite(
      ConsentSubject subject, Duration life, Optional<URI> redirectUri, ClientLookup lookup) {
    return switch (lookup) {
      case ClientLookup.Ready ready -> invite(subject, life, redirectUri, ready.client());
      case ClientLookup.Unknown unknown ->
          notPossible("registration", "no registration of that id exists: create it first");
      case ClientLookup.Incomplete incomplete -> notPossible("registration", fix(incomplete.gap()));
      case ClientLookup.LedgerUnavailable unavailable ->
          Uni.createFrom().item(new Outcome.Unavailable());
      case ClientLookup.SafeUnavailable unavailable ->
          Uni.createFrom().item(new Outcome.Unavailable());
    };
  }

  private Uni<Outcome> invite(
      ConsentSubject subject, Duration life, Optional<URI> redirectUri, ProviderClient client) {
    return switch (Route.of(client, config.publicUrl(), redirectUri)) {
      case Route.Open open -> issue(subject, redirectUri, time.instant().plus(life));
      case Route.Blocked blocked -> notPossible(blocked.field(), blocked.fix());
    };
  }

  private Uni<Outcome> issue(ConsentSubject subject, Optional<URI> redirectUri, Instant expiresAt) {
    Secret ticket = random.secret();
    URI link = PublicUrls.link(config.publicUrl(), ticket);
    return tickets
        .issue(
            new Ticket(Fingerprint.of(ticket), subject, redirectUri, TicketState.OPEN, expiresAt))
        .map(
            stored ->
                switch (stored) {
                  case DONE -> new Outcome.Invited(new Invitation(link, expiresAt));
                  case UNAVAILABLE -> new Outcome.Unavailable();
                });
  }

  private static String fix(ClientLookup.Gap gap) {
    return switch (gap) {
      case PROFILE ->
          "its profile is not in the catalogue: mount the profile, or choose another registration";
      case VARIABLES -> "its variables do not fit its profile: put it again with the right ones";
      case ENDPOINTS -> "its profile lacks endpoints: see missing_endpoints of the registration";
      case SECRETS -> "its client id and secret are not in the safe: put them first";
      case KEY -> "it has no active signing key: generate, upload and activate one first";
    };
  }

  private static Uni<Outcome> notPossible(String field, String fix) {
    return Uni.createFrom().item(new Outcome.NotPossible(field, fix));
  }
}
