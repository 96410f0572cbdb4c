package org.tokenbroker.consent.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import java.net.URI;
import java.time.Instant;
import org.tokenbroker.consent.Attempt;
import org.tokenbroker.consent.AttemptState;
import org.tokenbroker.consent.Attempts.AttemptRead;
import org.tokenbroker.consent.Fingerprint;
import org.tokenbroker.consent.GrantKeeper.GrantId;

/** A row of table {@code consent_attempt}, with its ticket. */
@Entity
@Table(name = "consent_attempt")
public class AttemptRow {
  @Id String id = "";

  @ManyToOne(fetch = FetchType.EAGER)
  @JoinColumn(name = "ticket")
  TicketRow ticket = new TicketRow();

  @Column(name = "state_fingerprint")
  String stateFingerprint = "";

  @Column(name = "browser_fingerprint")
  String browserFingerprint = "";

  @Column(name = "redirect_uri")
  String redirectUri = "";

  @Enumerated(EnumType.STRING)
  AttemptState state = AttemptState.OPEN;

  @Column(name = "started_at")
  Instant startedAt = Instant.EPOCH;

  @Column(name = "expires_at")
  Instant expiresAt = Instant.EPOCH;

  @Column(name = "has_secrets")
  boolean hasSecrets;

  static AttemptRow of(Attempt attempt, TicketRow ticket) {
    AttemptRow row = new AttemptRow();
    row.id = attempt.grant().id();
    row.ticket = ticket;
    row.stateFingerprint = attempt.state().value();
    row.browserFingerprint = attempt.browser().value();
    row.redirectUri = attempt.redirectUri().toString();
    row.state = AttemptState.OPEN;
    row.startedAt = attempt.grant().startedAt();
    row.expiresAt = attempt.expiresAt();
    row.hasSecrets = true;
    return row;
  }

  GrantId grant() {
    return new GrantId(id, startedAt);
  }

  AttemptRead.Found found() {
    return new AttemptRead.Found(
        new Attempt(
            grant(),
            new Fingerprint(stateFingerprint),
            new Fingerprint(browserFingerprint),
            new Fingerprint(ticket.fingerprint),
            ticket.subject(),
            URI.create(redirectUri),
            expiresAt),
        state,
        ticket.state);
  }
}
