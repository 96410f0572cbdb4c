package org.tokenbroker.consent.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.consent.ClaimTicket;
import org.tokenbroker.consent.Fingerprint;
import org.tokenbroker.consent.TicketState;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.TenantId;

/** A row of table {@code claim_ticket}. */
@Entity
@Table(name = "claim_ticket")
public class ClaimTicketRow {
  @Id String fingerprint = "";
  String tenant = "";
  String registration = "";

  @Enumerated(EnumType.STRING)
  TicketState state = TicketState.OPEN;

  @Column(name = "browser_fingerprint")
  @Nullable String browserFingerprint;

  @Column(name = "armed_until")
  @Nullable Instant armedUntil;

  @Column(name = "expires_at")
  Instant expiresAt = Instant.EPOCH;

  static ClaimTicketRow of(ClaimTicket ticket) {
    ClaimTicketRow row = new ClaimTicketRow();
    row.fingerprint = ticket.fingerprint().value();
    row.tenant = ticket.tenant().value();
    row.registration = ticket.registration().value();
    row.state = ticket.state();
    row.expiresAt = ticket.expiresAt();
    return row;
  }

  ClaimTicket ticket() {
    return new ClaimTicket(
        new Fingerprint(fingerprint),
        new TenantId(tenant),
        new RegistrationId(registration),
        state,
        expiresAt);
  }
}
