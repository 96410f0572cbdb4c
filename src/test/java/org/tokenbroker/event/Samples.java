package org.tokenbroker.event;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Secret;
import org.tokenbroker.token.TenantId;

/** Events, secrets and deliveries as tests need them. */
public final class Samples {
  public static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  public static final WebhookId HOOK = new WebhookId("hook");
  static final URI URL = URI.create("https://receiver.example/events");

  private Samples() {}

  /** {@code acme-crm} needs consent. */
  public static Event needsConsent() {
    return new Event.StateChanged(
        stamp(),
        Kind.CONNECTION_NEEDS_CONSENT,
        whose(),
        "needs_consent",
        Optional.of("active"),
        Optional.of("refused_by_provider"));
  }

  static Event consentExpiring() {
    return new Event.ConsentExpiring(stamp(), whose(), "active", NOON.plus(Duration.ofDays(14)));
  }

  static Event faulty() {
    return new Event.RegistrationFaulty(
        stamp(),
        new Event.Which(
            new RegistrationId("crm"),
            "acme",
            "CRM of Acme",
            "Reads orders",
            List.of("ops@acme.example")),
        "invalid_client");
  }

  static Delivery delivery(int attempts) {
    return new Delivery(7, 1, HOOK, URL, needsConsent(), attempts, NOON.plus(Duration.ofHours(72)));
  }

  /** {@code whsec_} and 32 times this byte. */
  public static SigningSecret secret(int filledWith) {
    return SigningSecret.of(Secret.of(secretText(filledWith)));
  }

  public static String secretText(int filledWith) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) filledWith);
    return "whsec_" + Base64.getEncoder().encodeToString(key);
  }

  static Webhook webhook() {
    return new Webhook(HOOK, URL, List.of(), List.of(), List.of(), false);
  }

  private static Event.Stamp stamp() {
    return new Event.Stamp(
        UUID.fromString("6a1f3c0e-0000-4000-8000-000000000001"), new Place(42), NOON);
  }

  private static Event.Whose whose() {
    return new Event.Whose(
        new ConnectionId("acme-crm"),
        Optional.of(new TenantId("acme")),
        new RegistrationId("crm"),
        "acme");
  }
}
