package org.tokenbroker.refresh.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
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
import org.tokenbroker.connection.Connection;
import org.tokenbroker.connection.Connection.Held;
import org.tokenbroker.connection.Health;
import org.tokenbroker.connection.Health.Ailment;
import org.tokenbroker.connection.Health.ConsentCause;
import org.tokenbroker.connection.Health.Hurdle;
import org.tokenbroker.connection.Ledger.Agreed;
import org.tokenbroker.connection.Ledger.Creation;
import org.tokenbroker.connection.Ledger.Filter;
import org.tokenbroker.connection.Ledger.LedgerWrite;
import org.tokenbroker.connection.Ledger.Listing;
import org.tokenbroker.connection.LedgerRead;
import org.tokenbroker.connection.Revocations.Order;
import org.tokenbroker.connection.Revocations.ToErase;
import org.tokenbroker.connection.Term;
import org.tokenbroker.connection.store.LedgerAccess;
import org.tokenbroker.fixture.MigratedDatabase;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.refresh.Lease.Claim;
import org.tokenbroker.refresh.Lease.Fresh;
import org.tokenbroker.refresh.Lease.Taken;
import org.tokenbroker.refresh.Lease.Written;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.Lifetime;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.TenantId;

/** Leases and the ledger together: both write the same rows. */
class PgLeaseTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Term AGREED =
      new Term(NOW, Optional.of(NOW.plus(Duration.ofDays(90))), Optional.empty(), true);
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private static MigratedDatabase database;

  private LedgerAccess ledger;
  private PgLease lease;

  @BeforeAll
  static void open() {
    database = LedgerAccess.freshDatabase();
  }

  @BeforeEach
  void connect() {
    database.execute("UPDATE connection SET due_at = NULL");
    ledger = LedgerAccess.to(database.sessions());
    lease = new PgLease(database.sessions());
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @Test
  void aConnectionIsFoundAsItWasCreated() {
    Connection made = created("acme");

    assertThat(found(made.id())).isEqualTo(made);
    assertThat(value(ledger.ledger().create(made))).isInstanceOf(Creation.Exists.class);
  }

  @Test
  void aConnectionNeedsAnExistingRegistration() {
    Connection orphan = connection(new ConnectionId("orphan"), "nobody");

    assertThat(value(ledger.ledger().create(orphan)))
        .isInstanceOf(Creation.NoSuchRegistration.class);
  }

  @Test
  @Requirement({"X-3", "G-2"})
  void aDueConnectionIsClaimedByOneOfManyReplicasOnly() {
    Connection due = created("acme");

    List<Uni<List<Claim>>> replicas = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      replicas.add(lease.claimDue(NOW.plusSeconds(1), 10, Map.of()));
    }
    List<Claim> claims =
        value(Uni.join().all(replicas).andFailFast()).stream().flatMap(List::stream).toList();

    assertThat(claims)
        .singleElement()
        .satisfies(claim -> assertThat(claim.connection().id()).isEqualTo(due.id()));
    assertThat(value(lease.claim(due.id()))).isInstanceOf(Taken.Held.class);
  }

  @Test
  @Requirement("G-2")
  void aHolderWhoseLeaseWasTakenOverWritesNothing() {
    Connection due = created("acme");
    Claim zombie = taken(due.id());
    database.execute(
        "UPDATE connection SET lease_until = clock_timestamp() - interval '1 second' WHERE id = '"
            + due.id()
            + "'");
    Claim successor = taken(due.id());
    assertThat(successor.epoch()).isGreaterThan(zombie.epoch());

    Written late = value(lease.refreshed(zombie, fresh(held(9), NOW), new Health.Active(NOW), NOW));

    assertThat(late).isEqualTo(Written.FENCED);
    assertThat(found(due.id()).held()).isEmpty();
    assertThat(value(lease.refreshed(successor, fresh(held(2), NOW), new Health.Active(NOW), NOW)))
        .isEqualTo(Written.DONE);
    assertThat(found(due.id()).held()).contains(held(2));
  }

  @Test
  void everyHealthIsReadBackAsItWasWritten() {
    for (Health health :
        List.of(
            new Health.Active(NOW),
            new Health.Ailing(Ailment.THROTTLED, 7, NOW),
            new Health.NeedsConsent(ConsentCause.REFUSED_BY_PROVIDER, NOW),
            new Health.PendingConsent(NOW),
            new Health.Connecting(Hurdle.FACTS_MISSING, NOW),
            new Health.Revoked(NOW))) {
      assertThat(writtenAndRead(created("acme"), health)).isEqualTo(health);
    }
  }

  @Test
  @Requirement("BE-4")
  void whatBelongsToNobodyIsUnclaimedOrOnItsWayAndNeverActive() {
    for (Health health :
        List.of(
            new Health.Connecting(Hurdle.NOT_ASKED, NOW),
            new Health.Unclaimed(NOW),
            new Health.NeedsConsent(ConsentCause.REFUSED_BY_PROVIDER, NOW))) {
      assertThat(writtenAndRead(createdForNobody("acme"), health)).isEqualTo(health);
    }
    Connection nobodys = createdForNobody("acme");
    assertThatThrownBy(() -> writtenAndRead(nobodys, new Health.Active(NOW)))
        .hasStackTraceContaining("connection_ownership");
  }

  @Test
  @Requirement("BE-4")
  void aClaimThatComesDuringARefreshIsNotTakenBackByIt() {
    Connection somebodys = created("acme");

    assertThat(writtenAndRead(somebodys, new Health.Unclaimed(NOW)))
        .isEqualTo(new Health.Active(NOW));
  }

  @Test
  @Requirement("BE-4")
  void whatWasPromisedToATenantIsItsOnceItsGrantIsFound() {
    TenantId tenant = new TenantId("tenant");
    Connection promised = createdForNobody("acme");
    value(ledger.ledger().claim(promised.id(), tenant, true, NOW));

    assertThat(writtenAndRead(promised, new Health.Unclaimed(NOW)))
        .isEqualTo(new Health.Active(NOW));
    assertThat(found(promised.id()).belongsTo(tenant)).isTrue();
  }

  private Health writtenAndRead(Connection made, Health health) {
    value(lease.notRefreshed(taken(made.id()), health, Optional.of(NOW), NOW));
    return found(made.id()).health();
  }

  @Test
  @Requirement("G-6")
  void aCrowdedProviderLeavesRoomForTheOthers() {
    for (int i = 0; i < 30; i++) {
      created("acme");
    }
    Connection lonely = created("other");

    List<Claim> claims = value(lease.claimDue(NOW.plusSeconds(1), 10, Map.of()));

    assertThat(claims).hasSize(10).anyMatch(claim -> claim.connection().id().equals(lonely.id()));
  }

  @Test
  @Requirement("G-7")
  void aProviderWithoutRoomIsNotClaimedFrom() {
    created("acme");
    Connection other = created("other");

    List<Claim> claims = value(lease.claimDue(NOW.plusSeconds(1), 10, Map.of("acme", 0)));

    assertThat(claims).extracting(claim -> claim.connection().id()).containsExactly(other.id());
  }

  @Test
  void theNearestExpiryComesFirst() {
    Connection late = created("acme");
    Connection soon = created("acme");
    value(
        lease.refreshed(
            taken(late.id()),
            fresh(held(1, Duration.ofHours(9)), NOW),
            new Health.Active(NOW),
            NOW));
    value(
        lease.refreshed(
            taken(soon.id()),
            fresh(held(1, Duration.ofMinutes(9)), NOW),
            new Health.Active(NOW),
            NOW));

    List<Claim> claims = value(lease.claimDue(NOW.plusSeconds(1), 1, Map.of()));

    assertThat(claims).extracting(claim -> claim.connection().id()).containsExactly(soon.id());
  }

  @Test
  @Requirement("G-14")
  void anAgreementFencesOffWhoeverHoldsTheLeaseAndNeverGoesBackAGeneration() {
    Connection made = created("acme");
    Claim running = taken(made.id());

    value(ledger.ledger().agreed(made.id(), agreed(held(3)), NOW));

    assertThat(value(lease.notRefreshed(running, new Health.Revoked(NOW), Optional.empty(), NOW)))
        .isEqualTo(Written.FENCED);
    assertThat(value(ledger.ledger().agreed(made.id(), agreed(held(2)), NOW)))
        .isInstanceOf(LedgerWrite.NotNow.class);
    assertThat(found(made.id()).held()).contains(held(3));
  }

  @Test
  void aDisabledConnectionIsNotClaimedAndGoesBackToItsState() {
    Connection made = created("acme");
    value(ledger.ledger().disable(made.id(), NOW));

    assertThat(found(made.id()).health()).isEqualTo(new Health.Disabled(made.health(), NOW));
    assertThat(value(lease.claimDue(NOW.plusSeconds(1), 10, Map.of()))).isEmpty();
    assertThat(value(lease.claim(made.id()))).isInstanceOf(Taken.Gone.class);

    value(ledger.ledger().enable(made.id(), NOW));
    assertThat(found(made.id()).health()).isEqualTo(made.health());
  }

  @Test
  @Requirement("G-13")
  void aDeletedConnectionIsUnknownAtOnceAndItsIdIsFreeWhenItIsErasedWithItsGenerationsGoingOn() {
    Connection made = created("acme");
    value(lease.refreshed(taken(made.id()), fresh(held(5), NOW), new Health.Active(NOW), NOW));
    value(ledger.ledger().delete(made.id(), NOW));
    assertThat(value(ledger.ledger().find(made.id()))).isInstanceOf(LedgerRead.Unknown.class);
    assertThat(value(ledger.ledger().create(made))).isInstanceOf(Creation.Unavailable.class);

    ToErase ended = value(ledger.revocations().claimToErase(made.id())).getFirst();
    Order order =
        new Order("order-" + made.id(), made.registration(), 0, NOW.plus(Duration.ofDays(2)));
    assertThat(value(ledger.revocations().order(order, NOW))).isTrue();
    assertThat(value(ledger.revocations().order(order, NOW))).isTrue();
    assertThat(value(ledger.revocations().erased(ended, NOW))).isTrue();

    assertThat(value(ledger.revocations().claimOrders(10, NOW))).contains(order);
    assertThat(value(ledger.ledger().create(made))).isInstanceOf(Creation.Created.class);
    assertThat(found(made.id()).held()).isEmpty();
    assertThat(found(made.id()).issued()).isEqualTo(new Generation(5));
    assertThat(value(ledger.ledger().agreed(made.id(), agreed(held(5)), NOW)))
        .isInstanceOf(LedgerWrite.NotNow.class);
    assertThat(value(ledger.ledger().agreed(made.id(), agreed(held(6)), NOW)))
        .isInstanceOf(LedgerWrite.Done.class);
  }

  @Test
  @Requirement({"G-13", "G-2"})
  void aRevocationFencesOffARefreshInFlightAndIsErasedOnceThatHasEnded() {
    Connection made = created("acme");
    Claim running = taken(made.id());

    value(ledger.ledger().revoke(made.id(), NOW));

    assertThat(value(ledger.revocations().claimToErase(made.id())))
        .as("what the refresh brings is to be erased too")
        .isEmpty();
    assertThat(value(lease.refreshed(running, fresh(held(2), NOW), new Health.Active(NOW), NOW)))
        .isEqualTo(Written.FENCED);
    assertThat(found(made.id()).health()).isEqualTo(new Health.Revoked(NOW, false));
    assertThat(found(made.id()).held()).isEmpty();
    assertThat(value(ledger.revocations().claimToErase(made.id()))).hasSize(1);
    assertThat(value(ledger.revocations().claimToErase(made.id()))).isEmpty();
  }

  @Test
  @Requirement("G-13")
  void whoeverIsFencedOffOtherwiseDoesNotTakeTheLeaseFromItsHolder() {
    Connection made = created("acme");
    Claim zombie = taken(made.id());
    database.execute("UPDATE connection SET lease_until = NULL WHERE id = '" + made.id() + "'");
    taken(made.id());

    value(lease.notRefreshed(zombie, new Health.Active(NOW), Optional.empty(), NOW));

    assertThat(value(lease.claim(made.id()))).isInstanceOf(Taken.Held.class);
  }

  @Test
  void aListIsNarrowedAndPaged() {
    List<ConnectionId> made =
        List.of(created("other").id(), created("other").id(), created("other").id());
    Filter filter =
        new Filter(
            Optional.empty(),
            Optional.of(new RegistrationId("other-app")),
            Optional.empty(),
            Optional.of("active"),
            Optional.empty());

    Listing.Page first = page(filter, Optional.empty());
    Listing.Page rest = page(filter, Optional.of(first.connections().getLast().id()));

    assertThat(first.more()).isTrue();
    assertThat(first.connections())
        .hasSize(2)
        .allMatch(connection -> connection.provider().equals("other"));
    assertThat(rest.connections())
        .extracting(Connection::id)
        .doesNotContainAnyElementsOf(first.connections().stream().map(Connection::id).toList());
    assertThat(made).isNotEmpty();
  }

  private Listing.Page page(Filter filter, Optional<ConnectionId> after) {
    return (Listing.Page) value(ledger.ledger().list(filter, after, 2));
  }

  private Connection created(String provider) {
    Connection wanted = connection(new ConnectionId("c" + NUMBER.incrementAndGet()), provider);
    assertThat(value(ledger.ledger().create(wanted))).isEqualTo(new Creation.Created(wanted));
    return wanted;
  }

  private Connection createdForNobody(String provider) {
    Connection wanted =
        connection(
            new ConnectionId("c" + NUMBER.incrementAndGet()),
            provider,
            Optional.empty(),
            new Health.PendingConsent(NOW));
    assertThat(value(ledger.ledger().create(wanted))).isEqualTo(new Creation.Created(wanted));
    return wanted;
  }

  private static Connection connection(ConnectionId id, String provider) {
    return connection(id, provider, Optional.of(new TenantId("tenant")), new Health.Active(NOW));
  }

  private static Connection connection(
      ConnectionId id, String provider, Optional<TenantId> tenant, Health health) {
    return new Connection(
        id,
        tenant,
        new RegistrationId(provider + "-app"),
        provider,
        GrantType.AUTHORIZATION_CODE,
        Scopes.of("read", "write"),
        health,
        Optional.empty(),
        Optional.of(NOW),
        Map.of("administration", "7"),
        Map.of(),
        NOW,
        NOW);
  }

  private Connection found(ConnectionId id) {
    return value(ledger.ledger().find(id)) instanceof LedgerRead.Found found
        ? found.connection()
        : connection(id, "nobody");
  }

  private Claim taken(ConnectionId id) {
    return ((Taken.Yes) value(lease.claim(id))).claim();
  }

  private static Fresh fresh(Held held, Instant dueAt) {
    return new Fresh(held, Map.of(), Optional.empty(), dueAt);
  }

  private static Agreed agreed(Held held) {
    return new Agreed(NOW, held, Map.of(), false, AGREED, NOW);
  }

  private static Held held(long generation) {
    return held(generation, Duration.ofHours(1));
  }

  private static Held held(long generation, Duration life) {
    return new Held(
        new Generation(generation), new Lifetime(NOW, NOW.plus(life)), Scopes.of("read"));
  }
}
