package org.tokenbroker.connection.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.connection.Connection;
import org.tokenbroker.connection.Connection.Held;
import org.tokenbroker.connection.Health;
import org.tokenbroker.connection.Health.Ailment;
import org.tokenbroker.connection.Health.ConsentCause;
import org.tokenbroker.connection.Health.Hurdle;
import org.tokenbroker.connection.States;
import org.tokenbroker.connection.Term;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.Lifetime;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.TenantId;

/** A living row of table {@code connection}. Only ever read; every change is one SQL statement. */
@Entity
@Table(name = "connection")
public class ConnectionRow {
  /**
   * The columns that are read here, for a native query: Hibernate Reactive fails on a result that
   * has others between them.
   */
  public static final String COLUMNS =
      columns(
          "id",
          "tenant",
          "registration",
          "provider",
          "grant_type",
          "requested_scopes",
          "metadata",
          "facts",
          "state",
          "cause",
          "failures",
          "since",
          "disabled_at",
          "remains_since",
          "generation",
          "issued_at",
          "expires_at",
          "granted_scopes",
          "agreed_at",
          "consent_ends_at",
          "consent_warned_at",
          "refreshable",
          "due_at",
          "facts_failures",
          "promised_to",
          "moved_to",
          "epoch",
          "created_at",
          "updated_at");

  @Id String id = "";

  @Nullable String tenant;

  String registration = "";
  String provider = "";

  @Column(name = "grant_type")
  String grantType = "";

  @Column(name = "requested_scopes")
  String requestedScopes = "";

  String metadata = "{}";
  String facts = "{}";
  String state = "";
  @Nullable String cause;
  int failures;
  Instant since = Instant.EPOCH;

  @Column(name = "disabled_at")
  @Nullable Instant disabledAt;

  @Column(name = "remains_since")
  @Nullable Instant remainsSince;

  long generation;

  @Column(name = "issued_at")
  @Nullable Instant issuedAt;

  @Column(name = "expires_at")
  @Nullable Instant expiresAt;

  @Column(name = "granted_scopes")
  @Nullable String grantedScopes;

  @Column(name = "agreed_at")
  @Nullable Instant agreedAt;

  @Column(name = "consent_ends_at")
  @Nullable Instant consentEndsAt;

  @Column(name = "consent_warned_at")
  @Nullable Instant consentWarnedAt;

  boolean refreshable;

  @Column(name = "due_at")
  @Nullable Instant dueAt;

  @Column(name = "facts_failures")
  int factsFailures;

  @Column(name = "promised_to")
  @Nullable String promisedTo;

  @Column(name = "moved_to")
  @Nullable String movedTo;

  long epoch;

  @Column(name = "created_at")
  Instant createdAt = Instant.EPOCH;

  @Column(name = "updated_at")
  Instant updatedAt = Instant.EPOCH;

  private static String columns(String... names) {
    return Arrays.stream(names).map("connection."::concat).collect(Collectors.joining(", "));
  }

  /** Lease epoch of this row: what a fenced write must name. */
  public long epoch() {
    return epoch;
  }

  public Connection connection() {
    return new Connection(
        new ConnectionId(id),
        Optional.ofNullable(tenant).map(TenantId::new),
        new RegistrationId(registration),
        provider,
        grant(grantType),
        Scopes.parse(requestedScopes),
        health(),
        held(),
        new Generation(generation),
        term(),
        Optional.ofNullable(dueAt),
        FactsJson.read(metadata),
        FactsJson.read(facts),
        createdAt,
        updatedAt);
  }

  private Health health() {
    Health living = living();
    return disabledAt == null ? living : new Health.Disabled(living, disabledAt);
  }

  private Health living() {
    return switch (state) {
      case States.PENDING_CONSENT ->
          cause == null
              ? new Health.PendingConsent(since)
              : new Health.Connecting(Hurdle.valueOf(cause), since);
      case States.UNCLAIMED -> new Health.Unclaimed(since);
      case States.ACTIVE -> new Health.Active(since);
      case States.AILING ->
          new Health.Ailing(Ailment.valueOf(String.valueOf(cause)), failures, since);
      case States.NEEDS_CONSENT ->
          new Health.NeedsConsent(ConsentCause.valueOf(String.valueOf(cause)), since);
      case States.REVOKED -> new Health.Revoked(since, remainsSince == null);
      default ->
          throw new IllegalStateException(
              "table connection holds a state that this version does not know");
    };
  }

  private Optional<Held> held() {
    return issuedAt == null || expiresAt == null || grantedScopes == null
        ? Optional.empty()
        : Optional.of(
            new Held(
                new Generation(generation),
                new Lifetime(issuedAt, expiresAt),
                Scopes.parse(grantedScopes)));
  }

  private Optional<Term> term() {
    return Optional.ofNullable(agreedAt)
        .map(
            agreed ->
                new Term(
                    agreed,
                    Optional.ofNullable(consentEndsAt),
                    Optional.ofNullable(consentWarnedAt),
                    refreshable));
  }

  private static GrantType grant(String parameter) {
    for (GrantType grant : GrantType.values()) {
      if (grant.parameter().equals(parameter)) {
        return grant;
      }
    }
    throw new IllegalStateException(
        "table connection holds a grant type that this version does not know");
  }
}
