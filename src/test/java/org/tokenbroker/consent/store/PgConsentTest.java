package org.tokenbroker.consent.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokenbroker.fixture.Waited.value;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tokenbroker.consent.Attempt;
import org.tokenbroker.consent.AttemptState;
import org.tokenbroker.consent.Attempts.AttemptRead;
import org.tokenbroker.consent.Attempts.Leftovers;
import org.tokenbroker.consent.Attempts.Taking;
import org.tokenbroker.consent.BroughtCodes.Noted;
import org.tokenbroker.consent.ConsentSubject;
import org.tokenbroker.consent.Fingerprint;
import org.tokenbroker.consent.GrantKeeper.GrantId;
import org.tokenbroker.consent.SecureRandomText;
import org.tokenbroker.consent.Stored;
import org.tokenbroker.consent.Ticket;
import org.tokenbroker.consent.TicketState;
import org.tokenbroker.consent.Tickets.TicketRead;
import org.tokenbroker.fixture.MigratedDatabase;
import org.tokenbroker.fixture.Postgres;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.TenantId;

class PgConsentTest {
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
  private static final Duration ATTEMPT_LIFE = Duration.ofMinutes(10);

  private static MigratedDatabase database;

  private final SecureRandomText random = new SecureRandomText();
  private PgTickets tickets;
  private PgAttempts attempts;

  @BeforeAll
  static void open() {
    database =
        MigratedDatabase.of(Postgres.shared().freshDatabase(), TicketRow.class, AttemptRow.class);
  }

  @BeforeEach
  void connect() {
    tickets = new PgTickets(database.sessions());
    attempts = new PgAttempts(database.sessions());
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @Test
  @Requirement("IV-4")
  void ofTwoWhoBringOneCodeOneIsTheFirst() {
    PgBroughtCodes codes = new PgBroughtCodes(database.sessions());
    Fingerprint code = Fingerprint.of(random.secret());
    ConnectionId connection = new ConnectionId("acme-crm");

    List<Noted> noted =
        Uni.join()
            .all(codes.note(code, connection, NOW), codes.note(code, connection, NOW))
            .andFailFast()
            .await()
            .atMost(Duration.ofSeconds(30));

    assertThat(noted).containsExactlyInAnyOrder(Noted.NEW, Noted.KNOWN);
    codes.release(code).await().atMost(Duration.ofSeconds(30));
    assertThat(codes.note(code, connection, NOW).await().atMost(Duration.ofSeconds(30)))
        .isEqualTo(Noted.NEW);
    codes.forget(NOW.plusSeconds(1), 10).await().atMost(Duration.ofSeconds(30));
    assertThat(codes.note(code, connection, NOW).await().atMost(Duration.ofSeconds(30)))
        .isEqualTo(Noted.NEW);
  }

  @Test
  void aTicketIsFoundAsItWasIssued() {
    Ticket ticket = issued();

    assertThat(value(tickets.find(ticket.fingerprint()))).isEqualTo(new TicketRead.Found(ticket));
    assertThat(value(tickets.find(fingerprint()))).isEqualTo(new TicketRead.Unknown());
  }

  @Test
  void onlyOpenTicketsOfTheConnectionAreWithdrawn() {
    Ticket mine = issued();
    Ticket used = issued(mine.subject(), NOW.plus(Duration.ofDays(1)));
    Attempt kept = opened(used, NOW);
    value(attempts.kept(kept.grant()));
    Ticket other = issued();

    value(tickets.withdraw(mine.subject().connection()));

    assertThat(stateOf(mine)).isEqualTo(TicketState.WITHDRAWN);
    assertThat(stateOf(used)).isEqualTo(TicketState.USED);
    assertThat(stateOf(other)).isEqualTo(TicketState.OPEN);
  }

  @Test
  @Requirement("B6")
  void anAttemptIsFoundByItsStateOnAnyReplica() {
    Attempt attempt = opened(issued(), NOW);

    assertThat(value(new PgAttempts(database.sessions()).find(attempt.state())))
        .isEqualTo(new AttemptRead.Found(attempt, AttemptState.OPEN, TicketState.OPEN));
    assertThat(value(attempts.find(fingerprint()))).isEqualTo(new AttemptRead.Unknown());
  }

  @Test
  @Requirement("B4")
  void ofManyCallbacksAtOnceOneTakesTheAttempt() {
    Attempt attempt = opened(issued(), NOW);
    List<PgAttempts> replicas =
        List.of(
            new PgAttempts(database.sessions()),
            new PgAttempts(database.sessions()),
            new PgAttempts(database.sessions()));

    List<Taking> takings =
        value(
            Multi.createFrom()
                .range(0, 24)
                .onItem()
                .transformToUni(i -> replicas.get(i % 3).take(attempt.grant(), NOW))
                .merge(24)
                .collect()
                .asList());

    assertThat(takings)
        .hasSize(24)
        .containsOnlyOnce(Taking.TAKEN)
        .doesNotContain(Taking.UNAVAILABLE);
  }

  @Test
  @Requirement("B1")
  void anExpiredAttemptIsNotTaken() {
    Attempt attempt = opened(issued(), NOW);

    assertThat(value(attempts.take(attempt.grant(), attempt.expiresAt()))).isEqualTo(Taking.LOST);
    assertThat(value(attempts.take(attempt.grant(), attempt.expiresAt().minusMillis(1))))
        .isEqualTo(Taking.TAKEN);
  }

  @Test
  void anAttemptOfAWithdrawnTicketIsNotTaken() {
    Ticket ticket = issued();
    Attempt attempt = opened(ticket, NOW);
    value(tickets.withdraw(ticket.subject().connection()));

    assertThat(value(attempts.take(attempt.grant(), NOW))).isEqualTo(Taking.LOST);
  }

  @Test
  @Requirement("B4")
  void aKeptGrantUsesItsTicketUpForEveryOtherTab() {
    Ticket ticket = issued();
    Attempt first = opened(ticket, NOW);
    Attempt second = opened(ticket, NOW);
    value(attempts.take(first.grant(), NOW));

    value(attempts.kept(first.grant()));

    assertThat(stateOf(ticket)).isEqualTo(TicketState.USED);
    assertThat(value(attempts.find(first.state())))
        .isEqualTo(new AttemptRead.Found(first, AttemptState.KEPT, TicketState.USED));
    assertThat(value(attempts.take(second.grant(), NOW))).isEqualTo(Taking.LOST);
  }

  @Test
  void leftoversAreTheOldestAttemptsWithSecretsInSmallBatches() {
    Ticket ticket = issued(subject(), longAgo(0));
    Attempt second = opened(ticket, longAgo(2));
    Attempt first = opened(ticket, longAgo(3));
    Attempt third = opened(ticket, longAgo(1));

    assertThat(value(attempts.leftovers(longAgo(0), 2)))
        .isEqualTo(new Leftovers.Listed(List.of(first.grant(), second.grant())));
    value(attempts.secretsGone(first.grant()));
    value(attempts.secretsGone(second.grant()));
    assertThat(value(attempts.leftovers(longAgo(0), 2)))
        .isEqualTo(new Leftovers.Listed(List.of(third.grant())));
    value(attempts.secretsGone(third.grant()));
  }

  @Test
  void onlyWhatIsOldAndHasNoSecretsIsForgotten() {
    Instant past = Instant.parse("2020-01-01T00:00:00Z");
    Ticket emptyTicket = issued(subject(), past);
    Ticket heldTicket = issued(subject(), past);
    Attempt withSecrets = opened(heldTicket, past);
    Attempt without = opened(emptyTicket, past);
    value(attempts.secretsGone(without.grant()));
    Ticket young = issued();

    value(attempts.forget(past.plus(Duration.ofHours(1)), 100));

    assertThat(value(attempts.find(without.state()))).isEqualTo(new AttemptRead.Unknown());
    assertThat(value(tickets.find(emptyTicket.fingerprint()))).isEqualTo(new TicketRead.Unknown());
    assertThat(value(attempts.find(withSecrets.state()))).isInstanceOf(AttemptRead.Found.class);
    assertThat(stateOf(heldTicket)).isEqualTo(TicketState.OPEN);
    assertThat(stateOf(young)).isEqualTo(TicketState.OPEN);
  }

  @Test
  void aDatabaseThatIsGoneIsAValueAndItsReturnIsNoticed() {
    try (Postgres postgres = Postgres.start();
        MigratedDatabase own =
            MigratedDatabase.of(postgres.freshDatabase(), TicketRow.class, AttemptRow.class)) {
      PgTickets itsTickets = new PgTickets(own.sessions());
      PgAttempts itsAttempts = new PgAttempts(own.sessions());
      Ticket ticket = ticket(subject(), NOW);
      value(itsTickets.issue(ticket));

      postgres.stop();
      assertThat(value(itsTickets.find(ticket.fingerprint())))
          .isEqualTo(new TicketRead.Unavailable());
      assertThat(value(itsTickets.issue(ticket(subject(), NOW)))).isEqualTo(Stored.UNAVAILABLE);
      assertThat(value(itsAttempts.find(fingerprint()))).isEqualTo(new AttemptRead.Unavailable());
      assertThat(value(itsAttempts.take(new GrantId(random.name(), NOW), NOW)))
          .isEqualTo(Taking.UNAVAILABLE);
      assertThat(value(itsAttempts.leftovers(NOW, 1))).isEqualTo(new Leftovers.Unavailable());

      postgres.restart();
      assertThat(value(itsTickets.find(ticket.fingerprint())))
          .isEqualTo(new TicketRead.Found(ticket));
    }
  }

  private static Instant longAgo(int hours) {
    return Instant.parse("2019-01-02T00:00:00Z").minus(Duration.ofHours(hours));
  }

  private Fingerprint fingerprint() {
    return Fingerprint.of(random.secret());
  }

  private ConsentSubject subject() {
    return new ConsentSubject(
        new ConnectionId(random.name()),
        new TenantId("acme"),
        new RegistrationId("crm"),
        Scopes.of("offline_access", "contacts.read"));
  }

  private Ticket ticket(ConsentSubject subject, Instant expiresAt) {
    return new Ticket(fingerprint(), subject, TicketState.OPEN, expiresAt);
  }

  private Ticket issued() {
    return issued(subject(), NOW.plus(Duration.ofDays(1)));
  }

  private Ticket issued(ConsentSubject subject, Instant expiresAt) {
    Ticket ticket = ticket(subject, expiresAt);
    assertThat(value(tickets.issue(ticket))).isEqualTo(Stored.DONE);
    return ticket;
  }

  private Attempt opened(Ticket ticket, Instant startedAt) {
    Attempt attempt =
        new Attempt(
            new GrantId(random.name(), startedAt),
            fingerprint(),
            fingerprint(),
            ticket.fingerprint(),
            ticket.subject(),
            URI.create("https://broker.example/callback/crm"),
            startedAt.plus(ATTEMPT_LIFE));
    assertThat(value(attempts.open(attempt))).isEqualTo(Stored.DONE);
    return attempt;
  }

  private TicketState stateOf(Ticket ticket) {
    return ((TicketRead.Found) value(tickets.find(ticket.fingerprint()))).ticket().state();
  }
}
