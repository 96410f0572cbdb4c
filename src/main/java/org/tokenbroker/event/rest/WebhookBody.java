package org.tokenbroker.event.rest;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What an operator sends to create or replace a webhook, for the API's description.
 *
 * @param url where events are posted to: https, without user info, query and fragment; it is no
 *     secret
 * @param kinds what it is told of; absent: everything
 * @param tenants whose connections it is told of; absent: all, and registrations too
 * @param registrations which ones, with the connections under them, it is told of; absent: all
 * @param secret signs what is sent: {@code whsec_} followed by 24 to 64 random bytes in base64.
 *     Write-only; left out, it stays as it is
 * @param disabled true: nothing is sent
 */
@Schema(name = "WebhookRequest", requiredProperties = "url")
record WebhookBody(
    String url,
    @Nullable List<String> kinds,
    @Nullable List<String> tenants,
    @Nullable List<String> registrations,
    @Nullable String secret,
    @Nullable Boolean disabled) {
  /** Would hold a secret. */
  @Override
  public String toString() {
    return "WebhookBody[***]";
  }
}
