package org.tokenbroker.consent;

import java.time.Instant;

/**
 * What is kept of an invitation.
 *
 * @param fingerprint of the ticket in the link
 * @param expiresAt from then on the link starts nothing any more
 */
public record Ticket(
    Fingerprint fingerprint, ConsentSubject subject, TicketState state, Instant expiresAt) {}
