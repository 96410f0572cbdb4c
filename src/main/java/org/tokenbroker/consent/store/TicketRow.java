package org.tokenbroker.consent.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.consent.ConsentSubject;
import org.tokenbroker.consent.Fingerprint;
import org.tokenbroker.consent.Ticket;
import org.tokenbroker.consent.TicketState;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.TenantId;

/** A row of table {@code consent_ticket}. */
@Entity
@Table(name = "consent_ticket")
public class TicketRow {
  @Id String fingerprint = "";
  String connection = "";
  String tenant = "";
  String registration = "";
  String scopes = "";

  @Column(name = "redirect_uri")
  @Nullable String redirectUri;

  @Enumerated(EnumType.STRING)
  TicketState state = TicketState.OPEN;

  @Column(name = "expires_at")
  Instant expiresAt = Instant.EPOCH;

  static TicketRow of(Ticket ticket) {
    TicketRow row = new TicketRow();
    row.fingerprint = ticket.fingerprint().value();
    row.connection = ticket.subject().connection().value();
    row.tenant = ticket.subject().tenant().value();
    row.registration = ticket.subject().registration().value();
    row.scopes = ticket.subject().scopes().toString();
    row.redirectUri = ticket.redirectUri().map(URI::toString).orElse(null);
    row.state = ticket.state();
    row.expiresAt = ticket.expiresAt();
    return row;
  }

  Ticket ticket() {
    return new Ticket(
        new Fingerprint(fingerprint),
        subject(),
        Optional.ofNullable(redirectUri).map(URI::create),
        state,
        expiresAt);
  }

  ConsentSubject subject() {
    return new ConsentSubject(
        new ConnectionId(connection),
        new TenantId(tenant),
        new RegistrationId(registration),
        Scopes.parse(scopes));
  }
}
