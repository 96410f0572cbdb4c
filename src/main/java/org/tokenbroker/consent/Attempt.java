package org.tokenbroker.consent;

import java.net.URI;
import java.time.Instant;
import org.tokenbroker.consent.GrantKeeper.GrantId;

/**
 * One owner on the way to the provider and back (B1).
 *
 * @param grant names the attempt; its secrets lie in the safe under this name
 * @param state fingerprint of the {@code state} that was sent
 * @param browser fingerprint of the cookie of the browser that started
 * @param ticket the invitation it belongs to
 * @param redirectUri the one that was sent; the exchange repeats it (MO-7, IV-5)
 * @param expiresAt first moment at which its callback is refused
 */
public record Attempt(
    GrantId grant,
    Fingerprint state,
    Fingerprint browser,
    Fingerprint ticket,
    ConsentSubject subject,
    URI redirectUri,
    Instant expiresAt) {}
