package org.tokenbroker.consent;

import java.time.Instant;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.TenantId;

/**
 * What is kept of a claim link: one install of the registration becomes the tenant's.
 *
 * @param fingerprint of the ticket in the link
 * @param state {@code USED} once it gave an install away
 * @param expiresAt from then on the link does nothing any more
 */
public record ClaimTicket(
    Fingerprint fingerprint,
    TenantId tenant,
    RegistrationId registration,
    TicketState state,
    Instant expiresAt) {}
