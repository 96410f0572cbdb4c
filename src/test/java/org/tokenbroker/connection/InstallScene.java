package org.tokenbroker.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokenbroker.fixture.Waited.value;

import io.smallrye.mutiny.Uni;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.tokenbroker.connection.Ledger.Filter;
import org.tokenbroker.connection.Ledger.Listing;
import org.tokenbroker.connection.store.ConnectionRow;
import org.tokenbroker.connection.store.LedgerAccess;
import org.tokenbroker.connection.store.RevocationRow;
import org.tokenbroker.consent.GrantKeeper.Arrival;
import org.tokenbroker.consent.GrantKeeper.GrantId;
import org.tokenbroker.consent.GrantKeeper.Outcome;
import org.tokenbroker.consent.GrantKeeper.Readiness;
import org.tokenbroker.consent.InstallKeeper.Install;
import org.tokenbroker.consent.Stored;
import org.tokenbroker.fixture.HandPause;
import org.tokenbroker.fixture.HandTime;
import org.tokenbroker.fixture.Here;
import org.tokenbroker.fixture.MemorySafe;
import org.tokenbroker.fixture.MigratedDatabase;
import org.tokenbroker.fixture.Postgres;
import org.tokenbroker.fixture.SilentEndpoint;
import org.tokenbroker.provider.ClientAuthenticationMethod;
import org.tokenbroker.provider.ClientLookup;
import org.tokenbroker.provider.ClientSecrets;
import org.tokenbroker.provider.Clients;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.provider.GrantedTokens;
import org.tokenbroker.provider.PostConnectReply;
import org.tokenbroker.provider.PostConnectReply.Facts;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.ProfileFixture;
import org.tokenbroker.provider.Profiles;
import org.tokenbroker.provider.ProviderApi;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.Registration;
import org.tokenbroker.provider.RegistrationFault;
import org.tokenbroker.provider.RegistrationHealth;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Lifetime;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;
import org.tokenbroker.token.TenantId;

/**
 * Installs and the tenants they may belong to, on the real ledger; the provider's API is scripted.
 */
final class InstallScene implements ProviderApi, Clients {
  private static final RegistrationId APP = new RegistrationId("app");
  static final TenantId ACME = new TenantId("acme");
  static final TenantId OTHER = new TenantId("other");
  static final URI BACK = URI.create("https://app.provider.example/apps/7");
  static final Profile PROFILE =
      ProfileFixture.anywhere()
          .with("post_connect", "{url: 'https://api.acme.example/account'}")
          .profile();
  private static final AtomicInteger NUMBER = new AtomicInteger();
  static final Postgres.Database POSTGRES = Postgres.shared().freshDatabase();
  private static final MigratedDatabase DATABASE =
      MigratedDatabase.of(POSTGRES, ConnectionRow.class, RevocationRow.class);

  final HandTime time = HandTime.atNoon();
  final MemorySafe safe = new MemorySafe();
  private final Credentials credentials = new Credentials(safe);
  private final LedgerAccess stores = LedgerAccess.to(DATABASE.sessions());
  final Ledger ledger = stores.ledger();
  private final DurableWriter writer = new DurableWriter(credentials, new HandPause());
  final Keeper keeper =
      new Keeper(
          credentials,
          writer,
          ledger,
          CredentialAccess.endsUnasked(writer),
          leftovers(),
          new Here(),
          time);
  final Disconnection disconnection =
      new Disconnection(
          safe,
          credentials,
          new ApiKeys(safe),
          stores.revocations(),
          orders(),
          this,
          new SilentEndpoint(),
          time);
  private final Relocation relocation =
      new Relocation(
          ledger, stores.lookups(), credentials, keeper, new Catalogue(), disconnection, time);
  final FactFinder finder =
      new FactFinder(stores.lookups(), credentials, this, this, relocation, new Here(), time);
  final Installs installs =
      new Installs(ledger, stores.lookups(), credentials, stores.begun(), time);
  private final Map<String, PostConnectReply> replies = new HashMap<>();
  final List<String> asked = new ArrayList<>();

  /** What happens while the provider's API is asked the next time. */
  Uni<?> meanwhile = Uni.createFrom().voidItem();

  /** With an empty ledger. */
  InstallScene() {
    POSTGRES.execute("DELETE FROM connection");
    POSTGRES.execute(
        """
        INSERT INTO registration (id, profile, name, purpose, contacts, client_authentication, scopes, redirect_uris, secrets_held,
                                  version, created_at, updated_at)
        VALUES ('app', 'acme', 'App', '', '{}', 'NONE', '', '{}', '{}', 1, now(), now()) ON CONFLICT (id) DO NOTHING""");
  }

  static void close() {
    DATABASE.close();
  }

  private RevocationOrders orders() {
    return new RevocationOrders(safe, stores.revocations(), new HandPause(), time);
  }

  private Leftovers leftovers() {
    HandPause pause = new HandPause();
    return new Leftovers(
        credentials, ledger, orders(), new DurableWriter(credentials, pause), pause);
  }

  ConnectionId begun() {
    ConnectionId id = new ConnectionId("install-" + NUMBER.incrementAndGet());
    Install install = new Install(id, APP, "acme", Scopes.none(), time.instant());
    assertThat(value(installs.begin(install))).isEqualTo(Stored.DONE);
    return id;
  }

  ConnectionId installed(String accessToken) {
    ConnectionId id = begun();
    agrees(id, accessToken);
    return id;
  }

  ConnectionId unclaimed(String accessToken, String account) {
    tells(accessToken, learned(account));
    ConnectionId id = installed(accessToken);
    value(finder.land(id));
    assertThat(found(id).health()).isInstanceOf(Health.Unclaimed.class);
    return id;
  }

  ConnectionId ordered(TenantId tenant) {
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

  void agrees(ConnectionId id, String accessToken) {
    agrees(id, accessToken, time.instant());
  }

  void agrees(ConnectionId id, String accessToken, Instant startedAt) {
    agrees(id, accessToken, startedAt, PROFILE);
  }

  void agreesAgain(ConnectionId id, String accessToken) {
    agrees(id, accessToken, new GrantId("again-" + id, time.instant()), PROFILE);
  }

  void agrees(ConnectionId id, String accessToken, Instant startedAt, Profile profile) {
    agrees(id, accessToken, new GrantId("grant-" + id, startedAt), profile);
  }

  void agrees(ConnectionId id, String accessToken, GrantId grant, Profile profile) {
    assertThat(value(keeper.prepare(id, grant))).isEqualTo(Readiness.READY);
    keep(id, accessToken, grant, profile, Outcome.KEPT);
  }

  GrantId announced(ConnectionId id) {
    GrantId grant = new GrantId("grant-" + id, time.instant());
    assertThat(value(keeper.prepare(id, grant))).isEqualTo(Readiness.READY);
    return grant;
  }

  /** As if the process had died between the safe and the ledger. */
  static void unknownToTheLedger(ConnectionId id) {
    POSTGRES.execute(
        """
        UPDATE connection SET state = 'pending_consent', cause = NULL, generation = 0, issued_at = NULL, expires_at = NULL, granted_scopes = NULL,
          agreed_at = NULL, consent_ends_at = NULL, due_at = NULL WHERE id = '%s'"""
            .formatted(id));
  }

  void keep(ConnectionId id, String accessToken, GrantId grant, Profile profile, Outcome expected) {
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

  void tells(String accessToken, PostConnectReply reply) {
    replies.put(accessToken, reply);
  }

  static PostConnectReply learned(String account) {
    return learned(account, Map.of());
  }

  static PostConnectReply learned(String account, Map<String, String> further) {
    Map<String, String> facts = new HashMap<>(further);
    facts.put("subscription_id", account);
    return new PostConnectReply.Learned(
        new Facts(Optional.of(account), facts, Optional.of(BACK), false));
  }

  Connection found(ConnectionId id) {
    LedgerRead read = value(ledger.find(id));
    assertThat(read).isInstanceOf(LedgerRead.Found.class);
    return ((LedgerRead.Found) read).connection();
  }

  long generation(ConnectionId id) {
    return found(id).issued().value();
  }

  String accessToken(ConnectionId id) {
    return value(credentials.read(id)) instanceof CredentialRead.Found read
        ? read.credential().accessToken().map(token -> token.value().reveal()).orElse("")
        : "";
  }

  List<ConnectionId> owned(TenantId tenant) {
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
}
