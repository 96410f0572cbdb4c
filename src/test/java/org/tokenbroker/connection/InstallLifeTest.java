package org.tokenbroker.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tokenbroker.connection.Health.Hurdle;
import org.tokenbroker.connection.Ledger.Filter;
import org.tokenbroker.connection.Ledger.LedgerWrite;
import org.tokenbroker.connection.Ledger.Listing;
import org.tokenbroker.connection.store.ConnectionRow;
import org.tokenbroker.connection.store.LedgerAccess;
import org.tokenbroker.connection.store.RevocationRow;
import org.tokenbroker.consent.GrantKeeper.Arrival;
import org.tokenbroker.consent.GrantKeeper.GrantId;
import org.tokenbroker.consent.GrantKeeper.Outcome;
import org.tokenbroker.consent.GrantKeeper.Readiness;
import org.tokenbroker.consent.InstallKeeper.Claim;
import org.tokenbroker.consent.InstallKeeper.Install;
import org.tokenbroker.consent.Landing;
import org.tokenbroker.consent.Stored;
import org.tokenbroker.fixture.HandPause;
import org.tokenbroker.fixture.HandTime;
import org.tokenbroker.fixture.MemorySafe;
import org.tokenbroker.fixture.MigratedDatabase;
import org.tokenbroker.fixture.Postgres;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.platform.Apart;
import org.tokenbroker.provider.ClientAuthenticationMethod;
import org.tokenbroker.provider.ClientLookup;
import org.tokenbroker.provider.ClientSecrets;
import org.tokenbroker.provider.Clients;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.provider.GrantedTokens;
import org.tokenbroker.provider.PostConnectReply;
import org.tokenbroker.provider.PostConnectReply.Facts;
import org.tokenbroker.provider.PostConnectReply.Hindrance;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.ProfileFixture;
import org.tokenbroker.provider.Profiles;
import org.tokenbroker.provider.ProviderApi;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.Registration;
import org.tokenbroker.provider.RegistrationFault;
import org.tokenbroker.provider.RegistrationHealth;
import org.tokenbroker.provider.Revocation;
import org.tokenbroker.provider.RevokeReply;
import org.tokenbroker.provider.TokenEndpoint;
import org.tokenbroker.provider.TokenReply;
import org.tokenbroker.provider.TokenRequest;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Lifetime;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;
import org.tokenbroker.token.TenantId;

/**
 * Installs from their grant to their tenant, on the real ledger; the provider's API is scripted.
 */
class InstallLifeTest implements ProviderApi, Clients, TokenEndpoint, Apart {
  private static final RegistrationId APP = new RegistrationId("app");
  private static final TenantId ACME = new TenantId("acme");
  private static final TenantId OTHER = new TenantId("other");
  private static final URI BACK = URI.create("https://app.provider.example/apps/7");
  private static final Profile PROFILE =
      ProfileFixture.anywhere()
          .with("post_connect", "{url: 'https://api.acme.example/account'}")
          .profile();
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final Postgres.Database POSTGRES = Postgres.shared().freshDatabase();
  private static final MigratedDatabase DATABASE =
      MigratedDatabase.of(POSTGRES, ConnectionRow.class, RevocationRow.class);

  private final HandTime time = HandTime.atNoon();
  private final MemorySafe safe = new MemorySafe();
  private final Credentials credentials = new Credentials(safe);
  private final LedgerAccess stores = LedgerAccess.to(DATABASE.sessions());
  private final Ledger ledger = stores.ledger();
  private final DurableWriter writer = new DurableWriter(credentials, new HandPause());
  private final Keeper keeper =
      new Keeper(
          credentials,
          writer,
          ledger,
          CredentialAccess.ends(
              (client, token) -> {
                throw new AssertionError("not asked in this test");
              },
              writer),
          leftovers(),
          this,
          time);
  private final Disconnection disconnection =
      new Disconnection(
          safe, credentials, new ApiKeys(safe), stores.revocations(), orders(), this, this, time);
  private final Relocation relocation =
      new Relocation(
          ledger, stores.lookups(), credentials, keeper, new Catalogue(), disconnection, time);
  private final FactFinder finder =
      new FactFinder(stores.lookups(), credentials, this, this, relocation, this, time);
  private final Installs installs =
      new Installs(ledger, stores.lookups(), credentials, stores.begun(), time);
  private final Map<String, PostConnectReply> replies = new HashMap<>();
  private final List<String> asked = new ArrayList<>();

  /** What happens while the provider's API is asked the next time. */
  private Uni<?> meanwhile = Uni.createFrom().voidItem();

  @BeforeEach
  void register() {
    POSTGRES.execute("DELETE FROM connection");
    POSTGRES.execute(
        """
        INSERT INTO registration (id, profile, name, purpose, contacts, client_authentication, scopes, redirect_uris, secrets_held,
                                  version, created_at, updated_at)
        VALUES ('app', 'acme', 'App', '', '{}', 'NONE', '', '{}', '{}', 1, now(), now()) ON CONFLICT (id) DO NOTHING""");
  }

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  @Test
  @Requirement({"BE-4", "BE-9"})
  void anInstallIsUnclaimedOnceItsFactsAreKnown() {
    tells("at-1", learned("sub-1"));

    ConnectionId id = installed("at-1");
    Landing landing = value(finder.land(id));

    assertThat(landing).isEqualTo(new Landing.Known(id, Optional.of(BACK)));
    assertThat(found(id).health()).isInstanceOf(Health.Unclaimed.class);
    assertThat(found(id).tenant()).isEmpty();
    assertThat(found(id).facts())
        .containsEntry("subscription_id", "sub-1")
        .containsEntry("shop", "4711");
    assertThat(asked).containsExactly("at-1");
  }

  @Test
  @Requirement("BE-9")
  void factsThatFailAreAskedForAgainWithTheStoredTokenUntilTheyAreKnown() {
    tells("at-1", new PostConnectReply.Unavailable(Hindrance.STATUS));
    ConnectionId id = installed("at-1");

    assertThat(value(finder.land(id))).isEqualTo(new Landing.Waiting(id));
    assertThat(found(id).health())
        .isInstanceOfSatisfying(
            Health.Connecting.class,
            waiting -> assertThat(waiting.hurdle()).isEqualTo(Hurdle.PROVIDER_UNREACHABLE));
    value(finder.lookUpDue());
    assertThat(asked).as("not before its time").hasSize(1);

    tells("at-1", learned("sub-1"));
    time.advance(Duration.ofSeconds(10));
    value(finder.lookUpDue());

    assertThat(found(id).health()).isInstanceOf(Health.Unclaimed.class);
    assertThat(asked).containsExactly("at-1", "at-1");
  }

  @Test
  @Requirement("BE-9")
  void whatWaitsSaysWhy() {
    Map<PostConnectReply, Hurdle> hurdles =
        Map.of(
            new PostConnectReply.Lacking(Set.of("subscription_id")), Hurdle.FACTS_MISSING,
            new PostConnectReply.Refused(), Hurdle.REFUSED,
            new PostConnectReply.Throttled(Duration.ofSeconds(30)), Hurdle.THROTTLED,
            new PostConnectReply.Unavailable(Hindrance.UNREADABLE), Hurdle.UNREADABLE);
    hurdles.forEach(
        (reply, hurdle) -> {
          tells("at", reply);
          ConnectionId id = installed("at");
          value(finder.land(id));
          assertThat(found(id).health())
              .isInstanceOfSatisfying(
                  Health.Connecting.class,
                  waiting -> assertThat(waiting.hurdle()).isEqualTo(hurdle));
        });
  }

  @Test
  @Requirement("BE-9")
  void aConsentOfAProfileWithFactsIsActiveOnceTheyAreKnown() {
    ConnectionId id = ordered(ACME);
    agrees(id, "at-1");
    assertThat(found(id).health()).isInstanceOf(Health.Connecting.class);

    tells("at-1", learned("sub-1"));
    value(finder.land(id));

    assertThat(found(id).health()).isInstanceOf(Health.Active.class);
    assertThat(found(id).publicMetadata())
        .containsEntry("subscription_id", "sub-1")
        .containsEntry("plan", "gold");
  }

  @Test
  @Requirement("X-1")
  void anOperatorsOwnWordStandsOverTheProviders() {
    ConnectionId id = ordered(ACME);
    agrees(id, "at-1");
    tells("at-1", learned("sub-1", Map.of("plan", "silver")));
    value(finder.land(id));

    assertThat(found(id).facts()).containsEntry("plan", "silver");
    assertThat(found(id).metadata()).containsEntry("plan", "gold");
    assertThat(found(id).publicMetadata()).containsEntry("plan", "gold");
  }

  @Test
  @Requirement("BE-4")
  void anOperatorClaimsOnceAndForOneTenant() {
    ConnectionId id = unclaimed("at-1", "sub-1");

    assertThat(value(ledger.claim(id, ACME, false, time.instant())))
        .isInstanceOf(LedgerWrite.Done.class);
    assertThat(found(id).belongsTo(ACME)).isTrue();
    assertThat(found(id).health()).isInstanceOf(Health.Active.class);
    assertThat(value(ledger.claim(id, OTHER, false, time.instant())))
        .isInstanceOf(LedgerWrite.NotNow.class);
    assertThat(value(installs.claim(id, ACME))).isEqualTo(Claim.CLAIMED);
    assertThat(value(installs.claim(id, OTHER))).isEqualTo(Claim.ANOTHERS);
    assertThat(found(id).belongsTo(ACME)).isTrue();
  }

  @Test
  @Requirement("BE-9")
  void whatWaitsForFactsIsNotClaimedByAnOperatorAndPromisedByALink() {
    tells("at-1", new PostConnectReply.Unavailable(Hindrance.NO_ANSWER));
    ConnectionId id = installed("at-1");
    value(finder.land(id));

    assertThat(value(ledger.claim(id, OTHER, false, time.instant())))
        .isInstanceOf(LedgerWrite.NotNow.class);
    assertThat(value(installs.claim(id, ACME))).isEqualTo(Claim.CLAIMED);
    assertThat(value(installs.claim(id, OTHER))).isEqualTo(Claim.GONE);
    assertThat(found(id).tenant()).isEmpty();

    tells("at-1", learned("sub-1"));
    time.advance(Duration.ofSeconds(10));
    value(finder.lookUpDue());

    assertThat(found(id).belongsTo(ACME)).isTrue();
    assertThat(found(id).health()).isInstanceOf(Health.Active.class);
  }

  @Test
  @Requirement("BE-4")
  void aClaimThatComesBeforeTheGrantIsStoredIsKeptWhereNothingIsLookedUp() {
    ConnectionId id = begun();
    assertThat(value(installs.claim(id, ACME))).isEqualTo(Claim.CLAIMED);

    agrees(id, "at-1", time.instant(), ProfileFixture.anywhere().profile());

    assertThat(found(id).belongsTo(ACME)).isTrue();
    assertThat(found(id).health()).isInstanceOf(Health.Active.class);
  }

  @Test
  @Requirement({"BE-18", "G-14"})
  void aSecondInstallOfTheAccountRenewsItsConnectionInPlace() {
    ConnectionId first = unclaimed("at-1", "sub-1");
    value(installs.claim(first, ACME));
    long generation = generation(first);
    time.advance(Duration.ofMinutes(1));
    tells("at-2", learned("sub-1", Map.of("administration_ids", "1,2,3")));

    ConnectionId second = installed("at-2");
    Landing landing = value(finder.land(second));

    assertThat(landing).isEqualTo(new Landing.Known(first, Optional.of(BACK)));
    assertThat(found(first).belongsTo(ACME)).isTrue();
    assertThat(found(first).health()).isInstanceOf(Health.Active.class);
    assertThat(found(first).facts()).containsEntry("administration_ids", "1,2,3");
    assertThat(generation(first)).isGreaterThan(generation);
    assertThat(accessToken(first)).isEqualTo("at-2");
    assertThat(value(ledger.find(second))).isInstanceOf(LedgerRead.Unknown.class);
    assertThat(accessToken(second)).isEmpty();
    assertThat(POSTGRES.column("SELECT id FROM revocation"))
        .as("what was moved lives on")
        .isEmpty();
    assertThat(value(installs.claim(second, ACME)))
        .as("the install stands for the connection it renewed")
        .isEqualTo(Claim.CLAIMED);
    assertThat(value(installs.claim(second, OTHER))).isEqualTo(Claim.ANOTHERS);
  }

  @Test
  @Requirement({"BE-18", "G-14"})
  void anOlderInstallThatComesLateNeverReplacesANewerOne() {
    ConnectionId older = begun();
    time.advance(Duration.ofMinutes(1));
    ConnectionId newer = unclaimed("at-new", "sub-1");
    tells("at-old", learned("sub-1"));
    agrees(older, "at-old", time.instant().minus(Duration.ofMinutes(1)));

    Landing landing = value(finder.land(older));

    assertThat(landing.connection()).isEqualTo(newer);
    assertThat(accessToken(newer)).isEqualTo("at-new");
    assertThat(value(ledger.find(older))).isInstanceOf(LedgerRead.Unknown.class);
  }

  @Test
  @Requirement("BE-18")
  void anInstallMendsWhatNeedsConsent() {
    ConnectionId first = unclaimed("at-1", "sub-1");
    value(installs.claim(first, ACME));
    POSTGRES.execute(
        "UPDATE connection SET state = 'needs_consent', cause = 'REFUSED_BY_PROVIDER' WHERE id = '"
            + first
            + "'");
    time.advance(Duration.ofMinutes(1));
    tells("at-2", learned("sub-1"));

    value(finder.land(installed("at-2")));

    assertThat(found(first).health()).isInstanceOf(Health.Active.class);
    assertThat(found(first).belongsTo(ACME)).isTrue();
  }

  @Test
  @Requirement({"BE-18", "G-14"})
  void anInstallThatBeganLaterMendsWhatWasRevokedAndOneThatBeganBeforeDoesNot() {
    ConnectionId first = unclaimed("at-1", "sub-1");
    value(installs.claim(first, ACME));
    tells("at-early", learned("sub-1"));
    tells("at-late", learned("sub-1"));
    ConnectionId early = installed("at-early");
    time.advance(Duration.ofMinutes(1));
    value(ledger.revoke(first, time.instant()));
    value(disconnection.erase(first));

    value(finder.land(early));
    assertThat(found(first).health()).isInstanceOf(Health.Revoked.class);
    assertThat(found(early).health())
        .isInstanceOfSatisfying(
            Health.Connecting.class,
            waiting -> assertThat(waiting.hurdle()).isEqualTo(Hurdle.ACCOUNT_ELSEWHERE));
    time.advance(Duration.ofMinutes(1));
    value(finder.land(installed("at-late")));

    assertThat(found(first).health()).isInstanceOf(Health.Active.class);
    assertThat(found(first).belongsTo(ACME)).isTrue();
    assertThat(accessToken(first)).isEqualTo("at-late");
    POSTGRES.execute("DELETE FROM revocation");
  }

  @Test
  @Requirement("BE-18")
  void aMoveThatACrashCutOffIsTakenUpAndSpendsNothingTwice() {
    ConnectionId first = unclaimed("at-1", "sub-1");
    time.advance(Duration.ofMinutes(1));
    tells("at-2", learned("sub-1"));
    ConnectionId second = installed("at-2");
    POSTGRES.execute(
        "UPDATE connection SET moved_to = '%s', due_at = NULL WHERE id = '%s'"
            .formatted(first, second));

    value(finder.lookUpDue());

    assertThat(accessToken(first)).isEqualTo("at-2");
    assertThat(value(ledger.find(second))).isInstanceOf(LedgerRead.Unknown.class);
  }

  @Test
  @Requirement({"BE-4", "BE-18"})
  void aClaimThatComesWhileTheGrantMovesIsNotLost() {
    ConnectionId first = unclaimed("at-1", "sub-1");
    time.advance(Duration.ofMinutes(1));
    tells("at-2", learned("sub-1"));
    ConnectionId second = installed("at-2");
    meanwhile =
        installs.claim(second, ACME).invoke(claim -> assertThat(claim).isEqualTo(Claim.CLAIMED));

    value(finder.land(second));
    POSTGRES.execute("UPDATE connection SET lease_until = NULL");
    value(finder.land(second));

    assertThat(found(first).belongsTo(ACME)).isTrue();
    assertThat(accessToken(first)).isEqualTo("at-2");
    assertThat(value(ledger.find(second))).isInstanceOf(LedgerRead.Unknown.class);
  }

  @Test
  @Requirement("BE-18")
  void anInstallOfAnAccountWhoseConnectionIsDisabledWaitsVisibly() {
    ConnectionId first = unclaimed("at-1", "sub-1");
    value(ledger.disable(first, time.instant()));
    time.advance(Duration.ofMinutes(1));
    tells("at-2", learned("sub-1"));

    ConnectionId second = installed("at-2");
    value(finder.land(second));

    assertThat(found(second).health())
        .isInstanceOfSatisfying(
            Health.Connecting.class,
            waiting -> assertThat(waiting.hurdle()).isEqualTo(Hurdle.ACCOUNT_ELSEWHERE));
    assertThat(found(second).dueAt()).as("its grant is kept fresh").isPresent();
    assertThat(accessToken(first)).isEqualTo("at-1");
  }

  @Test
  @Requirement("BE-8")
  void anAccountHasOneConnectionAndATenantMayHaveSeveral() {
    ConnectionId one = unclaimed("at-1", "sub-1");
    ConnectionId two = unclaimed("at-2", "sub-2");
    value(installs.claim(one, ACME));
    value(installs.claim(two, ACME));
    ConnectionId made = ordered(OTHER);
    agrees(made, "at-3");
    tells("at-3", learned("sub-1"));

    value(finder.land(made));

    assertThat(owned(ACME)).containsExactlyInAnyOrder(one, two);
    assertThat(found(made).health())
        .isInstanceOfSatisfying(
            Health.Connecting.class,
            waiting -> assertThat(waiting.hurdle()).isEqualTo(Hurdle.ACCOUNT_ELSEWHERE));
  }

  @Test
  @Requirement({"BE-8", "X-2"})
  void aConnectionThatLeavesServiceForAnothersAccountIsToldOf() {
    ConnectionId other = unclaimed("at-1", "sub-1");
    value(installs.claim(other, ACME));
    ConnectionId made = ordered(OTHER);
    tells("at-2", learned("sub-2"));
    agrees(made, "at-2");
    value(finder.land(made));
    assertThat(found(made).health()).isInstanceOf(Health.Active.class);
    time.advance(Duration.ofMinutes(1));
    tells("at-3", learned("sub-1"));
    agreesAgain(made, "at-3");

    value(finder.land(made));

    assertThat(
            POSTGRES.column(
                "SELECT kind || ' ' || COALESCE(cause, '') FROM event WHERE connection = '%s' ORDER BY written"
                    .formatted(made)))
        .containsExactly("connection.active ", "connection.pending_consent account_elsewhere");
  }

  @Test
  void anInstallThatCameToNothingLeavesNothing() {
    ConnectionId id = begun();
    value(keeper.prepare(id, new GrantId("grant-" + id, time.instant())));

    value(installs.abandon(id));

    assertThat(POSTGRES.column("SELECT id FROM connection WHERE id = '" + id + "'")).isEmpty();
    assertThat(safe.documents()).isEmpty();
  }

  @Test
  @Requirement({"BE-4", "G-1"})
  void anInstallWhoseGrantOnlyTheSafeKnowsIsTakenUpByTheSweepAndNotGivenUp() {
    ConnectionId id = installed("at-1");
    unknownToTheLedger(id);
    time.advance(Duration.ofHours(25));

    value(installs.abandonOld());

    assertThat(accessToken(id)).isEqualTo("at-1");
    assertThat(found(id).dueAt()).as("the sweep looks at the safe").contains(time.instant());
    assertThat(POSTGRES.column("SELECT id FROM revocation")).isEmpty();
  }

  @Test
  @Requirement({"G-1", "G-13"})
  void aGrantThatArrivesWhileItsInstallIsGivenUpIsNeverDestroyedInUse() {
    ConnectionId inTime = begun();
    ConnectionId tooLate = begun();
    GrantId first = announced(inTime);
    GrantId second = announced(tooLate);

    safe.afterNextRead(() -> keep(inTime, "at-1", first, PROFILE, Outcome.KEPT));
    value(installs.abandon(inTime));
    value(installs.abandon(tooLate));
    keep(tooLate, "at-2", second, PROFILE, Outcome.NOT_WANTED);

    assertThat(accessToken(inTime)).isEqualTo("at-1");
    assertThat(found(inTime).held()).isPresent();
    assertThat(accessToken(tooLate)).isEmpty();
    assertThat(POSTGRES.column("SELECT id FROM revocation"))
        .containsExactly(tooLate + "." + second.id());
    POSTGRES.execute("DELETE FROM revocation");
  }

  @Test
  @Requirement("G-13")
  void anInstallThatIsGivenUpWhileTheSafeIsSilentIsLeftForLater() {
    ConnectionId id = begun();
    safe.goDown();

    value(installs.abandon(id));

    assertThat(found(id).health()).isInstanceOf(Health.PendingConsent.class);
    safe.comeBack();
    value(installs.abandon(id));
    assertThat(value(ledger.find(id))).isInstanceOf(LedgerRead.Unknown.class);
  }

  @Test
  void whatALostReplicaBeganIsClearedAwayAfterADayAndNothingElseIs() {
    ConnectionId lost = begun();
    ConnectionId kept = unclaimed("at-1", "sub-1");
    time.advance(Duration.ofHours(25));
    ConnectionId young = begun();

    value(installs.abandonOld());

    assertThat(value(ledger.find(lost))).isInstanceOf(LedgerRead.Unknown.class);
    assertThat(value(ledger.find(kept))).isInstanceOf(LedgerRead.Found.class);
    assertThat(value(ledger.find(young))).isInstanceOf(LedgerRead.Found.class);
  }

  private RevocationOrders orders() {
    return new RevocationOrders(safe, stores.revocations(), new HandPause(), time);
  }

  private Leftovers leftovers() {
    return new Leftovers(credentials, ledger, orders(), new HandPause());
  }

  private ConnectionId begun() {
    ConnectionId id = new ConnectionId("install-" + NUMBER.incrementAndGet());
    Install install = new Install(id, APP, "acme", Scopes.none(), time.instant());
    assertThat(value(installs.begin(install))).isEqualTo(Stored.DONE);
    return id;
  }

  private ConnectionId installed(String accessToken) {
    ConnectionId id = begun();
    agrees(id, accessToken);
    return id;
  }

  private ConnectionId unclaimed(String accessToken, String account) {
    tells(accessToken, learned(account));
    ConnectionId id = installed(accessToken);
    value(finder.land(id));
    assertThat(found(id).health()).isInstanceOf(Health.Unclaimed.class);
    return id;
  }

  private ConnectionId ordered(TenantId tenant) {
    ConnectionId id = new ConnectionId("ordered-" + NUMBER.incrementAndGet());
    value(
        ledger.create(
            new Connection(
                id,
                Optional.of(tenant),
                APP,
                "acme",
                GrantType.AUTHORIZATION_CODE,
                Scopes.none(),
                new Health.PendingConsent(time.instant()),
                Optional.empty(),
                Optional.empty(),
                Map.of("plan", "gold"),
                Map.of(),
                time.instant(),
                time.instant())));
    return id;
  }

  private void agrees(ConnectionId id, String accessToken) {
    agrees(id, accessToken, time.instant());
  }

  private void agrees(ConnectionId id, String accessToken, Instant startedAt) {
    agrees(id, accessToken, startedAt, PROFILE);
  }

  private void agreesAgain(ConnectionId id, String accessToken) {
    agrees(id, accessToken, new GrantId("again-" + id, time.instant()), PROFILE);
  }

  private void agrees(ConnectionId id, String accessToken, Instant startedAt, Profile profile) {
    agrees(id, accessToken, new GrantId("grant-" + id, startedAt), profile);
  }

  private void agrees(ConnectionId id, String accessToken, GrantId grant, Profile profile) {
    assertThat(value(keeper.prepare(id, grant))).isEqualTo(Readiness.READY);
    keep(id, accessToken, grant, profile, Outcome.KEPT);
  }

  private GrantId announced(ConnectionId id) {
    GrantId grant = new GrantId("grant-" + id, time.instant());
    assertThat(value(keeper.prepare(id, grant))).isEqualTo(Readiness.READY);
    return grant;
  }

  /** As if the process had died between the safe and the ledger. */
  private static void unknownToTheLedger(ConnectionId id) {
    POSTGRES.execute(
        """
        UPDATE connection SET state = 'pending_consent', cause = NULL, generation = 0, issued_at = NULL, expires_at = NULL, granted_scopes = NULL,
          agreed_at = NULL, consent_ends_at = NULL, due_at = NULL WHERE id = '%s'"""
            .formatted(id));
  }

  private void keep(
      ConnectionId id, String accessToken, GrantId grant, Profile profile, Outcome expected) {
    Instant now = time.instant();
    GrantedTokens tokens =
        new GrantedTokens(
            Secret.of(accessToken),
            "Bearer",
            new Lifetime(now, now.plus(Duration.ofDays(7))),
            Optional.of(Secret.of("rt-of-" + accessToken)),
            Optional.empty(),
            Optional.empty(),
            Map.of("shop", "4711"));
    assertThat(
            value(keeper.keep(id, grant, new Arrival.Issued(APP), tokens, Scopes.none(), profile)))
        .isEqualTo(expected);
  }

  private void tells(String accessToken, PostConnectReply reply) {
    replies.put(accessToken, reply);
  }

  private static PostConnectReply learned(String account) {
    return learned(account, Map.of());
  }

  private static PostConnectReply learned(String account, Map<String, String> further) {
    Map<String, String> facts = new HashMap<>(further);
    facts.put("subscription_id", account);
    return new PostConnectReply.Learned(
        new Facts(Optional.of(account), facts, Optional.of(BACK), false));
  }

  private Connection found(ConnectionId id) {
    LedgerRead read = value(ledger.find(id));
    assertThat(read).isInstanceOf(LedgerRead.Found.class);
    return ((LedgerRead.Found) read).connection();
  }

  private long generation(ConnectionId id) {
    return found(id).issued().value();
  }

  private String accessToken(ConnectionId id) {
    return value(credentials.read(id)) instanceof CredentialRead.Found read
        ? read.credential().accessToken().map(token -> token.value().reveal()).orElse("")
        : "";
  }

  private List<ConnectionId> owned(TenantId tenant) {
    Filter filter =
        new Filter(
            Optional.of(tenant),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    return ((Listing.Page) value(ledger.list(filter, Optional.empty(), 10)))
        .connections().stream().map(Connection::id).toList();
  }

  private static <T> T value(Uni<T> uni) {
    return uni.await().atMost(PATIENCE);
  }

  private static final class Catalogue implements Profiles {
    @Override
    public Optional<Profile> find(String id) {
      return Optional.of(PROFILE);
    }

    @Override
    public List<Profile> all() {
      return List.of(PROFILE);
    }
  }

  private Uni<?> takeMeanwhile() {
    Uni<?> once = meanwhile;
    meanwhile = Uni.createFrom().voidItem();
    return once;
  }

  @Override
  public Uni<PostConnectReply> learn(ProviderClient client, Secret accessToken) {
    asked.add(accessToken.reveal());
    PostConnectReply reply = replies.get(accessToken.reveal());
    return reply == null
        ? Uni.createFrom().failure(new AssertionError("an unexpected token"))
        : takeMeanwhile().replaceWith(reply);
  }

  @Override
  public Uni<ClientLookup> find(RegistrationId id) {
    Registration registration =
        new Registration(
            APP,
            "acme",
            "App",
            "",
            List.of(),
            ClientAuthenticationMethod.CLIENT_SECRET_POST,
            Optional.empty(),
            Scopes.none(),
            List.of(),
            new RegistrationHealth.Healthy(),
            1);
    return Uni.createFrom()
        .item(
            new ClientLookup.Ready(
                new ProviderClient(
                    PROFILE,
                    registration,
                    new ClientSecrets(
                        Secret.of("client"), Optional.of(Secret.of("s")), Optional.empty()))));
  }

  @Override
  public Uni<Void> accepted(RegistrationId id) {
    throw new AssertionError("no token is asked for");
  }

  @Override
  public Uni<Void> faulty(RegistrationId id, RegistrationFault fault) {
    throw new AssertionError("no token is asked for");
  }

  @Override
  public Uni<TokenReply> request(ProviderClient client, TokenRequest request) {
    throw new AssertionError("no code is exchanged again");
  }

  @Override
  public Uni<RevokeReply> revoke(ProviderClient client, Revocation revocation) {
    throw new AssertionError("nothing is revoked");
  }

  @Override
  public <T> Uni<T> run(Supplier<Uni<T>> work) {
    return Uni.createFrom().deferred(work::get);
  }
}
