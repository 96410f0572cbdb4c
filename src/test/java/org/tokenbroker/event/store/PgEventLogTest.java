package org.tokenbroker.event.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokenbroker.event.store.EventDatabase.NOW;
import static org.tokenbroker.fixture.Waited.value;

import io.smallrye.mutiny.Uni;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.tokenbroker.event.Event;
import org.tokenbroker.event.EventLog.Filter;
import org.tokenbroker.event.EventLog.Listing;
import org.tokenbroker.event.Kind;
import org.tokenbroker.event.Place;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.TenantId;

class PgEventLogTest {
  private final EventDatabase database = new EventDatabase();
  private final PgEventLog log = database.log();

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void whatHappenedIsListedInOrderWithAllThatIsKnownOfIt() {
    String connection = database.connection();
    database.fails(connection);
    database.place();

    List<Event> events = all();

    assertThat(events)
        .extracting(Event::kind)
        .containsExactly(Kind.CONNECTION_ACTIVE, Kind.CONNECTION_AILING);
    Event.StateChanged ailing = (Event.StateChanged) events.getLast();
    assertThat(ailing.whose())
        .isEqualTo(
            new Event.Whose(
                new ConnectionId(connection),
                Optional.of(new TenantId("tenant")),
                new RegistrationId("app"),
                "acme"));
    assertThat(ailing.state()).isEqualTo("ailing");
    assertThat(ailing.previousState()).contains("active");
    assertThat(ailing.cause()).contains("throttled");
    assertThat(ailing.stamp().happenedAt())
        .isBetween(Instant.now().minusSeconds(60), Instant.now());
  }

  @Test
  @Requirement("IV-9")
  void aFaultOfARegistrationTellsItsNamePurposeAndContacts() {
    database.execute(
        "UPDATE registration SET fault = 'INVALID_CLIENT', fault_since = now(), probe_at = now() WHERE id = 'app'",
        "UPDATE registration SET fault = NULL, fault_since = NULL, probe_at = NULL WHERE id = 'app'");
    database.place();

    Event.Which app =
        new Event.Which(
            new RegistrationId("app"), "acme", "The app", "Tests", List.of("ops@example.org"));
    List<Event> events = all();

    assertThat(events)
        .containsExactly(
            new Event.RegistrationFaulty(events.getFirst().stamp(), app, "invalid_client"),
            new Event.RegistrationHealthy(events.getLast().stamp(), app, "accepted"));
  }

  @Test
  @Requirement("G-9")
  void anAgreementThatEndsSoonIsToldOnceWithItsEnd() {
    String connection = database.connection();
    database.execute(
        "UPDATE connection SET agreed_at = now(), consent_ends_at = '2026-04-01T12:00:00Z' WHERE id = '"
            + connection
            + "'",
        "UPDATE connection SET consent_warned_at = now() WHERE id = '" + connection + "'",
        "UPDATE connection SET due_at = now() WHERE id = '" + connection + "'");
    database.place();

    assertThat(
            database.listed(
                filter(connection, null, null, Kind.CONNECTION_CONSENT_EXPIRING), Place.START, 10))
        .singleElement()
        .isInstanceOfSatisfying(
            Event.ConsentExpiring.class,
            expiring -> {
              assertThat(expiring.endsAt()).isEqualTo(Instant.parse("2026-04-01T12:00:00Z"));
              assertThat(expiring.state()).isEqualTo("active");
            });
  }

  /** A sequence alone would let a reader pass by the event of the slower transaction. */
  @Test
  void aReaderMissesNothingOfATransactionThatCommitsAfterALaterOne() throws SQLException {
    String slow = database.connection();
    String fast = database.connection();
    database.place();
    Place known = all().getLast().stamp().place();

    try (Connection transaction = database.transaction()) {
      EventDatabase.run(transaction, EventDatabase.failing(slow));
      database.fails(fast);
      database.place();
      List<Event> first = database.listed(Filter.NONE, known, 10);
      assertThat(first).extracting(Event::subject).containsExactly(fast);
      known = first.getLast().stamp().place();
      transaction.commit();
    }
    database.place();

    assertThat(database.listed(Filter.NONE, known, 10))
        .extracting(Event::subject)
        .containsExactly(slow);
  }

  @Test
  void manyReplicasGiveEachEventOnePlaceAndNoPlaceTwice() {
    for (int i = 0; i < 20; i++) {
      database.connection();
    }

    List<Uni<Map<Kind, Integer>>> replicas = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      replicas.add(log.place(7, NOW, NOW));
    }
    List<Map<Kind, Integer>> counts = value(Uni.join().all(replicas).andFailFast());
    database.place();

    assertThat(
            counts.stream().mapToInt(count -> count.getOrDefault(Kind.CONNECTION_ACTIVE, 0)).sum())
        .isPositive();
    assertThat(all()).hasSize(20);
    assertThat(all())
        .extracting(event -> event.stamp().place().number())
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Test
  void whatIsPlacedIsCountedByKind() {
    String connection = database.connection();
    database.connection();
    database.fails(connection);

    assertThat(value(log.place(100, NOW, NOW)))
        .isEqualTo(Map.of(Kind.CONNECTION_ACTIVE, 2, Kind.CONNECTION_AILING, 1));
    assertThat(value(log.place(100, NOW, NOW))).isEmpty();
  }

  @Test
  void oneListingIsNarrowedByEachPartOfItsFilter() {
    String wanted = database.connection("acme-tenant", "other");
    database.fails(wanted);
    database.connection("acme-tenant", "app");
    database.connection("tenant", "other");
    database.place();

    assertThat(subjects(filter(wanted, null, null, null))).containsExactly(wanted, wanted);
    assertThat(subjects(filter(null, "other", null, null))).hasSize(3);
    assertThat(subjects(filter(null, null, "acme-tenant", null))).hasSize(3);
    assertThat(subjects(filter(null, null, null, Kind.CONNECTION_AILING))).containsExactly(wanted);
    assertThat(subjects(filter(wanted, "app", null, null))).isEmpty();
  }

  @Test
  void aPageSaysWhetherMoreFollow() {
    for (int i = 0; i < 3; i++) {
      database.connection();
    }
    database.place();

    Listing.Page first = (Listing.Page) value(log.list(Filter.NONE, Place.START, 2));
    Place known = first.events().getLast().stamp().place();
    Listing.Page rest = (Listing.Page) value(log.list(Filter.NONE, known, 2));

    assertThat(first.more()).isTrue();
    assertThat(first.events()).hasSize(2);
    assertThat(rest.more()).isFalse();
    assertThat(rest.events()).hasSize(1);
  }

  @Test
  void aPlaceThatWasNeverGivenIsNotReadFrom() {
    database.connection();
    database.place();

    assertThat(value(log.list(Filter.NONE, new Place(1), 2))).isInstanceOf(Listing.Page.class);
    assertThat(value(log.list(Filter.NONE, new Place(2), 2)))
        .isInstanceOf(Listing.NoSuchPlace.class);
  }

  @Test
  void oldEventsAreForgottenALittleAtATimeAndPlacesGoOn() {
    for (int i = 0; i < 5; i++) {
      database.connection();
    }
    database.place();
    database.execute(
        "UPDATE event SET happened_at = now() - interval '40 days' WHERE sequence <= 4");
    Instant before = Instant.now().minus(Duration.ofDays(30));

    assertThat(value(log.forget(before, 3))).isEqualTo(3);
    assertThat(value(log.forget(before, 3))).isEqualTo(1);
    assertThat(value(log.forget(before, 3))).isZero();

    database.connection();
    database.place();
    assertThat(all()).extracting(event -> event.stamp().place().number()).containsExactly(5L, 6L);
  }

  @Test
  void anOldEventThatStillWaitsForAWebhookIsKept() {
    database.execute(
        "INSERT INTO webhook (id, url, kinds, tenants, registrations, created_at, updated_at) VALUES ('hook', 'https://h', '{}', '{}', '{}', now(), now())");
    database.connection();
    database.place();
    database.execute("UPDATE event SET happened_at = now() - interval '40 days'");

    assertThat(value(log.forget(Instant.now(), 10))).isZero();
    database.execute("DELETE FROM delivery");
    assertThat(value(log.forget(Instant.now(), 10))).isEqualTo(1);
  }

  private List<Event> all() {
    return database.listed(Filter.NONE, Place.START, 100);
  }

  private List<String> subjects(Filter filter) {
    return database.listed(filter, Place.START, 100).stream().map(Event::subject).toList();
  }

  private static Filter filter(
      @Nullable String connection,
      @Nullable String registration,
      @Nullable String tenant,
      @Nullable Kind kind) {
    return new Filter(
        Optional.ofNullable(connection).map(ConnectionId::new),
        Optional.ofNullable(registration).map(RegistrationId::new),
        Optional.ofNullable(tenant).map(TenantId::new),
        Optional.ofNullable(kind));
  }
}
