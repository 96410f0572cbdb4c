package org.tokenbroker.consent.page;

import java.util.List;
import org.tokenbroker.consent.Link;
import org.tokenbroker.consent.Ticket;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.Registration;

/**
 * What an owner reads before agreeing (B7).
 *
 * @param applicant our registration's name: who asks
 * @param purpose what for; may be empty
 * @param provider whose account is asked for
 * @param host where the owner goes next
 * @param tenant for whom
 * @param scopes what is asked for; empty where the provider tells it on its own page
 */
record Offer(
    String applicant,
    String purpose,
    String provider,
    String host,
    String tenant,
    List<String> scopes) {
  static Offer of(Link.Open link) {
    Ticket ticket = link.ticket();
    Profile profile = link.client().profile();
    Registration registration = link.client().registration();
    return new Offer(
        registration.name(),
        registration.purpose(),
        profile.name(),
        link.route().authorize().getHost(),
        ticket.subject().tenant().value(),
        profile.authorize().sendScope()
            ? List.copyOf(ticket.subject().scopes().names())
            : List.of());
  }
}
