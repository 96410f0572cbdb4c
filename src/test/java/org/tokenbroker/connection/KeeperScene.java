package org.tokenbroker.connection;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.tokenbroker.connection.Connection.Held;
import org.tokenbroker.consent.GrantKeeper.Arrival;
import org.tokenbroker.consent.GrantKeeper.GrantId;
import org.tokenbroker.consent.GrantKeeper.Outcome;
import org.tokenbroker.fixture.HandPause;
import org.tokenbroker.fixture.HandTime;
import org.tokenbroker.fixture.Here;
import org.tokenbroker.fixture.MemorySafe;
import org.tokenbroker.fixture.SilentLedger;
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

/** One connection, its safe and its ledger in memory, and grants that arrive for it. */
final class KeeperScene {
  static final ConnectionId ID = new ConnectionId("acme");
  static final RegistrationId APP = new RegistrationId("app");
  private static final Arrival ISSUED = new Arrival.Issued(APP);

  final HandTime time = HandTime.atNoon();
  final MemorySafe safe = new MemorySafe();
  final HandPause pause = new HandPause();
  final Credentials credentials = new Credentials(safe);
  final OneConnectionLedger ledger = new OneConnectionLedger();
  final DurableWriter writer = new DurableWriter(credentials, pause);
  final NotedOrders outbox = new NotedOrders();
  ProfileFixture profile = ProfileFixture.anywhere();
  Introspection introspection =
      (client, token) -> {
        throw new AssertionError("not asked in this test");
      };
  final Keeper keeper =
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
              credentials, ledger, new RevocationOrders(safe, outbox, pause, time), writer, pause),
          new Here(),
          time);
  final GrantId first = new GrantId("first", time.instant());
  final GrantId second = new GrantId("second", time.instant().plusSeconds(30));

  Uni<Outcome> keepUntold(GrantId grant, String accessToken) {
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

  Uni<Outcome> keep(GrantId grant, String accessToken, String refreshToken) {
    return keep(grant, accessToken, Optional.of(refreshToken));
  }

  Uni<Outcome> keep(GrantId grant, String accessToken, Optional<String> refreshToken) {
    return keep(grant, ISSUED, accessToken, refreshToken);
  }

  Uni<Outcome> keep(
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

  Credential stored() {
    return now(credentials.read(ID)) instanceof CredentialRead.Found found
        ? found.credential()
        : Credential.EMPTY;
  }

  void put(Credential credential) {
    if (now(credentials.read(ID)) instanceof CredentialRead.Found found) {
      now(credentials.write(ID, credential, found.version()));
    }
  }

  static <T> T now(Uni<T> uni) {
    return uni.subscribe().withSubscriber(UniAssertSubscriber.create()).assertCompleted().getItem();
  }

  /** A ledger that holds one connection and says yes. */
  final class OneConnectionLedger extends SilentLedger {
    Optional<Held> held = Optional.empty();
    Generation issued = Generation.NONE;
    Optional<Term> term = Optional.empty();
    Health health = new Health.PendingConsent(Instant.EPOCH);
    boolean answersLookUps = true;
    LedgerWrite answer = new LedgerWrite.Done(connection());

    void refusing(Health now) {
      health = now;
      answer = new LedgerWrite.NotNow(connection());
    }

    Connection connection() {
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
