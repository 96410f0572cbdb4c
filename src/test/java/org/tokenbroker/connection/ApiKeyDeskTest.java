package org.tokenbroker.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tokenbroker.connection.ApiKeyDesk.Replaced;
import org.tokenbroker.connection.ConnectionDesk.Created;
import org.tokenbroker.connection.ConnectionDesk.Flaw;
import org.tokenbroker.connection.ConnectionDesk.Order;
import org.tokenbroker.fixture.HandTime;
import org.tokenbroker.fixture.MemorySafe;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.safe.SafePath;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;
import org.tokenbroker.token.TenantId;

class ApiKeyDeskTest {
  private static final ConnectionId ID = new ConnectionId("own-key");
  private static final TenantId OWN = new TenantId("own");
  private static final SafePath PATH = new SafePath("api-keys/own-key");
  private static final Scopes READ = Scopes.of("customers.read");

  private final HandTime time = HandTime.atNoon();
  private final MemorySafe safe = new MemorySafe();
  private final KeptKeys ledger = new KeptKeys();
  private final OneKeyRegistration registration = new OneKeyRegistration();
  private final ApiKeyDesk desk =
      new ApiKeyDesk(
          ledger,
          new KeyKeeper(new ApiKeys(safe), ledger, time),
          registration,
          registration,
          new OwnOrganization(List.of(OWN.value())),
          time);

  @Test
  @Requirement({"MK-2", "MK-3", "MK-4", "MK-10", "BE-1"})
  void aKeyThatAnOperatorPutsIsActiveAtOnceWithTheScopesThatWereStated() {
    Connection made = made(create("first", READ));

    assertThat(made.health()).isEqualTo(new Health.Active(time.instant()));
    assertThat(made.issued()).isEqualTo(new Generation(1));
    assertThat(made.requested()).isEqualTo(READ);
    assertThat(made.dueAt()).isEmpty();
    assertThat(stored("api_key")).isEqualTo("first");
    assertThat(stored("scope")).isEqualTo("customers.read");
  }

  @Test
  void withoutStatedScopesItHasThoseOfItsRegistration() {
    Order order =
        new Order(
            ID,
            OWN,
            OneKeyRegistration.ID,
            GrantType.API_KEY,
            Optional.empty(),
            Optional.of(Secret.of("first")),
            Map.of());

    assertThat(made(now(desk.create(order))).requested()).isEqualTo(OneKeyRegistration.SCOPES);
  }

  @Test
  @Requirement({"MK-4", "BE-1"})
  void aKeyIsForTheOwnOrganizationOnly() {
    assertThat(flaws(create(order(new TenantId("customer"), Optional.of("first"), READ))))
        .singleElement()
        .satisfies(flaw -> assertThat(flaw.field()).isEqualTo("tenant"))
        .satisfies(flaw -> assertThat(flaw.fix()).contains("token-broker.connection.own-tenants"));
    assertThat(safe.documents()).isEmpty();
    assertThat(now(ledger.find(ID))).isEqualTo(new LedgerRead.Unknown());
  }

  @Test
  void aConnectionWithoutAnyKeyIsNotMade() {
    assertThat(flaws(create(order(OWN, Optional.empty(), READ))))
        .extracting(Flaw::field)
        .containsExactly("api_key");
    assertThat(now(ledger.find(ID))).isEqualTo(new LedgerRead.Unknown());
  }

  @Test
  void theProfileMustOfferKeysAndTheRegistrationExist() {
    registration.grants = "[client_credentials]";
    assertThat(flaws(create("first", READ))).extracting(Flaw::field).containsExactly("grant_type");

    assertThat(
            flaws(
                create(
                    new Order(
                        ID,
                        OWN,
                        new RegistrationId("nobody"),
                        GrantType.API_KEY,
                        Optional.empty(),
                        Optional.of(Secret.of("first")),
                        Map.of()))))
        .extracting(Flaw::field)
        .containsExactly("registration");
  }

  @Test
  void theSameRequestAgainChangesNothing() {
    create("first", READ);

    assertThat(create("first", READ)).isInstanceOf(Created.Already.class);
    assertThat(create(order(OWN, Optional.empty(), READ))).isInstanceOf(Created.Already.class);

    assertThat(safe.writes()).isEqualTo(1);
    assertThat(known().issued()).isEqualTo(new Generation(1));
  }

  @Test
  @Requirement("MK-3")
  void aKeyIsReplacedInPlaceWithAHigherGeneration() {
    create("first", READ);

    Replaced replaced = now(desk.replace(ID, Secret.of("second"), Optional.empty()));

    assertThat(replaced).isEqualTo(new Replaced.Done(known()));
    assertThat(known().issued()).isEqualTo(new Generation(2));
    assertThat(known().requested()).isEqualTo(READ);
    assertThat(stored("api_key")).isEqualTo("second");
  }

  @Test
  @Requirement("MK-10")
  void aNewKeyMayHaveOtherScopesAndTheyAreRecorded() {
    create("first", READ);

    now(desk.replace(ID, Secret.of("second"), Optional.of(Scopes.of("files.read"))));

    assertThat(known().requested()).isEqualTo(Scopes.of("files.read"));
    assertThat(flaws(create(order(OWN, Optional.empty(), READ))))
        .extracting(Flaw::field)
        .containsExactly("scopes");
  }

  @Test
  void theSameKeyAgainKeepsItsGenerationAndTellsThatItIsGood() {
    create("first", READ);
    ledger.is(ID, new Health.Ailing(Health.Ailment.KEY_REFUSED, 1, time.instant()));

    now(desk.replace(ID, Secret.of("first"), Optional.empty()));

    assertThat(known().health()).isInstanceOf(Health.Active.class);
    assertThat(known().issued()).isEqualTo(new Generation(1));
    assertThat(safe.writes()).isEqualTo(1);
  }

  @Test
  void anotherConnectionKeepsItsId() {
    create("first", READ);

    assertThat(
            create(
                new Order(
                    ID,
                    OWN,
                    OneKeyRegistration.ID,
                    GrantType.API_KEY,
                    Optional.of(READ),
                    Optional.of(Secret.of("second")),
                    Map.of("another", "one"))))
        .isInstanceOf(Created.Taken.class);
    assertThat(stored("api_key")).isEqualTo("first");
  }

  @Test
  void noKeyIsPutWhereTokensAreKept() {
    now(ledger.create(connection(GrantType.AUTHORIZATION_CODE, OWN)));

    assertThat(now(desk.replace(ID, Secret.of("key"), Optional.empty())))
        .isInstanceOf(Replaced.NotPossible.class);
    assertThat(safe.documents()).isEmpty();
  }

  @Test
  @Requirement("MK-4")
  void noKeyIsPutForATenantThatIsNotTheOwnOrganizationAnyMore() {
    now(ledger.create(connection(GrantType.API_KEY, new TenantId("customer"))));

    assertThat(now(desk.replace(ID, Secret.of("key"), Optional.empty())))
        .isInstanceOf(Replaced.NotPossible.class);
    assertThat(safe.documents()).isEmpty();
  }

  @Test
  void whatALedgerMissedIsCompletedByTheSameRequestAgain() {
    ledger.goSilentOnce();
    assertThat(create("first", READ)).isInstanceOf(Created.Unavailable.class);
    assertThat(create(order(OWN, Optional.empty(), READ))).isInstanceOf(Created.Flawed.class);

    assertThat(create("first", READ)).isInstanceOf(Created.Already.class);

    assertThat(known().health()).isInstanceOf(Health.Active.class);
    assertThat(known().issued()).isEqualTo(new Generation(1));
  }

  @Test
  void ofTwoOperatorsAtOnceNeitherOverwritesWhatItHasNotRead() {
    create("first", READ);
    safe.beforeNextWrite(() -> now(desk.replace(ID, Secret.of("second"), Optional.empty())));

    now(desk.replace(ID, Secret.of("third"), Optional.empty()));

    assertThat(stored("api_key")).isEqualTo("third");
    assertThat(known().issued()).isEqualTo(new Generation(3));
  }

  @Test
  void whileTheSafeIsDownNothingIsClaimedToBeKept() {
    create("first", READ);
    safe.goDown();

    assertThat(now(desk.replace(ID, Secret.of("second"), Optional.empty())))
        .isInstanceOf(Replaced.Unavailable.class);
    assertThat(known().issued()).isEqualTo(new Generation(1));
  }

  @Test
  @Requirement("G-13")
  void aKeyOfAConnectionThatWasDeletedMeanwhileIsNotLeftBehind() {
    create("first", READ);
    ledger.beforeNextKeyed(() -> ledger.forget(ID));

    assertThat(now(desk.replace(ID, Secret.of("second"), Optional.empty())))
        .isInstanceOf(Replaced.Unknown.class);

    assertThat(safe.documents()).isEmpty();
  }

  @Test
  @Requirement("G-13")
  void aKeyOfAConnectionThatWasRevokedMeanwhileIsNotLeftBehind() {
    create("first", READ);
    ledger.beforeNextKeyed(() -> ledger.is(ID, new Health.Revoked(time.instant(), false)));

    assertThat(now(desk.replace(ID, Secret.of("second"), Optional.empty())))
        .isInstanceOfSatisfying(
            Replaced.NotPossible.class, not -> assertThat(not.reason()).contains("revoked"));

    assertThat(safe.documents()).isEmpty();
  }

  @Test
  @Requirement("G-13")
  void noKeyIsTakenBeforeWhatWasRevokedIsErased() {
    create("first", READ);
    ledger.is(ID, new Health.Revoked(time.instant(), false));
    time.advance(Duration.ofMinutes(1));

    assertThat(now(desk.replace(ID, Secret.of("second"), Optional.empty())))
        .isInstanceOf(Replaced.Unavailable.class);

    assertThat(stored("api_key")).isEqualTo("first");
  }

  private Created create(String key, Scopes scopes) {
    return create(order(OWN, Optional.of(key), scopes));
  }

  private Created create(Order order) {
    return now(desk.create(order));
  }

  private static Order order(TenantId tenant, Optional<String> key, Scopes scopes) {
    return new Order(
        ID,
        tenant,
        OneKeyRegistration.ID,
        GrantType.API_KEY,
        Optional.of(scopes),
        key.map(Secret::of),
        Map.of());
  }

  private static Connection connection(GrantType grant, TenantId tenant) {
    return new Connection(
        ID,
        Optional.of(tenant),
        OneKeyRegistration.ID,
        "acme",
        grant,
        READ,
        new Health.PendingConsent(Instant.EPOCH),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Map.of(),
        Instant.EPOCH,
        Instant.EPOCH);
  }

  private Connection known() {
    return ((LedgerRead.Found) now(ledger.find(ID))).connection();
  }

  private String stored(String field) {
    return Optional.ofNullable(safe.documents().get(PATH))
        .flatMap(found -> found.document().field(field))
        .orElse("");
  }

  private static Connection made(Created created) {
    assertThat(created).isInstanceOf(Created.Made.class);
    return ((Created.Made) created).connection();
  }

  private static List<Flaw> flaws(Created created) {
    assertThat(created).isInstanceOf(Created.Flawed.class);
    return ((Created.Flawed) created).flaws();
  }

  private static <T> T now(Uni<T> uni) {
    return uni.subscribe().withSubscriber(UniAssertSubscriber.create()).assertCompleted().getItem();
  }
}
