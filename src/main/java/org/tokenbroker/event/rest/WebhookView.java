package org.tokenbroker.event.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.event.Kind;
import org.tokenbroker.event.Webhook;
import org.tokenbroker.event.WebhookHealth;
import org.tokenbroker.event.Webhooks.Kept;

/**
 * A webhook as operators see it, and how its deliveries go. Never holds its secret.
 *
 * @param kinds absent: everything
 * @param tenants absent: all, and registrations too
 * @param registrations absent: all
 * @param state {@code healthy}, {@code failing}, {@code gone} (it answered 410) or {@code disabled}
 * @param since since when it is failing, gone or disabled
 * @param failure why the latest delivery failed
 * @param deliveredAt when it accepted an event last
 * @param backlog events that wait for it
 * @param oldestUndelivered when the first of these happened
 * @param givenUp events that it never got
 */
@RegisterForReflection
@Schema(name = "Webhook")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WebhookView(
    String id,
    String url,
    @Nullable List<String> kinds,
    @Nullable List<String> tenants,
    @Nullable List<String> registrations,
    boolean disabled,
    String state,
    @Nullable Instant since,
    @Nullable String failure,
    @JsonProperty("delivered_at") @Nullable Instant deliveredAt,
    long backlog,
    @JsonProperty("oldest_undelivered") @Nullable Instant oldestUndelivered,
    @JsonProperty("given_up") long givenUp,
    @JsonProperty("created_at") Instant createdAt,
    @JsonProperty("updated_at") Instant updatedAt) {

  static WebhookView of(Kept kept) {
    Webhook webhook = kept.webhook();
    State state = State.of(kept.health());
    return new WebhookView(
        webhook.id().value(),
        webhook.url().toString(),
        texts(webhook.kinds().stream().map(Kind::label).toList()),
        texts(webhook.tenants()),
        texts(webhook.registrations()),
        webhook.disabled(),
        state.name(),
        state.since(),
        state.failure(),
        kept.deliveredAt().orElse(null),
        kept.backlog(),
        kept.oldest().orElse(null),
        kept.givenUp(),
        kept.createdAt(),
        kept.updatedAt());
  }

  private static @Nullable List<String> texts(List<?> items) {
    return items.isEmpty() ? null : items.stream().map(Object::toString).toList();
  }

  private record State(String name, @Nullable Instant since, @Nullable String failure) {
    static State of(WebhookHealth health) {
      return switch (health) {
        case WebhookHealth.Healthy healthy -> new State("healthy", null, null);
        case WebhookHealth.Failing failing ->
            new State("failing", failing.since(), failing.failure().label());
        case WebhookHealth.Gone gone -> new State("gone", gone.since(), null);
        case WebhookHealth.Disabled disabled -> new State("disabled", disabled.since(), null);
      };
    }
  }
}
