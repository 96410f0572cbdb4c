package org.tokenbroker.consent;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.tokenbroker.provider.ClientLookup;
import org.tokenbroker.provider.Clients;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Secret;
import org.tokenbroker.token.TenantId;

/**
 * Hands out claim links {@code {public-url}/claim/{ticket}}: each gives one install of a
 * registration to a tenant (BE-4).
 */
@ApplicationScoped
public class ClaimInvitations {
  private static final Duration LONGEST = Duration.ofDays(30);

  private final Clients clients;
  private final ClaimTickets tickets;
  private final RandomText random;
  private final ConsentConfig config;
  private final InstantSource time;

  ClaimInvitations(
      Clients clients,
      ClaimTickets tickets,
      RandomText random,
      ConsentConfig config,
      InstantSource time) {
    this.clients = clients;
    this.tickets = tickets;
    this.random = random;
    this.config = config;
    this.time = time;
  }

  /** Outcome of an invitation. */
  public sealed interface Outcome {
    record Invited(Invitation invitation) implements Outcome {}

    record NoSuchRegistration() implements Outcome {}

    /** The registration's installs do not start at the provider, or it cannot be used. */
    record NotPossible(String reason) implements Outcome {}

    /** A store could not be reached; nothing was created. */
    record Unavailable() implements Outcome {}
  }

  /**
   * @param life how long the link works; positive, at most 30 days
   */
  public Uni<Outcome> invite(TenantId tenant, RegistrationId registration, Duration life) {
    if (!life.isPositive() || life.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "the life of a claim link must be positive and at most 30 days");
    }
    return clients
        .find(registration)
        .chain(
            lookup ->
                switch (lookup) {
                  case ClientLookup.Ready ready -> invite(tenant, ready.client(), life);
                  case ClientLookup.Unknown unknown ->
                      Uni.createFrom().item(new Outcome.NoSuchRegistration());
                  case ClientLookup.Incomplete(ClientLookup.Gap gap) -> notPossible(lack(gap));
                  case ClientLookup.LedgerUnavailable unavailable -> unavailable();
                  case ClientLookup.SafeUnavailable unavailable -> unavailable();
                });
  }

  private static String lack(ClientLookup.Gap gap) {
    return switch (gap) {
      case SECRETS ->
          "The registration holds no client id. One whose profile offers API keys only has none; put any other again with it.";
      case PROFILE, VARIABLES, ENDPOINTS, KEY ->
          "The registration is not complete: see what it lacks.";
    };
  }

  private Uni<Outcome> invite(TenantId tenant, ProviderClient client, Duration life) {
    return client.profile().callback().providerInitiated()
        ? issue(tenant, client.registration().id(), time.instant().plus(life))
        : notPossible(
            "Installs of this provider do not start there: create a connection for the tenant and make a consent link.");
  }

  private Uni<Outcome> issue(TenantId tenant, RegistrationId registration, Instant expiresAt) {
    Secret ticket = random.secret();
    URI link = PublicUrls.claim(config.publicUrl(), ticket);
    return tickets
        .issue(
            new ClaimTicket(
                Fingerprint.of(ticket), tenant, registration, TicketState.OPEN, expiresAt))
        .map(
            stored ->
                switch (stored) {
                  case DONE -> new Outcome.Invited(new Invitation(link, expiresAt));
                  case UNAVAILABLE -> new Outcome.Unavailable();
                });
  }

  private static Uni<Outcome> notPossible(String reason) {
    return Uni.createFrom().item(new Outcome.NotPossible(reason));
  }

  private static Uni<Outcome> unavailable() {
    return Uni.createFrom().item(new Outcome.Unavailable());
  }
}
