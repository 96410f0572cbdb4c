package org.tokenbroker.consent.page;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.tokenbroker.consent.GrantKeeper;
import org.tokenbroker.consent.InstallKeeper;
import org.tokenbroker.consent.Stored;
import org.tokenbroker.fixture.MemorySafe;
import org.tokenbroker.provider.ClientAuthenticationMethod;
import org.tokenbroker.provider.ClientLookup;
import org.tokenbroker.provider.ClientSecrets;
import org.tokenbroker.provider.Clients;
import org.tokenbroker.provider.GrantedTokens;
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
import org.tokenbroker.safe.SafeDestroy;
import org.tokenbroker.safe.SafeDocument;
import org.tokenbroker.safe.SafePath;
import org.tokenbroker.safe.SafeRead;
import org.tokenbroker.safe.SafeVersion;
import org.tokenbroker.safe.SafeWrite;
import org.tokenbroker.safe.SecretSafe;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Lifetime;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;
import org.tokenbroker.token.TenantId;

/** Beans that stand in for the chapters around consent, where a profile enables them. */
final class ScriptedNeighbours {
  static final String PUBLIC_URL = "https://broker.example";
  static final String ISSUER = "https://login.provider.example";
  static final String STORE = "store";
  static final String ACCESS_TOKEN = "planted-access-token";
  static final String REFRESH_TOKEN = "planted-refresh-token";

  private ScriptedNeighbours() {}

  @Alternative
  @ApplicationScoped
  static class OneClient implements Clients {
    @Override
    public Uni<ClientLookup> find(RegistrationId id) {
      return Uni.createFrom().item(new ClientLookup.Ready(client(id)));
    }

    @Override
    public Uni<Void> accepted(RegistrationId id) {
      return Uni.createFrom().voidItem();
    }

    @Override
    public Uni<Void> faulty(RegistrationId id, RegistrationFault reason) {
      return Uni.createFrom().voidItem();
    }

    private static ProviderClient client(RegistrationId id) {
      return new ProviderClient(
          profile(id),
          new Registration(
              id,
              "provider",
              "Acme <b>Planner</b>",
              "Shows contacts",
              List.of("ops@broker.example"),
              ClientAuthenticationMethod.CLIENT_SECRET_POST,
              Optional.empty(),
              Scopes.of("contacts.read"),
              List.of(URI.create(PUBLIC_URL + "/callback/" + id)),
              new RegistrationHealth.Healthy(),
              1),
          new ClientSecrets(
              Secret.of("our-client"), Optional.of(Secret.of("a-secret")), Optional.empty()));
    }

    private static boolean isStore(RegistrationId id) {
      return id.value().equals(STORE);
    }

    /** Installs of {@code STORE} start at the provider. */
    private static Profile profile(RegistrationId id) {
      return ProfileFixture.at(URI.create(ISSUER))
          .id("provider")
          .with("name", "Provider & Sons")
          .with("grants", "[authorization_code]")
          .with("client_authentication", "[client_secret_post]")
          .with("token", "{require_refresh_token: true}")
          .with("authorize", "{require_iss: %s}".formatted(!isStore(id)))
          .with("callback", "{provider_initiated: %s}".formatted(isStore(id)))
          .profile();
    }
  }

  @Alternative
  @ApplicationScoped
  static class Provider implements TokenEndpoint {
    @Override
    public Uni<TokenReply> request(ProviderClient client, TokenRequest request) {
      Instant now = Instant.now();
      return Uni.createFrom()
          .item(
              new TokenReply.Granted(
                  new GrantedTokens(
                      Secret.of(ACCESS_TOKEN),
                      "Bearer",
                      new Lifetime(now, now.plusSeconds(3600)),
                      Optional.of(Secret.of(REFRESH_TOKEN)),
                      Optional.empty(),
                      Optional.empty())));
    }

    @Override
    public Uni<RevokeReply> revoke(ProviderClient client, Revocation revocation) {
      return Uni.createFrom().item(new RevokeReply.Unsupported());
    }
  }

  @Alternative
  @ApplicationScoped
  static class Keeper implements GrantKeeper {
    @Override
    public Uni<Readiness> prepare(ConnectionId connection, GrantId grant) {
      return Uni.createFrom().item(Readiness.READY);
    }

    @Override
    public Uni<Outcome> keep(
        ConnectionId connection,
        GrantId grant,
        Arrival arrival,
        GrantedTokens tokens,
        Scopes requested,
        Profile profile) {
      return Uni.createFrom().item(Outcome.KEPT);
    }
  }

  /** Gives each install to whoever asks first. */
  @Alternative
  @ApplicationScoped
  static class Installs implements InstallKeeper {
    private final Map<ConnectionId, TenantId> owners = new ConcurrentHashMap<>();

    Optional<TenantId> ownerOf(ConnectionId install) {
      return Optional.ofNullable(owners.get(install));
    }

    @Override
    public Uni<Stored> begin(Install install) {
      return Uni.createFrom().item(Stored.DONE);
    }

    @Override
    public Uni<Void> abandon(ConnectionId connection) {
      return Uni.createFrom().voidItem();
    }

    @Override
    public Uni<Claim> claim(ConnectionId connection, TenantId tenant) {
      TenantId owner = owners.computeIfAbsent(connection, first -> tenant);
      return Uni.createFrom().item(owner.equals(tenant) ? Claim.CLAIMED : Claim.ANOTHERS);
    }
  }

  @Alternative
  @ApplicationScoped
  static class Safe implements SecretSafe {
    private final MemorySafe memory = new MemorySafe();
    private volatile boolean broken;

    void goDown() {
      memory.goDown();
    }

    void comeBack() {
      memory.comeBack();
      broken = false;
    }

    /** Like a defect in our own code. */
    void breakDown() {
      broken = true;
    }

    @Override
    public Uni<SafeRead> read(SafePath path) {
      return memory.read(path);
    }

    @Override
    public Uni<SafeWrite> write(SafePath path, SafeDocument document, SafeVersion expected) {
      return broken
          ? Uni.createFrom().failure(new IllegalStateException("planted-message"))
          : memory.write(path, document, expected);
    }

    @Override
    public Uni<SafeDestroy> destroy(SafePath path) {
      return memory.destroy(path);
    }

    @Override
    public Uni<SafeDestroy> destroyBefore(SafePath path, SafeVersion version) {
      return memory.destroyBefore(path, version);
    }
  }
}
