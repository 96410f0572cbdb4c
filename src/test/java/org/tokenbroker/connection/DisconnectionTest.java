package org.tokenbroker.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.fixture.HandPause;
import org.tokenbroker.fixture.HandTime;
import org.tokenbroker.fixture.MemorySafe;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.ClientAuthenticationMethod;
import org.tokenbroker.provider.ClientLookup;
import org.tokenbroker.provider.ClientSecrets;
import org.tokenbroker.provider.Clients;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.ProfileFixture;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.Registration;
import org.tokenbroker.provider.RegistrationFault;
import org.tokenbroker.provider.RegistrationHealth;
import org.tokenbroker.provider.Revocation;
import org.tokenbroker.provider.RevokeReply;
import org.tokenbroker.provider.TokenEndpoint;
import org.tokenbroker.provider.TokenReply;
import org.tokenbroker.provider.TokenRequest;
import org.tokenbroker.safe.SafeVersion;
import org.tokenbroker.token.AccessToken;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.Lifetime;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;

/** The end of one connection, whatever fails on the way. */
class DisconnectionTest implements Revocations, Clients, TokenEndpoint {
  private static final ConnectionId ID = new ConnectionId("acme");
  private static final RegistrationId REGISTRATION = new RegistrationId("acme-app");

  private final HandTime time = HandTime.atNoon();
  private final MemorySafe safe = new MemorySafe();
  private final Credentials credentials = new Credentials(safe);
  private final Disconnection disconnection =
      new Disconnection(
          safe,
          credentials,
          new ApiKeys(safe),
          this,
          new RevocationOrders(safe, this, new HandPause(), time),
          this,
          this,
          time);
  private final Map<String, Order> orders = new LinkedHashMap<>();
  private final List<String> revoked = new ArrayList<>();
  private final List<Revocation> asked = new ArrayList<>();
  private final List<URI> places = new ArrayList<>();
  private final Map<String, RevokeReply> replies = new HashMap<>();
  private String revokeYaml = "{}";
  private boolean erased;
  private String silentOnceAt = "";

  @BeforeEach
  void aDeletedConnectionHoldsTwoTokens() {
    put("at-1", "rt-1");
  }

  private void put(String accessToken, String refreshToken) {
    put(accessToken, refreshToken, Map.of());
  }

  private void put(String accessToken, String refreshToken, Map<String, String> facts) {
    AccessToken token =
        new AccessToken(
            Secret.of(accessToken),
            "Bearer",
            Scopes.none(),
            new Lifetime(time.instant(), time.instant().plus(Duration.ofHours(1))),
            new Generation(1));
    Credential credential =
        new Credential(
            Optional.empty(),
            Optional.of(token),
            Optional.of(new Credential.RefreshToken(Secret.of(refreshToken), 1, Optional.empty())),
            Optional.empty(),
            Optional.empty(),
            facts);
    SafeVersion version =
        now(credentials.read(ID)) instanceof CredentialRead.Found found
            ? found.version()
            : SafeVersion.ABSENT;
    now(credentials.write(ID, credential, version));
  }

  @Test
  @Requirement("G-13")
  void bothTokensAreRevokedAndNothingStaysInTheSafe() {
    now(disconnection.erase(ID));
    assertThat(erased).isTrue();
    now(disconnection.revokeAll());

    assertThat(revoked).containsExactly("rt-1", "at-1");
    assertThat(orders).isEmpty();
    assertThat(safe.documents()).isEmpty();
  }

  @Test
  @Requirement({"G-13", "X-5"})
  void tokensAreRevokedAtTheHostThatTheirConnectionIsAt() {
    put("at-1", "rt-1", Map.of("place", "eu.as.example"));
    now(disconnection.erase(ID));

    now(disconnection.revokeAll());

    assertThat(revoked).containsExactly("rt-1", "at-1");
    assertThat(places).containsOnly(URI.create("https://eu.as.example/revoke"));
    assertThat(safe.documents()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'[refresh_token]',rt-1",
    "'[access_token]',at-1",
    "'[access_token, refresh_token]','at-1,rt-1'"
  })
  @Requirement({"G-13", "X-5"})
  void theProfileSaysWhichTokensAreRevokedAndInWhichOrder(String tokens, String expected) {
    revokeYaml = "{tokens: %s}".formatted(tokens);
    now(disconnection.erase(ID));

    now(disconnection.revokeAll());

    assertThat(String.join(",", revoked)).isEqualTo(expected);
    assertThat(asked)
        .allSatisfy(
            revocation ->
                assertThat(revocation.accessToken().map(Secret::reveal)).contains("at-1"));
    assertThat(safe.documents()).isEmpty();
  }

  @Test
  @Requirement("C14")
  void whatTheProviderPutsOffIsTriedAgainFromTheBeginningAndNothingAfterItMeanwhile() {
    now(disconnection.erase(ID));
    replies.put("rt-1", new RevokeReply.Later(Duration.ofSeconds(5)));

    now(disconnection.revokeAll());
    assertThat(revoked).containsExactly("rt-1");
    assertThat(safe.documents()).hasSize(1);
    replies.clear();
    now(disconnection.revokeAll());

    assertThat(revoked).containsExactly("rt-1", "rt-1", "at-1");
    assertThat(safe.documents()).isEmpty();
  }

  @Test
  @Requirement("C14")
  void aRefusalOfOneTokenKeepsNoOtherAlive() {
    now(disconnection.erase(ID));
    replies.put("rt-1", new RevokeReply.Refused());

    now(disconnection.revokeAll());

    assertThat(revoked).containsExactly("rt-1", "at-1");
    assertThat(safe.documents()).isEmpty();
  }

  @Test
  void aTokenThatRenewsItselfIsRevokedOnce() {
    put("same", "same");
    now(disconnection.erase(ID));

    now(disconnection.revokeAll());

    assertThat(revoked).containsExactly("same");
  }

  @ParameterizedTest
  @ValueSource(strings = {"order", "erased"})
  @Requirement("G-13")
  void tokensAreRevokedThoughTheLedgerFellSilentInTheMiddle(String step) {
    silentOnceAt = step;
    now(disconnection.erase(ID));
    assertThat(erased).isFalse();

    now(disconnection.eraseAll());
    now(disconnection.revokeAll());

    assertThat(erased).isTrue();
    assertThat(revoked).containsExactly("rt-1", "at-1");
    assertThat(safe.documents()).isEmpty();
  }

  @Test
  @Requirement("G-13")
  void aSafeThatFallsSilentInTheMiddleIsEmptiedLater() {
    safe.failWrites(1);
    now(disconnection.erase(ID));
    assertThat(erased).isFalse();

    now(disconnection.eraseAll());
    safe.goDown();
    now(disconnection.revokeAll());
    assertThat(revoked).isEmpty();
    safe.comeBack();
    now(disconnection.revokeAll());

    assertThat(revoked).containsExactly("rt-1", "at-1");
    assertThat(safe.documents()).isEmpty();
  }

  @Test
  @Requirement("G-13")
  void whatARefreshWritesWhileItIsErasedIsRevokedToo() {
    safe.afterNextRead(() -> put("at-2", "rt-2"));

    now(disconnection.erase(ID));
    now(disconnection.revokeAll());

    assertThat(erased).isTrue();
    assertThat(revoked).containsExactly("rt-1", "at-1", "rt-2", "at-2");
    assertThat(safe.documents()).isEmpty();
  }

  /** The first token of client credentials, say: only its intent was there before. */
  @Test
  @Requirement("G-13")
  void aFirstTokenThatIsWrittenWhileNothingYetIsErasedIsRevokedToo() {
    CredentialRead.Found held = (CredentialRead.Found) now(credentials.read(ID));
    now(credentials.write(ID, Credential.EMPTY, held.version()));
    safe.afterNextRead(() -> put("at-1", "rt-1"));

    now(disconnection.erase(ID));
    now(disconnection.revokeAll());

    assertThat(erased).isTrue();
    assertThat(revoked).containsExactly("rt-1", "at-1");
    assertThat(safe.documents()).isEmpty();
  }

  private static <T> T now(Uni<T> uni) {
    return uni.subscribe().withSubscriber(UniAssertSubscriber.create()).assertCompleted().getItem();
  }

  private boolean isSilent(String step) {
    boolean silent = silentOnceAt.equals(step);
    if (silent) {
      silentOnceAt = "";
    }
    return silent;
  }

  @Override
  public Uni<List<ToErase>> claimToErase(int limit) {
    return claimToErase(ID);
  }

  @Override
  public Uni<List<ToErase>> claimToErase(ConnectionId id) {
    return Uni.createFrom()
        .item(() -> erased ? List.of() : List.of(new ToErase(id, REGISTRATION, false, 1)));
  }

  @Override
  public Uni<Boolean> order(Order order, Instant now) {
    return Uni.createFrom()
        .item(
            () -> {
              if (isSilent("order")) {
                return false;
              }
              orders.put(order.id(), order);
              return true;
            });
  }

  @Override
  public Uni<Boolean> erased(ToErase ended, Instant now) {
    return Uni.createFrom().item(() -> erased = !isSilent("erased"));
  }

  @Override
  public Uni<List<Order>> claimOrders(int limit, Instant now) {
    return Uni.createFrom().item(() -> List.copyOf(orders.values()));
  }

  @Override
  public Uni<Boolean> postpone(Order order, Instant nextAt) {
    return Uni.createFrom().item(true);
  }

  @Override
  public Uni<Boolean> done(Order order) {
    return Uni.createFrom().item(() -> orders.remove(order.id()) != null);
  }

  @Override
  public Uni<ClientLookup> find(RegistrationId id) {
    Profile profile =
        ProfileFixture.anywhere()
            .with("variables", "{place: {kind: location, pattern: '.+', default: as.example}}")
            .with("hosts", "[as.example, '*.as.example']")
            .with("endpoints", "{token: 'https://{place}/token', revoke: 'https://{place}/revoke'}")
            .with("callback", "{metadata: {place: place}, variables: [place]}")
            .with("revoke", revokeYaml)
            .profile();
    Registration ours =
        new Registration(
            REGISTRATION,
            profile.id(),
            "Acme app",
            "",
            List.of(),
            ClientAuthenticationMethod.CLIENT_SECRET_BASIC,
            Optional.empty(),
            Scopes.none(),
            List.of(),
            new RegistrationHealth.Healthy(),
            1);
    ClientSecrets secrets =
        new ClientSecrets(Secret.of("client"), Optional.of(Secret.of("secret")), Optional.empty());
    return Uni.createFrom()
        .item(new ClientLookup.Ready(new ProviderClient(profile, ours, secrets)));
  }

  @Override
  public Uni<Void> accepted(RegistrationId id) {
    throw new AssertionError("not asked in this test");
  }

  @Override
  public Uni<Void> faulty(RegistrationId id, RegistrationFault fault) {
    throw new AssertionError("not asked in this test");
  }

  @Override
  public Uni<TokenReply> request(ProviderClient client, TokenRequest request) {
    throw new AssertionError("a disconnection asks for no token");
  }

  @Override
  public Uni<RevokeReply> revoke(ProviderClient client, Revocation revocation) {
    return Uni.createFrom()
        .item(
            () -> {
              asked.add(revocation);
              places.add(client.site().revoke().orElseThrow());
              revoked.add(revocation.token().reveal());
              return replies.getOrDefault(revocation.token().reveal(), new RevokeReply.Revoked());
            });
  }
}
