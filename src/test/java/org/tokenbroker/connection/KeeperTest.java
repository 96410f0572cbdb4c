package org.tokenbroker.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.tokenbroker.connection.Connection.Held;
import org.tokenbroker.connection.Credential.PendingCall;
import org.tokenbroker.consent.GrantKeeper.Arrival;
import org.tokenbroker.consent.GrantKeeper.GrantId;
import org.tokenbroker.consent.GrantKeeper.Outcome;
import org.tokenbroker.consent.GrantKeeper.Readiness;
import org.tokenbroker.fixture.HandPause;
import org.tokenbroker.fixture.HandTime;
import org.tokenbroker.fixture.MemorySafe;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.fixture.SilentLedger;
import org.tokenbroker.platform.Apart;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.provider.GrantedTokens;
import org.tokenbroker.provider.Introspection;
import org.tokenbroker.provider.ProfileFixture;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.Lifetime;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;
import org.tokenbroker.token.TenantId;

class KeeperTest {
  private static final ConnectionId ID = new ConnectionId("acme");
  private static final RegistrationId APP = new RegistrationId("app");
  private static final Arrival ISSUED = new Arrival.Issued(APP);

  private final HandTime time = HandTime.atNoon();
  private final MemorySafe safe = new MemorySafe();
  private final HandPause pause = new HandPause();
  private final Credentials credentials = new Credentials(safe);
  private final OneConnectionLedger ledger = new OneConnectionLedger();
  private final DurableWriter writer = new DurableWriter(credentials, pause);
  private final NotedOrders outbox = new NotedOrders();
  private ProfileFixture profile = ProfileFixture.anywhere();
  private Introspection introspection =
      (client, token) -> {
        throw new AssertionError("not asked in this test");
      };
  private final Keeper keeper =
      new Keeper(
          credentials,
          writer,
          ledger,
          new EndFinder(
              ledger,
              new KnownClient(() -> Optional.of(profile.profile())),
              (client, token) -> introspection.end(client, token),
              writer),
          new Leftovers(
              credentials, ledger, new RevocationOrders(safe, outbox, pause, time), pause),
          new Here(),
          time);
  private final GrantId first = new GrantId("first", time.instant());
  private final GrantId second = new GrantId("second", time.instant().plusSeconds(30));

  @Test
  @Requirement({"MO-15", "G-14"})
  void keepsAGrantAndMakesTheConnectionActive() {
    assertThat(now(keeper.prepare(ID, first))).isEqualTo(Readiness.READY);

    assertThat(now(keep(first, "at", "rt"))).isEqualTo(Outcome.KEPT);

    assertThat(stored().accessToken())
        .hasValueSatisfying(token -> assertThat(token.value().reveal()).isEqualTo("at"));
    assertThat(stored().awaited()).isEmpty();
    assertThat(ledger.held).map(Held::generation).contains(new Generation(1));
  }

  @Test
  void theRedirectUriOfAGrantIsKeptWithIt() {
    Optional<URI> redirectUri = Optional.of(URI.create("https://broker.example/callback/b"));
    GrantId grant = new GrantId("third", time.instant().plusSeconds(60), redirectUri);
    now(keeper.prepare(ID, grant));

    now(keep(grant, "at", "rt"));

    assertThat(stored().grant().flatMap(Credential.Grant::redirectUri)).isEqualTo(redirectUri);
  }

  @Test
  @Requirement("G-1")
  void letsNoCodeBeSpentWhileTheSafeCannotBeWritten() {
    safe.failWrites(1);

    assertThat(now(keeper.prepare(ID, first))).isEqualTo(Readiness.UNAVAILABLE);
  }

  @Test
  @Requirement("G-14")
  void anOlderAgreementNeverReplacesANewerOne() {
    now(keeper.prepare(ID, first));
    now(keeper.prepare(ID, second));
    now(keep(second, "at-2", "rt-2"));

    assertThat(now(keep(first, "at-1", "rt-1"))).isEqualTo(Outcome.SUPERSEDED);
    assertThat(now(keeper.prepare(ID, first))).isEqualTo(Readiness.NOT_WANTED);

    assertThat(stored().refreshToken())
        .hasValueSatisfying(token -> assertThat(token.value().reveal()).isEqualTo("rt-2"));
  }

  @Test
  @Requirement({"G-14", "MO-15"})
  void aLaterAgreementReplacesTheCredentialInPlaceWithAHigherGeneration() {
    now(keeper.prepare(ID, first));
    now(keep(first, "at-1", "rt-1"));
    now(keeper.prepare(ID, second));

    assertThat(now(keep(second, "at-2", "rt-2"))).isEqualTo(Outcome.KEPT);

    assertThat(stored().generation()).isEqualTo(new Generation(2));
    assertThat(ledger.held).map(Held::generation).contains(new Generation(2));
  }

  @Test
  @Requirement("G-1")
  void doesNotForgetACallThatIsInFlightWhileAnOwnerIsOnTheWay() {
    now(keeper.prepare(ID, first));
    now(keep(first, "at-1", "rt-1"));
    PendingCall call = new PendingCall("attempt", 7, time.instant(), 1, 1);
    put(stored().withPending(call));

    now(keeper.prepare(ID, second));

    assertThat(stored().pending()).contains(call);
  }

  @Test
  @Requirement("G-13")
  void doesNotBringBackACredentialThatWasDestroyedMeanwhile() {
    now(keeper.prepare(ID, first));
    now(credentials.destroy(ID));

    assertThat(now(keep(first, "at", "rt"))).isEqualTo(Outcome.SUPERSEDED);

    assertThat(safe.documents()).isEmpty();
  }

  @Test
  @Requirement("G-13")
  void aGrantThatComesAfterARevocationIsRevokedAtTheProviderAndLeavesNothing() {
    now(keeper.prepare(ID, first));
    now(credentials.destroy(ID));
    ledger.health = new Health.Revoked(time.instant());

    assertThat(now(keep(first, "at", "rt"))).isEqualTo(Outcome.NOT_WANTED);

    assertThat(safe.documents().keySet()).containsExactly(outbox.path("acme.first"));
    assertThat(outbox.registrations()).containsExactly(APP);
  }

  @Test
  @Requirement("G-13")
  void aGrantThatReachedTheSafeBeforeTheRevocationWasSeenLeavesNothingThereEither() {
    now(keeper.prepare(ID, first));
    ledger.answer = new Ledger.LedgerWrite.Unknown();

    assertThat(now(keep(first, "at", "rt"))).isEqualTo(Outcome.NOT_WANTED);

    assertThat(safe.documents().keySet()).containsExactly(outbox.path("acme.first"));
  }

  @Test
  @Requirement({"G-13", "G-14"})
  void whatIsWithdrawnTakesNoLaterAgreementWithItThatAnnouncedItselfMeanwhile() {
    now(keeper.prepare(ID, first));
    ledger.answer = new Ledger.LedgerWrite.Unknown();
    safe.beforeNextDestroy(
        () -> {
          ledger.answer = new Ledger.LedgerWrite.NotNow(ledger.connection());
          put(stored().awaiting(new Credential.Grant(second.id(), second.startedAt())));
        });

    assertThat(now(keep(first, "at-1", "rt-1"))).isEqualTo(Outcome.NOT_WANTED);

    assertThat(stored().awaited().map(Credential.Grant::id)).contains(second.id());
    assertThat(stored().accessToken()).as("what was withdrawn is not left beside it").isEmpty();
    assertThat(now(keep(second, "at-2", "rt-2"))).isEqualTo(Outcome.KEPT);
    assertThat(stored().accessToken()).map(token -> token.value().reveal()).contains("at-2");
  }

  @Test
  @Requirement("G-13")
  void aGrantThatNobodyWantsIsHeldUntilTheOutboxTakesIt() {
    now(keeper.prepare(ID, first));
    now(credentials.destroy(ID));
    ledger.health = new Health.Revoked(time.instant());
    safe.failWrites(1);

    keep(first, "at", "rt").subscribe().with(done -> {});
    assertThat(outbox.ids()).isEmpty();
    assertThat(writer.undurable()).isEqualTo(1);
    pause.elapse();

    assertThat(outbox.ids()).containsExactly("acme.first");
    assertThat(writer.undurable()).isZero();
  }

  @Test
  void aGrantOfWhichANewerOneCameIsLeftToExpireForItsRevocationMightEndBoth() {
    now(keeper.prepare(ID, first));
    now(keeper.prepare(ID, second));
    now(keep(second, "at-2", "rt-2"));

    assertThat(now(keep(first, "at-1", "rt-1"))).isEqualTo(Outcome.SUPERSEDED);

    assertThat(outbox.registrations()).isEmpty();
  }

  @Test
  @Requirement("G-13")
  void ofTwoAgreementsAfterARevocationTheOlderIsNotRevokedThoughTheLedgerKnowsNeitherYet() {
    ledger.health = new Health.Revoked(Instant.EPOCH);
    now(keeper.prepare(ID, first));
    now(keeper.prepare(ID, second));
    now(keep(second, "at-2", "rt-2"));
    ledger.health = new Health.Revoked(Instant.EPOCH);

    assertThat(now(keep(first, "at-1", "rt-1"))).isEqualTo(Outcome.SUPERSEDED);

    assertThat(outbox.registrations()).isEmpty();
  }

  @Test
  @Requirement("G-13")
  void aGrantThatIsNotKeptIsNotRevokedWhereAnotherIsInTheSafeAndNotYetInTheLedger() {
    now(keeper.prepare(ID, first));
    now(keep(first, "at-1", "rt-1"));
    ledger.health = new Health.Revoked(Instant.EPOCH);
    profile = profile.with("token", "{require_refresh_token: true}");

    assertThat(now(keep(second, "at-2", Optional.empty()))).isEqualTo(Outcome.NO_REFRESH_TOKEN);

    assertThat(outbox.registrations()).isEmpty();
  }

  @Test
  @Requirement("MO-5")
  void aGrantWithoutItsRefreshTokenIsRevokedUnlessTheConnectionHoldsAnother() {
    profile = profile.with("token", "{require_refresh_token: true}");
    now(keeper.prepare(ID, first));

    now(keep(first, "at", Optional.empty()));
    assertThat(outbox.registrations()).containsExactly(APP);
    ledger.health = new Health.Active(time.instant());
    now(keep(second, "at", Optional.empty()));

    assertThat(outbox.registrations()).hasSize(1);
  }

  @Test
  @Requirement("BE-18")
  void whatWasMovedInVainLivesOnWhereItIs() {
    now(keeper.prepare(ID, first));
    ledger.answer = new Ledger.LedgerWrite.Unknown();

    assertThat(now(keep(first, new Arrival.Moved(Optional.empty()), "at", Optional.of("rt"))))
        .isEqualTo(Outcome.NOT_WANTED);

    assertThat(safe.documents()).isEmpty();
    assertThat(outbox.registrations()).isEmpty();
  }

  @Test
  @Requirement("G-9")
  void anAgreementThatWasMovedLastsFromWhenItsOwnerAgreed() {
    profile = profile.with("grant", "{max_age: 90d}");
    Instant agreedAt = time.instant();
    now(keeper.prepare(ID, first));
    time.advance(Duration.ofDays(3));

    now(keep(first, new Arrival.Moved(Optional.of(agreedAt)), "at", Optional.of("rt")));

    assertThat(ledger.term.map(Term::agreedAt)).contains(agreedAt);
    assertThat(ledger.term.flatMap(Term::endsAt)).contains(agreedAt.plus(Duration.ofDays(90)));
  }

  @Test
  @Requirement({"G-13", "G-14"})
  void noCodeIsSpentForARevokedConnectionBeforeItIsErasedNorForAnAgreementOfBefore() {
    Instant revokedAt = time.instant().plusSeconds(10);
    ledger.refusing(new Health.Revoked(revokedAt, false));

    assertThat(now(keeper.prepare(ID, first))).isEqualTo(Readiness.NOT_WANTED);
    assertThat(now(keeper.prepare(ID, second))).isEqualTo(Readiness.UNAVAILABLE);

    assertThat(safe.documents()).isEmpty();
  }

  @Test
  @Requirement("I4")
  void underTheIdOfADeletedConnectionGenerationsGoOnFromWhereTheyWere() {
    ledger.issued = new Generation(7);
    now(keeper.prepare(ID, first));

    now(keep(first, "at", "rt"));

    assertThat(stored().generation()).isEqualTo(new Generation(8));
    assertThat(ledger.held).map(Held::generation).contains(new Generation(8));
  }

  @Test
  @Requirement("MO-5")
  void aGrantWithoutTheRequiredRefreshTokenIsReportedAndNotKept() {
    profile = profile.with("token", "{require_refresh_token: true}");
    now(keeper.prepare(ID, first));

    assertThat(now(keep(first, "at", Optional.empty()))).isEqualTo(Outcome.NO_REFRESH_TOKEN);

    assertThat(stored().accessToken()).isEmpty();
    assertThat(ledger.held).isEmpty();
  }

  @Test
  @Requirement("G-14")
  void theEarlierRefreshTokenStaysInUseWhereTheProfileSaysSoAndTheNewConsentBringsNone() {
    profile =
        profile
            .with("refresh", "{kept_on_reconsent: true}")
            .with("token", "{require_refresh_token: true}");
    now(keeper.prepare(ID, first));
    now(keep(first, "at-1", "rt-1"));
    PendingCall call = new PendingCall("attempt", 7, time.instant(), 1, 1);
    put(stored().withPending(call));
    now(keeper.prepare(ID, second));

    assertThat(now(keep(second, "at-2", Optional.empty()))).isEqualTo(Outcome.KEPT);

    assertThat(stored().accessToken()).map(token -> token.value().reveal()).contains("at-2");
    assertThat(stored().refreshToken()).map(token -> token.value().reveal()).contains("rt-1");
    assertThat(stored().pending()).as("a call that presented it goes on").contains(call);
  }

  @Test
  @Requirement({"MO-5", "G-14"})
  void aFirstConsentWithoutRefreshTokenHasNoEarlierOneToGoOnWith() {
    profile =
        profile
            .with("refresh", "{kept_on_reconsent: true}")
            .with("token", "{require_refresh_token: true}");
    now(keeper.prepare(ID, first));

    assertThat(now(keep(first, "at", Optional.empty()))).isEqualTo(Outcome.NO_REFRESH_TOKEN);
  }

  @Test
  @Requirement("G-14")
  void withoutThatWordANewConsentReplacesTheWholeCredential() {
    now(keeper.prepare(ID, first));
    now(keep(first, "at-1", "rt-1"));
    now(keeper.prepare(ID, second));

    now(keep(second, "at-2", Optional.empty()));

    assertThat(stored().refreshToken()).isEmpty();
  }

  @Test
  void aConnectionThatWasDeletedOrDisabledWantsNoGrant() {
    ledger.answer = new Ledger.LedgerWrite.Unknown();

    assertThat(now(keeper.prepare(ID, first))).isEqualTo(Readiness.NOT_WANTED);
    assertThat(safe.documents()).isEmpty();
  }

  @Test
  @Requirement("G-1")
  void aGrantWhoseSafeFailsAfterTheExchangeIsWrittenAsSoonAsItIsBack() {
    now(keeper.prepare(ID, first));
    safe.goDown();
    UniAssertSubscriber<Outcome> keeping =
        keep(first, "at", "rt").subscribe().withSubscriber(UniAssertSubscriber.create());
    keeping.assertNotTerminated();

    safe.comeBack();
    pause.elapse();

    assertThat(keeping.assertCompleted().getItem()).isEqualTo(Outcome.KEPT);
    assertThat(stored().refreshToken()).isPresent();
  }

  @Test
  @Requirement({"G-1", "BE-18"})
  void whatCameOfAnAgreementSinceIsNeverReplacedByWhatTheAgreementBrought() {
    now(keeper.prepare(ID, first));
    now(keep(first, "at-1", "rt-1"));
    put(
        new Credential(
            stored().grant(),
            stored().accessToken(),
            Optional.of(new Credential.RefreshToken(Secret.of("rt-2"), 2, Optional.empty())),
            Optional.empty(),
            Optional.empty()));

    assertThat(now(keep(first, "at-1", "rt-1"))).isEqualTo(Outcome.KEPT);

    assertThat(stored().refreshToken())
        .hasValueSatisfying(token -> assertThat(token.value().reveal()).isEqualTo("rt-2"));
  }

  @Test
  @Requirement("G-1")
  void aGrantReachesTheSafeThoughTheLedgerDoesNotAnswerAnyMore() {
    now(keeper.prepare(ID, first));
    ledger.answersLookUps = false;

    now(keep(first, "at", "rt"));

    assertThat(stored().refreshToken()).isPresent();
  }

  @Test
  @Requirement("G-9")
  void anAgreementLastsAsLongAsTheProfileSaysFromTheMomentItIsKept() {
    profile = profile.with("grant", "{max_age: 90d}");
    now(keeper.prepare(ID, first));
    time.advance(Duration.ofMinutes(2));

    now(keep(first, "at", "rt"));

    assertThat(ledger.term)
        .contains(
            new Term(
                time.instant(),
                Optional.of(time.instant().plus(Duration.ofDays(90))),
                Optional.empty(),
                true));
  }

  @Test
  @Requirement("G-8")
  void anEndThatTheAnswerDidNotTellIsAskedForOnceTheGrantIsDurable() {
    profile = profile.with("expiry", "{introspect: true}");
    Instant end = time.instant().plus(Duration.ofMinutes(10));
    introspection =
        (client, token) -> {
          assertThat(stored().accessToken().orElseThrow().value()).isEqualTo(token);
          return Uni.createFrom().item(Optional.of(end));
        };
    now(keeper.prepare(ID, first));

    assertThat(now(keepUntold(first, "at"))).isEqualTo(Outcome.KEPT);

    assertThat(stored().accessToken().orElseThrow().lifetime().expiresAt()).isEqualTo(end);
    assertThat(ledger.held.orElseThrow().lifetime().expiresAt()).isEqualTo(end);
  }

  @Test
  @Requirement("G-8")
  void aProviderThatDoesNotTellTheEndEitherLeavesTheDefault() {
    profile = profile.with("expiry", "{introspect: true}");
    introspection = (client, token) -> Uni.createFrom().failure(new IllegalStateException());
    now(keeper.prepare(ID, first));

    assertThat(now(keepUntold(first, "at"))).isEqualTo(Outcome.KEPT);

    assertThat(ledger.held.orElseThrow().lifetime().total()).isEqualTo(Duration.ofHours(1));
  }

  @Test
  @Requirement("C15")
  void nobodyIsAskedForAnEndThatWasTold() {
    profile = profile.with("expiry", "{introspect: true}");
    now(keeper.prepare(ID, first));

    assertThat(now(keep(first, "at", "rt"))).isEqualTo(Outcome.KEPT);
  }

  private Uni<Outcome> keepUntold(GrantId grant, String accessToken) {
    Instant now = time.instant();
    GrantedTokens tokens =
        new GrantedTokens(
            Secret.of(accessToken),
            "Bearer",
            new Lifetime(now, now.plus(Duration.ofHours(1))),
            false,
            Optional.of(Secret.of("rt")),
            Optional.empty(),
            Optional.empty(),
            Map.of());
    return keeper.keep(ID, grant, ISSUED, tokens, Scopes.of("read"), profile.profile());
  }

  private Uni<Outcome> keep(GrantId grant, String accessToken, String refreshToken) {
    return keep(grant, accessToken, Optional.of(refreshToken));
  }

  private Uni<Outcome> keep(GrantId grant, String accessToken, Optional<String> refreshToken) {
    return keep(grant, ISSUED, accessToken, refreshToken);
  }

  private Uni<Outcome> keep(
      GrantId grant, Arrival arrival, String accessToken, Optional<String> refreshToken) {
    Instant now = time.instant();
    GrantedTokens tokens =
        new GrantedTokens(
            Secret.of(accessToken),
            "Bearer",
            new Lifetime(now, now.plus(Duration.ofHours(1))),
            refreshToken.map(Secret::of),
            Optional.empty(),
            Optional.empty());
    return keeper.keep(ID, grant, arrival, tokens, Scopes.of("read"), profile.profile());
  }

  private Credential stored() {
    return now(credentials.read(ID)) instanceof CredentialRead.Found found
        ? found.credential()
        : Credential.EMPTY;
  }

  private void put(Credential credential) {
    if (now(credentials.read(ID)) instanceof CredentialRead.Found found) {
      now(credentials.write(ID, credential, found.version()));
    }
  }

  private static <T> T now(Uni<T> uni) {
    return uni.subscribe().withSubscriber(UniAssertSubscriber.create()).assertCompleted().getItem();
  }

  /** No other context to run on. */
  private static final class Here implements Apart {
    @Override
    public <T> Uni<T> run(Supplier<Uni<T>> work) {
      return Uni.createFrom().deferred(work::get);
    }
  }

  /** A ledger that holds one connection and says yes. */
  private final class OneConnectionLedger extends SilentLedger {
    private Optional<Held> held = Optional.empty();
    private Generation issued = Generation.NONE;
    private Optional<Term> term = Optional.empty();
    private Health health = new Health.PendingConsent(Instant.EPOCH);
    private boolean answersLookUps = true;
    private LedgerWrite answer = new LedgerWrite.Done(connection());

    private void refusing(Health now) {
      health = now;
      answer = new LedgerWrite.NotNow(connection());
    }

    private Connection connection() {
      return new Connection(
          ID,
          Optional.of(new TenantId("tenant")),
          APP,
          "acme",
          GrantType.AUTHORIZATION_CODE,
          Scopes.of("read"),
          health,
          held,
          held.map(Held::generation).orElse(issued),
          term,
          Optional.empty(),
          Map.of(),
          Map.of(),
          Instant.EPOCH,
          Instant.EPOCH);
    }

    @Override
    public Uni<LedgerRead> find(ConnectionId id) {
      return answersLookUps
          ? Uni.createFrom().item(() -> new LedgerRead.Found(connection()))
          : Uni.createFrom().failure(new IllegalStateException("no answer"));
    }

    @Override
    public Uni<LedgerWrite> expectGrant(ConnectionId id, Instant begunAt, Instant lookAt) {
      return Uni.createFrom().item(() -> answer);
    }

    @Override
    public Uni<LedgerWrite> agreed(ConnectionId id, Agreed agreed, Instant now) {
      return Uni.createFrom()
          .item(
              () -> {
                held = Optional.of(agreed.held());
                term = Optional.of(agreed.term());
                return answer;
              });
    }
  }
}
