package org.tokenbroker.connection.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokenbroker.fixture.Waited.value;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tokenbroker.connection.Agreements.Ending;
import org.tokenbroker.connection.Connection;
import org.tokenbroker.connection.Connection.Held;
import org.tokenbroker.connection.Health;
import org.tokenbroker.connection.Ledger.Agreed;
import org.tokenbroker.connection.Ledger.Filter;
import org.tokenbroker.connection.Ledger.Listing;
import org.tokenbroker.connection.LedgerRead;
import org.tokenbroker.connection.Term;
import org.tokenbroker.fixture.MigratedDatabase;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.Lifetime;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.TenantId;

class PgAgreementsTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration FORTNIGHT = Duration.ofDays(14);
  private static final Map<String, Duration> BEFORE =
      Map.of("acme", FORTNIGHT, "other", Duration.ofDays(1));
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private static MigratedDatabase database;

  private LedgerAccess stores;

  @BeforeAll
  static void open() {
    database = LedgerAccess.freshDatabase();
  }

  @BeforeEach
  void connect() {
    stores = LedgerAccess.to(database.sessions());
    database.execute("UPDATE connection SET consent_ends_at = NULL, consent_warned_at = NULL");
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @Test
  @Requirement({"G-9", "MO-13"})
  void anAgreementNearItsEndIsWarnedOfOnce() {
    ConnectionId near = agreed("acme", NOW.plus(Duration.ofDays(13)));

    assertThat(warn()).containsExactly(new Ending(near, "acme", NOW.plus(Duration.ofDays(13))));

    assertThat(warn()).isEmpty();
    assertThat(agreementOf(near).warnedAt()).contains(NOW);
    assertThat(eventsOf(near)).containsExactly("connection.active", "connection.consent_expiring");
  }

  @Test
  @Requirement("G-9")
  void eachProvidersOwnPeriodCountsAndThatOfAnUnknownProviderIsAwaited() {
    agreed("acme", NOW.plus(Duration.ofDays(15)));
    agreed("other", NOW.plus(Duration.ofDays(2)));
    ConnectionId soon = agreed("other", NOW.plus(Duration.ofHours(23)));

    assertThat(value(stores.agreements().warn(Map.of("acme", FORTNIGHT), 10, NOW))).isEmpty();
    assertThat(warn()).extracting(Ending::connection).containsExactly(soon);
  }

  @Test
  @Requirement("G-9")
  void aNewAgreementEndsTheWarningAndIsWarnedOfInItsTurn() {
    ConnectionId id = agreed("acme", NOW.plus(Duration.ofDays(1)));
    warn();

    agree(id, 2, NOW.plusSeconds(60), NOW.plus(Duration.ofDays(90)));

    assertThat(agreementOf(id))
        .isEqualTo(
            new Term(
                NOW.plusSeconds(60),
                Optional.of(NOW.plus(Duration.ofDays(90))),
                Optional.empty(),
                true));
    assertThat(warn()).isEmpty();
    assertThat(value(stores.agreements().warn(BEFORE, 10, NOW.plus(Duration.ofDays(80)))))
        .extracting(Ending::connection)
        .containsExactly(id);
  }

  /** A profile was put right, or the provider prolonged the grant. */
  @Test
  @Requirement("G-9")
  void anEndThatMovedAwayAfterItsWarningIsWarnedOfAgain() {
    ConnectionId id = agreed("acme", NOW.plus(Duration.ofDays(1)));
    warn();

    agree(id, 2, NOW, NOW.plus(Duration.ofDays(90)));

    assertThat(agreementOf(id).warnedAt()).isEmpty();
    assertThat(warn()).isEmpty();
    assertThat(value(stores.agreements().warn(BEFORE, 10, NOW.plus(Duration.ofDays(80)))))
        .extracting(Ending::connection)
        .containsExactly(id);
  }

  @Test
  @Requirement("G-9")
  void anEndThatIsToldALittleOtherwiseEachTimeIsWarnedOfOnce() {
    ConnectionId id = agreed("acme", NOW.plus(FORTNIGHT));
    warn();

    agree(id, 2, NOW, NOW.plus(FORTNIGHT).plusSeconds(3));
    agree(id, 3, NOW, NOW.plus(Duration.ofDays(1)));

    assertThat(agreementOf(id).warnedAt()).contains(NOW);
    assertThat(value(stores.agreements().warn(BEFORE, 10, NOW.plusSeconds(60)))).isEmpty();
  }

  @Test
  @Requirement("G-9")
  void manyReplicasWarnOfEachOnce() {
    for (int i = 0; i < 20; i++) {
      agreed("acme", NOW.plus(Duration.ofDays(1)));
    }

    List<Uni<List<Ending>>> replicas = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      replicas.add(stores.agreements().warn(BEFORE, 7, NOW));
    }
    List<Ending> warned =
        new ArrayList<>(
            value(Uni.join().all(replicas).andFailFast()).stream().flatMap(List::stream).toList());
    warned.addAll(warn());
    warned.addAll(warn());

    assertThat(warned).extracting(Ending::connection).hasSize(20).doesNotHaveDuplicates();
  }

  @Test
  void whatIsSwitchedOffOrNeedsConsentAnywayIsNotWarnedOf() {
    ConnectionId disabled = agreed("acme", NOW);
    value(stores.ledger().disable(disabled, NOW));
    ConnectionId ended = agreed("acme", NOW);
    database.execute("UPDATE connection SET state = 'needs_consent' WHERE id = '" + ended + "'");

    assertThat(warn()).isEmpty();

    value(stores.ledger().enable(disabled, NOW));
    assertThat(warn()).extracting(Ending::connection).containsExactly(disabled);
  }

  @Test
  @Requirement("G-9")
  void aListIsNarrowedToWhatEndsBeforeAMoment() {
    ConnectionId soon = agreed("acme", NOW.plus(Duration.ofDays(3)));
    agreed("acme", NOW.plus(Duration.ofDays(30)));

    assertThat(endingBefore(NOW.plus(Duration.ofDays(4))))
        .extracting(Connection::id)
        .containsExactly(soon);
    assertThat(endingBefore(NOW)).isEmpty();
  }

  private List<Connection> endingBefore(Instant moment) {
    Filter filter =
        new Filter(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(moment));
    return ((Listing.Page) value(stores.ledger().list(filter, Optional.empty(), 50))).connections();
  }

  private List<Ending> warn() {
    return value(stores.agreements().warn(BEFORE, 10, NOW));
  }

  private ConnectionId agreed(String provider, Instant end) {
    ConnectionId id = new ConnectionId("agreed-" + NUMBER.incrementAndGet());
    value(
        stores
            .ledger()
            .create(
                new Connection(
                    id,
                    Optional.of(new TenantId("tenant")),
                    new RegistrationId(provider + "-app"),
                    provider,
                    GrantType.AUTHORIZATION_CODE,
                    Scopes.of("read"),
                    new Health.PendingConsent(NOW),
                    Optional.empty(),
                    Optional.empty(),
                    Map.of(),
                    Map.of(),
                    NOW,
                    NOW)));
    agree(id, 1, NOW, end);
    return id;
  }

  private void agree(ConnectionId id, long generation, Instant at, Instant end) {
    Held held =
        new Held(
            new Generation(generation),
            new Lifetime(at, at.plus(Duration.ofHours(1))),
            Scopes.of("read"));
    Term term = new Term(at, Optional.of(end), Optional.empty(), true);
    value(stores.ledger().agreed(id, new Agreed(at, held, Map.of(), false, term, at), at));
  }

  private Term agreementOf(ConnectionId id) {
    return ((LedgerRead.Found) value(stores.ledger().find(id))).connection().term().orElseThrow();
  }

  private static List<String> eventsOf(ConnectionId id) {
    return value(
        database
            .sessions()
            .withSession(
                session ->
                    session
                        .createNativeQuery(
                            "SELECT kind FROM event WHERE connection = '"
                                + id
                                + "' ORDER BY written",
                            String.class)
                        .getResultList()));
  }
}
