package org.tokenbroker.connection.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.tokenbroker.fixture.Waited.value;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.tokenbroker.connection.Candidates;
import org.tokenbroker.connection.Connection;
import org.tokenbroker.connection.Connection.Held;
import org.tokenbroker.connection.Health;
import org.tokenbroker.connection.Health.Ailment;
import org.tokenbroker.connection.Ledger;
import org.tokenbroker.connection.Ledger.Agreed;
import org.tokenbroker.connection.Ledger.LedgerWrite;
import org.tokenbroker.connection.LedgerRead;
import org.tokenbroker.connection.Term;
import org.tokenbroker.fixture.MigratedDatabase;
import org.tokenbroker.fixture.Postgres;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.Lifetime;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.TenantId;

/** Connections that are API keys, as the ledger keeps them. */
class PgKeyLedgerTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Instant LATER = NOW.plusSeconds(60);
  private static final Scopes READ = Scopes.of("read");
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private static final MigratedDatabase DATABASE =
      MigratedDatabase.of(
          Postgres.shared().freshDatabase(), ConnectionRow.class, RevocationRow.class);

  private final Ledger ledger = new PgLedger(DATABASE.sessions());

  @BeforeAll
  static void open() {
    DATABASE.execute(
        "INSERT INTO registration (id, profile, name, purpose, contacts, client_authentication, scopes, redirect_uris, secrets_held, version,"
            + " created_at, updated_at) VALUES ('own', 'acme', 'Own', '', '{}', 'NONE', '', '{}', '{}', 1, now(), now())");
  }

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  @Test
  @Requirement({"MK-3", "MK-10"})
  void aKeyMakesItsConnectionActiveAndIsNeverDue() {
    Connection pending = created(GrantType.API_KEY);

    Connection keyed =
        done(ledger.keyed(pending.id(), new Generation(1), Scopes.of("files.read"), NOW, LATER));

    assertThat(keyed.health()).isEqualTo(new Health.Active(LATER));
    assertThat(keyed.issued()).isEqualTo(new Generation(1));
    assertThat(keyed.requested()).isEqualTo(Scopes.of("files.read"));
    assertThat(keyed.held()).isEmpty();
    assertThat(keyed.dueAt()).isEmpty();
    assertThat(found(pending.id())).isEqualTo(keyed);
  }

  @Test
  void aNewKeyLeavesTheTimeSinceWhichItIsActive() {
    Connection pending = created(GrantType.API_KEY);
    done(ledger.keyed(pending.id(), new Generation(1), READ, NOW, NOW));

    Connection replaced = done(ledger.keyed(pending.id(), new Generation(2), READ, NOW, LATER));

    assertThat(replaced.health()).isEqualTo(new Health.Active(NOW));
    assertThat(replaced.issued()).isEqualTo(new Generation(2));
  }

  @Test
  void anOlderKeyNeverComesBack() {
    Connection pending = created(GrantType.API_KEY);
    done(ledger.keyed(pending.id(), new Generation(2), READ, NOW, NOW));

    assertThat(value(ledger.keyed(pending.id(), new Generation(1), READ, NOW, LATER)))
        .isInstanceOf(LedgerWrite.NotNow.class);
    assertThat(found(pending.id()).issued()).isEqualTo(new Generation(2));
  }

  @Test
  @Requirement("X-2")
  void onlyARefusalOfTheNewestKeyMakesAilingAndAKeyMakesWellAgain() {
    Connection pending = created(GrantType.API_KEY);
    done(ledger.keyed(pending.id(), new Generation(2), READ, NOW, NOW));

    assertThat(value(ledger.keyRefused(pending.id(), new Generation(1), LATER)))
        .isInstanceOf(LedgerWrite.NotNow.class);
    assertThat(done(ledger.keyRefused(pending.id(), new Generation(2), LATER)).health())
        .isEqualTo(new Health.Ailing(Ailment.KEY_REFUSED, 1, LATER));
    assertThat(value(ledger.keyRefused(pending.id(), new Generation(2), LATER)))
        .isInstanceOf(LedgerWrite.NotNow.class);
    assertThat(done(ledger.keyed(pending.id(), new Generation(2), READ, NOW, LATER)).health())
        .isEqualTo(new Health.Active(LATER));
  }

  @Test
  @Requirement({"G-13", "MK-3"})
  void aKeyThatCameBeforeARevocationDoesNotUndoItAndOneThatComesAfterItIsErasedDoes() {
    Connection pending = created(GrantType.API_KEY);
    done(ledger.keyed(pending.id(), new Generation(1), READ, NOW, NOW));
    done(ledger.revoke(pending.id(), LATER));
    Instant after = LATER.plusSeconds(1);

    assertThat(value(ledger.keyed(pending.id(), new Generation(2), READ, NOW, after)))
        .isInstanceOf(LedgerWrite.NotNow.class);
    assertThat(value(ledger.keyed(pending.id(), new Generation(2), READ, after, after)))
        .as("before it is erased")
        .isInstanceOf(LedgerWrite.NotNow.class);
    DATABASE.execute(
        "UPDATE connection SET remains_since = NULL WHERE id = '" + pending.id() + "'");

    assertThat(done(ledger.keyed(pending.id(), new Generation(2), READ, after, after)).health())
        .isEqualTo(new Health.Active(after));
  }

  @Test
  void enablingPlansNoRefreshOfAKey() {
    Connection pending = created(GrantType.API_KEY);
    done(ledger.keyed(pending.id(), new Generation(1), READ, NOW, NOW));
    done(ledger.disable(pending.id(), NOW));
    done(ledger.keyed(pending.id(), new Generation(2), READ, NOW, NOW));

    Connection enabled = done(ledger.enable(pending.id(), LATER));

    assertThat(enabled.health()).isInstanceOf(Health.Active.class);
    assertThat(enabled.issued()).isEqualTo(new Generation(2));
    assertThat(enabled.dueAt()).isEmpty();
    assertThatThrownBy(
            () ->
                DATABASE.execute(
                    "UPDATE connection SET due_at = now() WHERE id = '" + pending.id() + "'"))
        .hasStackTraceContaining("connection_key_is_never_due");
  }

  @Test
  @Requirement("MK-4")
  void noConsentReachesAConnectionThatIsAKey() {
    Connection pending = created(GrantType.API_KEY);
    Held held = new Held(new Generation(9), new Lifetime(NOW, LATER), READ);
    Term term = new Term(NOW, Optional.empty(), Optional.empty(), true);

    assertThat(value(ledger.expectGrant(pending.id(), NOW, LATER)))
        .isInstanceOf(LedgerWrite.NotNow.class);
    assertThat(
            value(
                ledger.agreed(
                    pending.id(), new Agreed(NOW, held, Map.of(), false, term, LATER), NOW)))
        .isInstanceOf(LedgerWrite.NotNow.class);
    assertThat(found(pending.id())).isEqualTo(pending);
  }

  @Test
  void noKeyReachesAConnectionThatHoldsTokens() {
    Connection pending = created(GrantType.AUTHORIZATION_CODE);

    assertThat(value(ledger.keyed(pending.id(), new Generation(1), READ, NOW, NOW)))
        .isInstanceOf(LedgerWrite.NotNow.class);
    assertThat(value(ledger.keyRefused(pending.id(), Generation.NONE, NOW)))
        .isInstanceOf(LedgerWrite.NotNow.class);
  }

  @Test
  @Requirement("IV-8")
  void aTenantsConnectionsAreFoundByRegistrationAndByProvider() {
    Connection one = created(GrantType.API_KEY);
    Connection other = created(GrantType.CLIENT_CREDENTIALS);
    done(ledger.delete(created(GrantType.API_KEY).id(), NOW));
    TenantId own = new TenantId("own");

    assertThat(value(ledger.search(own, new RegistrationId("own"))))
        .isInstanceOfSatisfying(
            Candidates.Found.class, found -> assertThat(found.connections()).contains(one, other));
    assertThat(value(ledger.search(own, "acme")))
        .isEqualTo(value(ledger.search(own, new RegistrationId("own"))));
    assertThat(value(ledger.search(new TenantId("nobody"), "acme")))
        .isEqualTo(new Candidates.Found(List.of()));
    for (int i = 0; i < Candidates.MOST; i++) {
      created(GrantType.API_KEY);
    }
    assertThat(value(ledger.search(own, "acme"))).isEqualTo(new Candidates.Found(List.of()));
  }

  private Connection created(GrantType grant) {
    Connection wanted =
        new Connection(
            new ConnectionId("k" + NUMBER.incrementAndGet()),
            Optional.of(new TenantId("own")),
            new RegistrationId("own"),
            "acme",
            grant,
            READ,
            new Health.PendingConsent(NOW),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            Map.of(),
            NOW,
            NOW);
    assertThat(value(ledger.create(wanted))).isEqualTo(new Ledger.Creation.Created(wanted));
    return wanted;
  }

  private Connection found(ConnectionId id) {
    return ((LedgerRead.Found) value(ledger.find(id))).connection();
  }

  private static Connection done(Uni<LedgerWrite> write) {
    LedgerWrite written = value(write);
    assertThat(written).isInstanceOf(LedgerWrite.Done.class);
    return ((LedgerWrite.Done) written).connection();
  }
}
