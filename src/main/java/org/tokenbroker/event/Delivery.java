package org.tokenbroker.event;

import java.net.URI;
import java.time.Instant;

/**
 * One event on its way to one webhook, leased to this replica.
 *
 * @param id of the row in the outbox
 * @param epoch of the lease: what a fenced write must name
 * @param attempts how often it has failed before
 * @param giveUpAt from then on it is tried no more
 */
public record Delivery(
    long id, long epoch, WebhookId webhook, URI url, Event event, int attempts, Instant giveUpAt) {}
