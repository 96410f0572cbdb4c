package org.tokenbroker.refresh;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.tokenbroker.connection.Connection;
import org.tokenbroker.connection.Connection.Held;
import org.tokenbroker.connection.Credential;
import org.tokenbroker.connection.CredentialAccess;
import org.tokenbroker.connection.CredentialRead;
import org.tokenbroker.connection.Credentials;
import org.tokenbroker.connection.DurableWriter;
import org.tokenbroker.connection.Health;
import org.tokenbroker.connection.Ledger;
import org.tokenbroker.connection.LedgerRead;
import org.tokenbroker.connection.NotedOrders;
import org.tokenbroker.connection.Term;
import org.tokenbroker.fixture.HandPause;
import org.tokenbroker.fixture.HandTime;
import org.tokenbroker.fixture.MemorySafe;
import org.tokenbroker.fixture.SilentLedger;
import org.tokenbroker.provider.ClientAuthenticationMethod;
import org.tokenbroker.provider.ClientLookup;
import org.tokenbroker.provider.ClientSecrets;
import org.tokenbroker.provider.Clients;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.provider.GrantedTokens;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.ProfileFixture;
import org.tokenbroker.provider.Profiles;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.Registration;
import org.tokenbroker.provider.RegistrationFault;
import org.tokenbroker.provider.RegistrationHealth;
import org.tokenbroker.provider.Revocation;
import org.tokenbroker.provider.RevokeReply;
import org.tokenbroker.provider.Rotation;
import org.tokenbroker.provider.TokenEndpoint;
import org.tokenbroker.provider.TokenReply;
import org.tokenbroker.provider.TokenRequest;
import org.tokenbroker.refresh.Lease.Claim;
import org.tokenbroker.safe.SafeVersion;
import org.tokenbroker.token.AccessToken;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.Lifetime;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;
import org.tokenbroker.token.TenantId;

/**
 * One connection, its safe, its ledger row and its provider, all in memory and under a clock that
 * the test moves.
 */
final class RefreshScene implements Lease, Clients, Siblings, TokenEndpoint, RefreshObserver {
  static final ConnectionId ID = new ConnectionId("acme");
  static final Credential.Grant GRANT =
      new Credential.Grant(
          "grant-1",
          Instant.parse("2026-03-01T08:00:00Z"),
          Optional.of(URI.create("https://broker.example/callback/of-the-grant")));
  private static final RegistrationId REGISTRATION = new RegistrationId("acme-app");
  private static final Duration HOUR = Duration.ofHours(1);

  final HandTime time = HandTime.atNoon();
  final MemorySafe safe = new MemorySafe();
  final HandPause pause = new HandPause();
  final Credentials credentials = CredentialAccess.to(safe);
  final DurableWriter writer = CredentialAccess.writer(credentials, pause);
  final List<TokenRequest> requests = new ArrayList<>();
  final List<RegistrationFault> refusals = new ArrayList<>();
  final List<Optional<Instant>> plans = new ArrayList<>();
  final List<String> observed = new ArrayList<>();
  final NotedOrders outbox = new NotedOrders();
  private final Intents intents = new Intents(credentials);
  private final Conclusion conclusion = new Conclusion(this, this, time);
  private final FreshTokens fresh =
      new FreshTokens(
          this,
          conclusion,
          this,
          new Catalogue(),
          CredentialAccess.leftovers(safe, ledger(), outbox, writer, pause, time),
          this,
          pause,
          time);
  private final ProviderCalls calls =
      new ProviderCalls(
          this,
          writer,
          CredentialAccess.ends((client, token) -> this.introspected.get(), writer),
          fresh,
          new Setbacks(conclusion, intents, this, this, this, time),
          this,
          time);
  final Refresher refresher =
      new Refresher(credentials, this, intents, calls, fresh, conclusion, this, time);

  Supplier<Uni<TokenReply>> provider =
      () -> Uni.createFrom().item(granted("at-2", Optional.of("rt-2")));

  /** What the introspection endpoint tells of a token's end. */
  Supplier<Uni<Optional<Instant>>> introspected =
      () -> {
        throw new AssertionError("nothing was to be asked");
      };

  Rotation rotation = new Rotation.Strict();

  /** What else the profile says of refreshes: one field of YAML. */
  String refreshWords = "margin: 0s";

  String expiryYaml = "{}";
  String grantYaml = "{}";

  /** What other connections of the registration tell, and since when they were asked to. */
  Siblings.Evidence evidence = Siblings.Evidence.NOTHING_YET;

  final List<Instant> evidenceSince = new ArrayList<>();
  RegistrationHealth registration = new RegistrationHealth.Healthy();
  GrantType grant = GrantType.AUTHORIZATION_CODE;
  Health health = new Health.Active(time.instant());
  Optional<Held> held = Optional.empty();

  /** What a deleted connection of the same id left. */
  Generation issuedBefore = Generation.NONE;

  Optional<Term> term = Optional.empty();
  Optional<Instant> dueAt = Optional.empty();
  long epoch;
  boolean ledgerDown;
  boolean deleted;

  /** Whether the profile wants facts before a connection becomes active. */
  boolean looksUp;

  /** What the ledger was told of the provider. */
  final Map<String, String> facts = new HashMap<>();

  /** Empty where nobody has claimed the connection. */
  Optional<TenantId> tenant = Optional.of(new TenantId("tenant"));

  /** The connection holds at-1 and rt-1, issued 45 minutes ago for an hour: due. */
  static RefreshScene due() {
    RefreshScene scene = new RefreshScene();
    Instant issued = scene.time.instant().minus(Duration.ofMinutes(45));
    AccessToken token =
        new AccessToken(
            Secret.of("at-1"),
            "Bearer",
            Scopes.of("read"),
            new Lifetime(issued, issued.plus(HOUR)),
            new Generation(1));
    scene.put(
        new Credential(
            Optional.of(GRANT),
            Optional.of(token),
            Optional.of(new Credential.RefreshToken(Secret.of("rt-1"), 1, Optional.empty())),
            Optional.empty(),
            Optional.empty()));
    scene.held = Optional.of(new Held(token.generation(), token.lifetime(), token.scopes()));
    scene.dueAt = Optional.of(scene.time.instant().minusSeconds(1));
    return scene;
  }

  static RefreshScene clientCredentials() {
    RefreshScene scene = new RefreshScene();
    scene.grant = GrantType.CLIENT_CREDENTIALS;
    scene.dueAt = Optional.of(scene.time.instant());
    scene.provider = () -> Uni.createFrom().item(scene.granted("cc-1", Optional.empty()));
    return scene;
  }

  RefreshOutcome refresh() {
    return begin(false).assertCompleted().getItem();
  }

  RefreshOutcome refreshForced() {
    return begin(true).assertCompleted().getItem();
  }

  UniAssertSubscriber<RefreshOutcome> begin(boolean forced) {
    return refresher
        .refresh(take(), forced)
        .subscribe()
        .withSubscriber(UniAssertSubscriber.create());
  }

  OnDemand onDemand() {
    return new OnDemand(ledger(), this, refresher, this, pause, new Catalogue(), time);
  }

  private Ledger ledger() {
    return new SilentLedger() {
      @Override
      public Uni<LedgerRead> find(ConnectionId id) {
        return Uni.createFrom().item(() -> read());
      }
    };
  }

  private LedgerRead read() {
    if (ledgerDown) {
      return new LedgerRead.Unavailable();
    }
    return deleted ? new LedgerRead.Unknown() : new LedgerRead.Found(connection());
  }

  /** As another replica would, after the lease ran out. */
  Claim take() {
    return new Claim(connection(), ++epoch);
  }

  Connection connection() {
    return new Connection(
        ID,
        tenant,
        REGISTRATION,
        "acme",
        grant,
        Scopes.of("read"),
        health,
        held,
        held.map(Held::generation).orElse(issuedBefore),
        term,
        dueAt,
        Map.of(),
        Map.of(),
        time.instant(),
        time.instant());
  }

  Credential stored() {
    return now(credentials.read(ID)) instanceof CredentialRead.Found found
        ? found.credential()
        : Credential.EMPTY;
  }

  void put(Credential credential) {
    SafeVersion version =
        switch (now(credentials.read(ID))) {
          case CredentialRead.Found found -> found.version();
          case CredentialRead.Absent absent -> absent.version();
          case CredentialRead.Unavailable unavailable ->
              throw new IllegalStateException("the safe is down");
        };
    now(credentials.write(ID, credential, version));
  }

  void replies(TokenReply reply) {
    provider = () -> Uni.createFrom().item(reply);
  }

  TokenReply.Granted granted(String accessToken, Optional<String> refreshToken) {
    return granted(accessToken, refreshToken, HOUR);
  }

  TokenReply.Granted granted(String accessToken, Optional<String> refreshToken, Duration life) {
    return granted(accessToken, refreshToken, life, Optional.empty());
  }

  /** For an hour; the provider tells the refresh token's end. */
  TokenReply.Granted granted(String accessToken, String refreshToken, Instant refreshTokenEnds) {
    return granted(accessToken, Optional.of(refreshToken), HOUR, Optional.of(refreshTokenEnds));
  }

  /** For an hour, as far as the default goes: the answer did not say. */
  TokenReply.Granted grantedUntold() {
    return new TokenReply.Granted(
        new GrantedTokens(
            Secret.of("at-2"),
            "Bearer",
            new Lifetime(time.instant(), time.instant().plus(HOUR)),
            false,
            Optional.of(Secret.of("rt-2")),
            Optional.empty(),
            Optional.empty(),
            Map.of()));
  }

  /** For an hour, with these public facts. */
  TokenReply.Granted grantedTelling(String accessToken, Map<String, String> facts) {
    GrantedTokens tokens = granted(accessToken, Optional.empty()).tokens();
    return new TokenReply.Granted(tokens.with(facts));
  }

  /** For an hour, with these scopes only. */
  TokenReply.Granted grantedOnly(String... scopes) {
    return new TokenReply.Granted(
        new GrantedTokens(
            Secret.of("at-2"),
            "Bearer",
            new Lifetime(time.instant(), time.instant().plus(HOUR)),
            Optional.empty(),
            Optional.empty(),
            Optional.of(Scopes.of(scopes))));
  }

  private TokenReply.Granted granted(
      String accessToken,
      Optional<String> refreshToken,
      Duration life,
      Optional<Instant> refreshTokenEnds) {
    return new TokenReply.Granted(
        new GrantedTokens(
            Secret.of(accessToken),
            "Bearer",
            new Lifetime(time.instant(), time.instant().plus(life)),
            refreshToken.map(Secret::of),
            refreshTokenEnds,
            Optional.empty()));
  }

  String storedAccessToken() {
    return stored().accessToken().map(token -> token.value().reveal()).orElse("");
  }

  String storedRefreshToken() {
    return stored().refreshToken().map(token -> token.value().reveal()).orElse("");
  }

  long generation() {
    return held.map(token -> token.generation().value()).orElse(0L);
  }

  static <T> T now(Uni<T> uni) {
    return uni.subscribe().withSubscriber(UniAssertSubscriber.create()).assertCompleted().getItem();
  }

  @Override
  public Uni<TokenReply> request(ProviderClient client, TokenRequest request) {
    return Uni.createFrom()
        .deferred(
            () -> {
              requests.add(request);
              return provider.get();
            });
  }

  @Override
  public Uni<RevokeReply> revoke(ProviderClient client, Revocation revocation) {
    throw new AssertionError("a refresh never revokes");
  }

  private Profile profile() {
    ProfileFixture fixture =
        ProfileFixture.anywhere()
            .with("refresh", refreshYaml())
            .with("grant", grantYaml)
            .with("expiry", expiryYaml);
    return looksUp
        ? fixture.with("post_connect", "{url: 'https://api.acme.example/account'}").profile()
        : fixture.profile();
  }

  /** Knows the one profile by every name. */
  private final class Catalogue implements Profiles {
    @Override
    public Optional<Profile> find(String id) {
      return Optional.of(profile());
    }

    @Override
    public List<Profile> all() {
      return List.of(profile());
    }
  }

  private String refreshYaml() {
    return switch (rotation) {
      case Rotation.None none -> "{rotation: none, %s}".formatted(refreshWords);
      case Rotation.Grace grace ->
          "{rotation: {grace: %ss}, %s}".formatted(grace.window().toSeconds(), refreshWords);
      case Rotation.Strict strict -> "{rotation: strict, %s}".formatted(refreshWords);
    };
  }

  @Override
  public Uni<ClientLookup> find(RegistrationId id) {
    Profile profile = profile();
    Registration ours =
        new Registration(
            REGISTRATION,
            profile.id(),
            "Acme app",
            "",
            List.of(),
            ClientAuthenticationMethod.CLIENT_SECRET_BASIC,
            Optional.empty(),
            Scopes.of("read"),
            List.of(URI.create("https://broker.example/callback/acme-app")),
            registration,
            1);
    ClientSecrets secrets =
        new ClientSecrets(Secret.of("client"), Optional.of(Secret.of("secret")), Optional.empty());
    return Uni.createFrom()
        .item(new ClientLookup.Ready(new ProviderClient(profile, ours, secrets)));
  }

  @Override
  public Uni<Void> accepted(RegistrationId id) {
    return Uni.createFrom().voidItem();
  }

  @Override
  public Uni<Void> faulty(RegistrationId id, RegistrationFault reason) {
    refusals.add(reason);
    return Uni.createFrom().voidItem();
  }

  @Override
  public Uni<Evidence> of(Connection connection, Registration client, Instant since) {
    evidenceSince.add(since);
    return Uni.createFrom().item(evidence);
  }

  @Override
  public Uni<List<Claim>> claimDue(Instant now, int limit, Map<String, Integer> room) {
    throw new AssertionError("a refresh claims nothing");
  }

  @Override
  public Uni<Taken> claim(ConnectionId id) {
    return Uni.createFrom().item(() -> new Taken.Yes(take()));
  }

  @Override
  public Uni<Written> refreshed(Claim claim, Fresh fresh, Health next, Instant now) {
    return fenced(
        claim,
        () -> {
          held = Optional.of(fresh.held());
          facts.putAll(fresh.facts());
          health = next;
          term = fresh.term().or(() -> term);
          plan(Optional.of(fresh.dueAt()));
        });
  }

  @Override
  public Uni<Written> notRefreshed(Claim claim, Health next, Optional<Instant> due, Instant now) {
    return fenced(
        claim,
        () -> {
          health = next;
          plan(due);
        });
  }

  @Override
  public void started(Connection connection) {}

  @Override
  public void replied(Connection connection, TokenReply reply, Duration took) {}

  @Override
  public void ended(Connection connection, RefreshOutcome outcome, Optional<Duration> lag) {}

  @Override
  public void leaseConflict(ConnectionId connection) {
    observed.add("lease conflict");
  }

  @Override
  public void takenOver(Connection connection) {
    observed.add("taken over");
  }

  @Override
  public void fenced(Connection connection) {
    observed.add("fenced");
  }

  @Override
  public void reuseSuspected(Connection connection) {
    observed.add("reuse suspected");
  }

  private void plan(Optional<Instant> due) {
    dueAt = due;
    plans.add(due);
  }

  private Uni<Written> fenced(Claim claim, Runnable write) {
    return Uni.createFrom()
        .item(
            () -> {
              if (ledgerDown) {
                return Written.UNAVAILABLE;
              }
              if (claim.epoch() != epoch) {
                return Written.FENCED;
              }
              write.run();
              return Written.DONE;
            });
  }
}
