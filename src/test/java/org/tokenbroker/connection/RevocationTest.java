package org.tokenbroker.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokenbroker.fixture.Waited.value;

import io.smallrye.mutiny.Uni;
import java.net.URI;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.connection.ApiKeyDesk.Replaced;
import org.tokenbroker.connection.EndingDesk.AtProvider;
import org.tokenbroker.connection.EndingDesk.Ended;
import org.tokenbroker.connection.store.ConnectionRow;
import org.tokenbroker.connection.store.LedgerAccess;
import org.tokenbroker.connection.store.RevocationRow;
import org.tokenbroker.consent.ConsentSubject;
import org.tokenbroker.consent.GrantKeeper.Arrival;
import org.tokenbroker.consent.GrantKeeper.GrantId;
import org.tokenbroker.consent.GrantKeeper.Outcome;
import org.tokenbroker.consent.GrantKeeper.Readiness;
import org.tokenbroker.consent.Invitations;
import org.tokenbroker.fixture.HandPause;
import org.tokenbroker.fixture.HandTime;
import org.tokenbroker.fixture.Here;
import org.tokenbroker.fixture.MemorySafe;
import org.tokenbroker.fixture.MigratedDatabase;
import org.tokenbroker.fixture.Postgres;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.fixture.SilentEndpoint;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.provider.GrantedTokens;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.ProfileFixture;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Lifetime;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;
import org.tokenbroker.token.TenantId;

/** Ending what a connection was granted without forgetting it, on the real ledger. */
class RevocationTest {
  private static final TenantId OWN = new TenantId("own");
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final Postgres.Database POSTGRES = Postgres.shared().freshDatabase();
  private static final MigratedDatabase DATABASE =
      MigratedDatabase.of(POSTGRES, ConnectionRow.class, RevocationRow.class);
  private static final Profile WITH_ENDPOINT = ProfileFixture.anywhere().profile();
  private static final RegistrationId APP = new RegistrationId("app");

  private final HandTime time = HandTime.atNoon();
  private final MemorySafe safe = new MemorySafe();
  private final Credentials credentials = new Credentials(safe);
  private final ApiKeys keys = new ApiKeys(safe);
  private final LedgerAccess stores = LedgerAccess.to(DATABASE.sessions());
  private final Ledger ledger = stores.ledger();
  private final HandPause pause = new HandPause();
  private final RevocationOrders orders =
      new RevocationOrders(safe, stores.revocations(), pause, time);
  private final DurableWriter writer = new DurableWriter(credentials, new HandPause());
  private Optional<Profile> profile = Optional.of(WITH_ENDPOINT);
  private final KnownClient clients = new KnownClient(() -> profile);
  private final Disconnection disconnection =
      new Disconnection(
          safe,
          credentials,
          keys,
          stores.revocations(),
          orders,
          clients,
          new SilentEndpoint(),
          time);
  private final List<ConnectionId> withdrawn = new ArrayList<>();
  private final Invitations links =
      new Invitations() {
        @Override
        public Uni<Outcome> invite(
            ConsentSubject subject, Duration life, Optional<URI> redirectUri) {
          throw new AssertionError("nobody is invited in this test");
        }

        @Override
        public Uni<Void> withdraw(ConnectionId connection) {
          return Uni.createFrom().voidItem().invoke(() -> withdrawn.add(connection));
        }
      };
  private final EndingDesk desk = new EndingDesk(ledger, links, disconnection, clients, time);
  private final Keeper keeper =
      new Keeper(
          credentials,
          writer,
          ledger,
          CredentialAccess.endsUnasked(writer),
          new Leftovers(credentials, ledger, orders, writer, pause),
          new Here(),
          time);
  private final OneKeyRegistration registration = new OneKeyRegistration();
  private final ApiKeyDesk keyDesk =
      new ApiKeyDesk(
          ledger,
          new KeyKeeper(keys, ledger, time),
          registration,
          registration,
          new OwnOrganization(List.of(OWN.value())),
          time);

  @BeforeAll
  static void register() {
    POSTGRES.execute(
        """
        INSERT INTO registration (id, profile, name, purpose, contacts, client_authentication, scopes, redirect_uris, secrets_held,
                                  version, created_at, updated_at)
        VALUES ('app', 'acme', 'App', '', '{}', 'NONE', '', '{}', '{}', 1, now(), now())""");
  }

  @BeforeEach
  void empty() {
    POSTGRES.execute("DELETE FROM revocation");
  }

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "active|state = 'active'",
        "ailing|state = 'ailing', cause = 'THROTTLED', failures = 1",
        "needs consent|state = 'needs_consent', cause = 'REFUSED_BY_PROVIDER'",
        "waiting for facts|state = 'pending_consent', cause = 'ACCOUNT_ELSEWHERE'",
        "disabled|disabled_at = now()"
      })
  @Requirement({"X-2", "G-13"})
  void whateverHoldsAGrantCanBeRevokedAndKeepsItsPlace(String name, String state) {
    Connection before = agreed();
    POSTGRES.execute("UPDATE connection SET %s WHERE id = '%s'".formatted(state, before.id()));
    time.advance(Duration.ofMinutes(5));

    Ended.Done ended = done(desk.revoke(before.id()));

    Connection now = found(before.id());
    assertThat(ended).isEqualTo(new Ended.Done(now, true, AtProvider.TOLD));
    assertThat(now.health()).as(name).isEqualTo(new Health.Revoked(time.instant()));
    assertThat(now.tenant()).isEqualTo(before.tenant());
    assertThat(now.metadata()).isEqualTo(before.metadata());
    assertThat(now.issued()).isEqualTo(before.issued());
    assertThat(now.dueAt()).isEmpty();
    assertThat(now.held()).isEmpty();
    assertThat(safe.documents().keySet())
        .singleElement()
        .satisfies(path -> assertThat(path.value()).startsWith("revocations/"));
    assertThat(POSTGRES.column("SELECT registration FROM revocation")).containsExactly("app");
  }

  @Test
  @Requirement("G-13")
  void theSameCallAgainAnswersTheSameAndOrdersNothingMore() {
    ConnectionId id = agreed().id();
    Ended first = value(desk.revoke(id));
    time.advance(Duration.ofHours(1));

    assertThat(value(desk.revoke(id))).isEqualTo(first);

    assertThat(POSTGRES.column("SELECT id FROM revocation")).hasSize(1);
  }

  @Test
  @Requirement("X-2")
  void itIsToldOnce() {
    ConnectionId id = agreed().id();

    value(desk.revoke(id));
    value(desk.revoke(id));

    assertThat(POSTGRES.column("SELECT kind FROM event WHERE connection = '" + id + "'"))
        .containsExactly("connection.active", "connection.revoked");
  }

  @Test
  @Requirement("G-13")
  void whetherThereWasARefreshTokenIsStillKnownWhenTheSameIsAskedAgain() {
    ConnectionId without = created("authorization_code").id();
    agreesWithout(without);
    ConnectionId with = agreed().id();

    for (int i = 0; i < 2; i++) {
      assertThat(done(desk.revoke(without)).connection().term().map(Term::refreshable))
          .contains(false);
      assertThat(done(desk.revoke(with)).connection().term().map(Term::refreshable)).contains(true);
    }
  }

  @Test
  @Requirement("G-13")
  void theAnswerSaysWhereTheProviderCannotBeTold() {
    profile =
        Optional.of(
            ProfileFixture.anywhere()
                .with(
                    "endpoints",
                    "{authorize: 'https://as.example/authorize', token: 'https://as.example/token'}")
                .profile());

    assertThat(done(desk.revoke(agreed().id())).atProvider()).isEqualTo(AtProvider.NO_ENDPOINT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"authorization_code", "client_credentials", "api_key"})
  void whereThereIsNothingToRevokeItIsSaidWhatToDoInstead(String grant) {
    Connection pending = created(grant);
    if (grant.equals("client_credentials")) {
      POSTGRES.execute(
          "UPDATE connection SET state = 'active' WHERE id = '%s'".formatted(pending.id()));
    }

    assertThat(value(desk.revoke(pending.id())))
        .isInstanceOfSatisfying(
            Ended.NotPossible.class, not -> assertThat(not.fix()).contains("delete it"));

    assertThat(found(pending.id()).health()).isNotInstanceOf(Health.Revoked.class);
  }

  @Test
  void whatNobodyHasIsDeletedInstead() {
    ConnectionId id = agreed().id();
    POSTGRES.execute(
        "UPDATE connection SET state = 'unclaimed', tenant = NULL WHERE id = '%s'".formatted(id));

    assertThat(value(desk.revoke(id))).isInstanceOf(Ended.NotPossible.class);
    assertThat(value(desk.revoke(new ConnectionId("nowhere")))).isEqualTo(new Ended.Unknown());
  }

  @Test
  @Requirement({"MO-15", "G-14"})
  void aLaterConsentBringsItBackInPlaceWithAHigherGeneration() {
    Connection before = agreed();
    value(desk.revoke(before.id()));
    time.advance(Duration.ofMinutes(1));

    assertThat(agrees(before.id(), time.instant(), "at-2")).isEqualTo(Outcome.KEPT);

    Connection back = found(before.id());
    assertThat(back.health()).isInstanceOf(Health.Active.class);
    assertThat(back.tenant()).isEqualTo(before.tenant());
    assertThat(back.issued().isNewerThan(before.issued())).isTrue();
    assertThat(back.term().map(Term::agreedAt)).contains(time.instant());
  }

  @Test
  @Requirement({"G-13", "G-14"})
  void aConsentThatWasUnderWayDoesNotBringItBackAndIsRevokedToo() {
    ConnectionId id = agreed().id();
    GrantId underWay = new GrantId("under-way-" + id, time.instant());
    assertThat(value(keeper.prepare(id, underWay))).isEqualTo(Readiness.READY);
    time.advance(Duration.ofSeconds(1));
    value(desk.revoke(id));

    assertThat(value(keep(id, underWay, "at-2"))).isEqualTo(Outcome.NOT_WANTED);
    assertThat(value(keeper.prepare(id, underWay))).isEqualTo(Readiness.NOT_WANTED);

    assertThat(found(id).health()).isInstanceOf(Health.Revoked.class);
    assertThat(value(credentials.read(id))).isInstanceOf(CredentialRead.Absent.class);
    assertThat(POSTGRES.column("SELECT id FROM revocation")).hasSize(2);
  }

  @Test
  @Requirement("G-14")
  void aConsentThatAnnouncesItselfJustAfterTheErasureDoesNotBringItBackEither() {
    ConnectionId id = agreed().id();
    GrantId underWay = new GrantId("under-way-" + id, time.instant());
    time.advance(Duration.ofSeconds(1));
    value(desk.revoke(id));
    Credential announced =
        Credential.EMPTY.awaiting(new Credential.Grant(underWay.id(), underWay.startedAt()));
    if (value(credentials.read(id)) instanceof CredentialRead.Absent(var version)) {
      value(credentials.write(id, announced, version));
    }

    assertThat(value(keep(id, underWay, "at-2"))).isEqualTo(Outcome.NOT_WANTED);

    assertThat(found(id).health()).isInstanceOf(Health.Revoked.class);
    assertThat(value(credentials.read(id))).isInstanceOf(CredentialRead.Absent.class);
  }

  @Test
  @Requirement("G-14")
  void linksOfBeforeAreWithdrawnWithTheRevocationItself() {
    ConnectionId id = agreed().id();
    POSTGRES.execute(
        """
        INSERT INTO consent_ticket (fingerprint, connection, tenant, registration, scopes, state, expires_at)
        VALUES ('open-%1$s', '%1$s', 'own', 'app', '', 'OPEN', now()), ('used-%1$s', '%1$s', 'own', 'app', '', 'USED', now())"""
            .formatted(id));

    value(ledger.revoke(id, time.instant()));

    assertThat(
            POSTGRES.column(
                "SELECT state FROM consent_ticket WHERE connection = '%s' ORDER BY fingerprint"
                    .formatted(id)))
        .containsExactly("WITHDRAWN", "USED");
  }

  @Test
  @Requirement("G-13")
  void whileTheSafeIsSilentItIsRevokedAlreadyAndNothingIsTakenInUntilItIsErased() {
    ConnectionId id = agreed().id();
    time.advance(Duration.ofMinutes(1));
    safe.goDown();

    Ended.Done ended = done(desk.revoke(id));

    assertThat(ended.connection().health()).isEqualTo(new Health.Revoked(time.instant(), false));
    safe.comeBack();
    time.advance(Duration.ofMinutes(1));
    GrantId anew = new GrantId("anew-" + id, time.instant());
    assertThat(value(keeper.prepare(id, anew))).isEqualTo(Readiness.UNAVAILABLE);
    POSTGRES.execute("UPDATE connection SET lease_until = NULL");
    value(disconnection.eraseAll());
    assertThat(found(id).health())
        .isInstanceOfSatisfying(
            Health.Revoked.class, revoked -> assertThat(revoked.erased()).isTrue());
    assertThat(value(keeper.prepare(id, anew))).isEqualTo(Readiness.READY);
  }

  @Test
  @Requirement("G-13")
  void aDeletionSaysWhatDiedAndWithdrawsTheLinks() {
    ConnectionId id = agreed().id();

    Ended.Done ended = done(desk.delete(id));

    assertThat(ended.connection().id()).isEqualTo(id);
    assertThat(ended.erased()).isTrue();
    assertThat(ended.atProvider()).isEqualTo(AtProvider.TOLD);
    assertThat(EndingDesk.holdsSomething(ended.connection().health())).isTrue();
    assertThat(withdrawn).containsExactly(id);
    assertThat(value(credentials.read(id))).isInstanceOf(CredentialRead.Absent.class);
    assertThat(POSTGRES.column("SELECT id FROM revocation")).hasSize(1);
    assertThat(value(desk.delete(id))).isEqualTo(new Ended.Unknown());
  }

  @Test
  @Requirement("G-13")
  void aDeletionSaysWhereNothingDiedAndWhereTheSafeIsStillToErase() {
    ConnectionId never = created("authorization_code").id();
    ConnectionId revoked = agreed().id();
    value(desk.revoke(revoked));
    ConnectionId silent = agreed().id();

    assertThat(done(desk.delete(never)).atProvider()).isEqualTo(AtProvider.NOTHING);
    assertThat(done(desk.delete(revoked)).atProvider()).isEqualTo(AtProvider.NOTHING);
    safe.goDown();
    assertThat(done(desk.delete(silent)).erased()).isFalse();
    safe.comeBack();
    POSTGRES.execute("UPDATE connection SET lease_until = NULL");
    value(disconnection.eraseAll());

    assertThat(value(credentials.read(silent))).isInstanceOf(CredentialRead.Absent.class);
    assertThat(POSTGRES.column("SELECT id FROM revocation")).hasSize(2);
  }

  @Test
  @Requirement({"G-13", "MK-3"})
  void aKeyIsDestroyedAndAnotherMakesItActiveAgain() {
    ConnectionId id = created("api_key").id();
    put(id, "key-1");
    time.advance(Duration.ofMinutes(1));

    Ended.Done ended = done(desk.revoke(id));

    assertThat(ended.atProvider()).isEqualTo(AtProvider.KEY_STAYS);
    assertThat(safe.documents()).isEmpty();
    time.advance(Duration.ofMinutes(1));
    Replaced.Done back = (Replaced.Done) put(id, "key-2");
    assertThat(back.connection().health()).isInstanceOf(Health.Active.class);
    assertThat(back.connection().issued().value()).isEqualTo(2);
  }

  private Replaced put(ConnectionId id, String key) {
    return value(keyDesk.replace(id, Secret.of(key), Optional.empty()));
  }

  private Connection agreed() {
    ConnectionId id = created("authorization_code").id();
    assertThat(agrees(id, time.instant(), "at-1")).isEqualTo(Outcome.KEPT);
    return found(id);
  }

  private Connection created(String grant) {
    ConnectionId id = new ConnectionId("r" + NUMBER.incrementAndGet());
    GrantType type =
        switch (grant) {
          case "api_key" -> GrantType.API_KEY;
          case "client_credentials" -> GrantType.CLIENT_CREDENTIALS;
          default -> GrantType.AUTHORIZATION_CODE;
        };
    Instant now = time.instant();
    Connection wanted =
        new Connection(
            id,
            Optional.of(OWN),
            APP,
            "acme",
            type,
            Scopes.of("read"),
            new Health.PendingConsent(now),
            Optional.empty(),
            Optional.empty(),
            Map.of("plan", "gold"),
            Map.of(),
            now,
            now);
    assertThat(value(ledger.create(wanted))).isInstanceOf(Ledger.Creation.Created.class);
    return wanted;
  }

  private Outcome agrees(ConnectionId id, Instant startedAt, String accessToken) {
    GrantId grant = new GrantId("grant-" + id + "-" + accessToken, startedAt);
    assertThat(value(keeper.prepare(id, grant))).isEqualTo(Readiness.READY);
    return value(keep(id, grant, accessToken));
  }

  private void agreesWithout(ConnectionId id) {
    GrantId grant = new GrantId("grant-" + id, time.instant());
    value(keeper.prepare(id, grant));
    assertThat(value(keep(id, grant, "at", Optional.empty()))).isEqualTo(Outcome.KEPT);
  }

  private Uni<Outcome> keep(ConnectionId id, GrantId grant, String accessToken) {
    return keep(id, grant, accessToken, Optional.of(Secret.of("rt-of-" + accessToken)));
  }

  private Uni<Outcome> keep(
      ConnectionId id, GrantId grant, String accessToken, Optional<Secret> refreshToken) {
    Instant now = time.instant();
    GrantedTokens tokens =
        new GrantedTokens(
            Secret.of(accessToken),
            "Bearer",
            new Lifetime(now, now.plus(Duration.ofHours(1))),
            refreshToken,
            Optional.empty(),
            Optional.empty());
    return keeper.keep(
        id, grant, new Arrival.Issued(APP), tokens, Scopes.of("read"), WITH_ENDPOINT);
  }

  private Connection found(ConnectionId id) {
    return ((LedgerRead.Found) value(ledger.find(id))).connection();
  }

  private static Ended.Done done(Uni<Ended> ended) {
    Ended outcome = value(ended);
    assertThat(outcome).isInstanceOf(Ended.Done.class);
    return (Ended.Done) outcome;
  }
}
