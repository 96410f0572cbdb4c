package org.tokenbroker.refresh.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokenbroker.fixture.Waited.value;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tokenbroker.connection.Connection;
import org.tokenbroker.connection.Connection.Held;
import org.tokenbroker.connection.Health;
import org.tokenbroker.connection.Health.Ailment;
import org.tokenbroker.connection.store.LedgerAccess;
import org.tokenbroker.fixture.MigratedDatabase;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.ClientAuthenticationMethod;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.provider.Registration;
import org.tokenbroker.provider.RegistrationHealth;
import org.tokenbroker.refresh.Lease.Claim;
import org.tokenbroker.refresh.Lease.Fresh;
import org.tokenbroker.refresh.Lease.Taken;
import org.tokenbroker.refresh.Siblings.Evidence;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.Lifetime;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.TenantId;

/** Decision 0091: what happens to the others tells whose fault an unclear refusal is. */
@Requirement("G-6")
class PgSiblingsTest {
  private static final Instant REFUSED = Instant.parse("2026-03-01T12:00:00Z");

  private static MigratedDatabase database;

  private LedgerAccess ledger;
  private PgLease lease;
  private PgSiblings siblings;

  @BeforeAll
  static void open() {
    database = LedgerAccess.freshDatabase();
  }

  @BeforeEach
  void connect() {
    ledger = LedgerAccess.to(database.sessions());
    lease = new PgLease(database.sessions());
    siblings = new PgSiblings(database.sessions());
    database.execute("DELETE FROM connection");
    database.execute("UPDATE registration SET version = 1, client_since = NULL");
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @Test
  void anotherConnectionThatGotATokenSinceShowsThatTheClientWorks() {
    Connection refused = made("refused", "acme");
    refreshed(made("well", "acme"), REFUSED.plusSeconds(1));
    failed(made("refused-too", "acme"), Ailment.REFUSED_UNCLEARLY);

    assertThat(evidence(refused)).isEqualTo(Evidence.CLIENT_WORKS);
  }

  @Test
  void aTokenThatCameBeforeShowsNothing() {
    Connection refused = made("refused", "acme");
    refreshed(made("not-tried-yet", "acme"), REFUSED.minusSeconds(1));

    assertThat(evidence(refused)).isEqualTo(Evidence.NOTHING_YET);
  }

  @Test
  void aTokenThatANewerClientGotShowsNothingOfTheOneThatWasRefused() {
    Connection refused = made("refused", "acme");
    refreshed(made("well", "acme"), REFUSED.plusSeconds(1));
    database.execute("UPDATE registration SET version = 2");

    assertThat(evidence(refused)).isEqualTo(Evidence.NOTHING_YET);
  }

  @Test
  void aTokenThatTheClientGotBeforeItWasChangedShowsNothingOfIt() {
    Connection refused = made("refused", "acme");
    refreshed(made("well", "acme"), REFUSED.plusSeconds(1));
    database.execute("UPDATE registration SET version = 2");
    database.execute("UPDATE registration SET version = 1");

    assertThat(evidence(refused)).isEqualTo(Evidence.NOTHING_YET);
  }

  @Test
  void oneThatIsNeverRefreshedIsNotWaitedFor() {
    Connection refused = made("refused", "acme");
    made("without-end", "acme");
    database.execute("UPDATE connection SET due_at = NULL WHERE id = 'without-end'");

    assertThat(evidence(refused)).isEqualTo(Evidence.NOBODY_WORKS);
  }

  @Test
  void anotherOneThatIsRefusedAlikeShowsThatNobodyWorks() {
    Connection refused = made("refused", "acme");
    refreshed(made("not-tried-yet", "acme"), REFUSED.minusSeconds(1));
    failed(made("refused-too", "acme"), Ailment.REFUSED_UNCLEARLY);

    assertThat(evidence(refused)).isEqualTo(Evidence.NOBODY_WORKS);
  }

  @Test
  void anotherAilmentShowsNothing() {
    Connection refused = made("refused", "acme");
    failed(made("unreachable", "acme"), Ailment.PROVIDER_UNREACHABLE);

    assertThat(evidence(refused)).isEqualTo(Evidence.NOTHING_YET);
  }

  @Test
  void theOnlyConnectionOfARegistrationCanShowNothingElse() {
    Connection refused = made("refused", "acme");
    refreshed(made("of-another-registration", "other"), REFUSED.plusSeconds(1));
    made("disabled", "acme");
    database.execute("UPDATE connection SET disabled_at = now() WHERE id = 'disabled'");

    assertThat(evidence(refused)).isEqualTo(Evidence.NOBODY_WORKS);
  }

  private Evidence evidence(Connection refused) {
    return value(siblings.of(refused, client(), REFUSED));
  }

  private static Registration client() {
    return new Registration(
        new RegistrationId("acme-app"),
        "acme",
        "acme",
        "",
        List.of(),
        ClientAuthenticationMethod.NONE,
        Optional.empty(),
        Scopes.of("read"),
        List.<URI>of(),
        new RegistrationHealth.Healthy(),
        1);
  }

  private Connection made(String id, String provider) {
    Connection wanted =
        new Connection(
            new ConnectionId(id),
            Optional.of(new TenantId("tenant")),
            new RegistrationId(provider + "-app"),
            provider,
            GrantType.AUTHORIZATION_CODE,
            Scopes.of("read"),
            new Health.Active(REFUSED),
            Optional.empty(),
            Optional.of(REFUSED),
            Map.of(),
            Map.of(),
            REFUSED,
            REFUSED);
    value(ledger.ledger().create(wanted));
    return wanted;
  }

  private void refreshed(Connection connection, Instant at) {
    Held held =
        new Held(new Generation(1), new Lifetime(at, at.plusSeconds(3600)), Scopes.of("read"));
    value(
        lease.refreshed(
            claimed(connection),
            new Fresh(held, Map.of(), Optional.empty(), at),
            new Health.Active(at),
            at));
  }

  private void failed(Connection connection, Ailment ailment) {
    Health ailing = new Health.Ailing(ailment, 1, REFUSED);
    value(lease.notRefreshed(claimed(connection), ailing, Optional.of(REFUSED), REFUSED));
  }

  private Claim claimed(Connection connection) {
    return ((Taken.Yes) value(lease.claim(connection.id()))).claim();
  }
}
