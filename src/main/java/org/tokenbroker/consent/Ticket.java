package org.tokenbroker.consent;

import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/**
 * What is kept of an invitation.
 *
 * @param fingerprint of the ticket in the link
 * @param redirectUri where the provider sends the owner back; absent: to our own callback (IV-5)
 * @param expiresAt from then on the link starts nothing any more
 */
public record Ticket(
    Fingerprint fingerprint,
    ConsentSubject subject,
    Optional<URI> redirectUri,
    TicketState state,
    Instant expiresAt) {
  /** Of a link that leads back to us. */
  public Ticket(
      Fingerprint fingerprint, ConsentSubject subject, TicketState state, Instant expiresAt) {
    this(fingerprint, subject, Optional.empty(), state, expiresAt);
  }
}
