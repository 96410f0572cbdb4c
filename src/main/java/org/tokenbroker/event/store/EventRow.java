package org.tokenbroker.event.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.event.Event;
import org.tokenbroker.event.Event.Stamp;
import org.tokenbroker.event.Event.Which;
import org.tokenbroker.event.Event.Whose;
import org.tokenbroker.event.Kind;
import org.tokenbroker.event.Place;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.TenantId;

/** A row of table {@code event} that has its place. Only ever read; triggers write. */
@Entity
@Table(name = "event")
public class EventRow {
  @Id UUID id = new UUID(0, 0);

  long sequence;

  @Column(name = "happened_at")
  Instant happenedAt = Instant.EPOCH;

  String kind = "";
  @Nullable String connection;
  @Nullable String tenant;
  String registration = "";
  String provider = "";
  @Nullable String state;

  @Column(name = "previous_state")
  @Nullable String previousState;

  @Nullable String cause;

  @Column(name = "consent_ends_at")
  @Nullable Instant consentEndsAt;

  @Nullable String name;
  @Nullable String purpose;
  String @Nullable [] contacts;

  Event event() {
    Kind known =
        Kind.of(kind)
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "table event holds a kind that this version does not know"));
    return switch (known) {
      case CONNECTION_UNCLAIMED,
          CONNECTION_ACTIVE,
          CONNECTION_AILING,
          CONNECTION_NEEDS_CONSENT,
          CONNECTION_PENDING_CONSENT,
          CONNECTION_REVOKED,
          CONNECTION_DISABLED,
          CONNECTION_DELETED ->
          new Event.StateChanged(
              stamp(),
              known,
              whose(),
              held(state),
              Optional.ofNullable(previousState),
              Optional.ofNullable(cause));
      case CONNECTION_CONSENT_EXPIRING ->
          new Event.ConsentExpiring(stamp(), whose(), held(state), held(consentEndsAt));
      case REGISTRATION_FAULTY -> new Event.RegistrationFaulty(stamp(), which(), held(cause));
      case REGISTRATION_HEALTHY -> new Event.RegistrationHealthy(stamp(), which(), held(cause));
    };
  }

  private Stamp stamp() {
    return new Stamp(id, new Place(sequence), happenedAt);
  }

  private Whose whose() {
    return new Whose(
        new ConnectionId(held(connection)),
        Optional.ofNullable(tenant).map(TenantId::new),
        new RegistrationId(registration),
        provider);
  }

  private Which which() {
    return new Which(
        new RegistrationId(registration),
        provider,
        held(name),
        held(purpose),
        List.of(held(contacts)));
  }

  private static <T> T held(@Nullable T column) {
    if (column == null) {
      throw new IllegalStateException("table event lacks a column of its kind");
    }
    return column;
  }
}
