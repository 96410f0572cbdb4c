package org.tokenbroker.event;

import java.net.URI;
import java.util.List;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.TenantId;

/**
 * Who is told of events. Its signing secret lies in the safe.
 *
 * @param url where events are posted to: https, with neither user info nor query nor fragment; it
 *     is no secret
 * @param kinds what it is told of; empty: all
 * @param tenants whose connections it is told of; empty: all, and registrations and unclaimed
 *     connections too, which belong to no tenant
 * @param registrations which registrations and connections under them it is told of; empty: all
 * @param disabled whether an operator switched it off: nothing is sent, and what happens meanwhile
 *     is not queued for it
 */
public record Webhook(
    WebhookId id,
    URI url,
    List<Kind> kinds,
    List<TenantId> tenants,
    List<RegistrationId> registrations,
    boolean disabled) {}
