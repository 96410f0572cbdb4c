package org.tokenbroker.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.MemorySafe;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.safe.SafeDocument;
import org.tokenbroker.safe.SafeFault;
import org.tokenbroker.safe.SafePath;
import org.tokenbroker.safe.SafeVersion;
import org.tokenbroker.token.AccessToken;
import org.tokenbroker.token.ApiKey;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.Lifetime;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;
import org.tokenbroker.token.TenantId;

/** What leaves this chapter for consumers. */
class KnownConnectionsTest {
  private static final ConnectionId ID = new ConnectionId("acme");
  private static final ApiKey KEY =
      new ApiKey(Secret.of("a-key"), Scopes.of("read"), new Generation(4));

  private final MemorySafe safe = new MemorySafe();
  private final Credentials credentials = new Credentials(safe);
  private final ApiKeys keys = new ApiKeys(safe);
  private final KnownConnections connections =
      new KnownConnections(new KeptKeys(), credentials, keys);

  @Test
  @Requirement({"IV-11", "X-1"})
  void ofACredentialOnlyTheAccessTokenLeaves() {
    AccessToken token = token();
    now(credentials.write(ID, credential(Optional.of(token)), SafeVersion.ABSENT));

    assertThat(servable(GrantType.AUTHORIZATION_CODE)).isEqualTo(new ServableRead.Found(token));
  }

  @Test
  void beforeTheFirstTokenThereIsNothing() {
    assertThat(servable(GrantType.CLIENT_CREDENTIALS)).isEqualTo(new ServableRead.Absent());
    now(credentials.write(ID, credential(Optional.empty()), SafeVersion.ABSENT));

    assertThat(servable(GrantType.CLIENT_CREDENTIALS)).isEqualTo(new ServableRead.Absent());
    assertThat(servable(GrantType.API_KEY)).isEqualTo(new ServableRead.Absent());
  }

  @Test
  void aKeyIsReadAsItWasPut() {
    now(keys.write(ID, KEY, SafeVersion.ABSENT));

    assertThat(servable(GrantType.API_KEY)).isEqualTo(new ServableRead.Found(KEY));
    assertThat(servable(GrantType.AUTHORIZATION_CODE)).isEqualTo(new ServableRead.Absent());
  }

  @Test
  void aKeyThatCannotBeReadIsLeftAlone() {
    now(
        safe.write(
            new SafePath("api-keys/acme"),
            new SafeDocument(Map.of("format", "9", "api_key", "a-key")),
            SafeVersion.ABSENT));
    assertThat(servable(GrantType.API_KEY))
        .isEqualTo(new ServableRead.Unavailable(SafeFault.CORRUPT));

    safe.goDown();

    assertThat(servable(GrantType.API_KEY))
        .isEqualTo(new ServableRead.Unavailable(SafeFault.UNREACHABLE));
  }

  private ServableRead servable(GrantType grant) {
    return now(
        connections.servable(
            new Connection(
                ID,
                Optional.of(new TenantId("acme")),
                new RegistrationId("app"),
                "acme",
                grant,
                Scopes.of("read"),
                new Health.Active(Instant.EPOCH),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Map.of(),
                Instant.EPOCH,
                Instant.EPOCH)));
  }

  private static AccessToken token() {
    return new AccessToken(
        Secret.of("an-access-token"),
        "Bearer",
        Scopes.of("read"),
        new Lifetime(Instant.EPOCH, Instant.EPOCH.plus(Duration.ofHours(1))),
        new Generation(1));
  }

  private static Credential credential(Optional<AccessToken> token) {
    return new Credential(
        Optional.empty(),
        token,
        Optional.of(new Credential.RefreshToken(Secret.of("a-refresh-token"), 1, Optional.empty())),
        Optional.empty(),
        Optional.empty());
  }

  private static <T> T now(Uni<T> uni) {
    return uni.subscribe().withSubscriber(UniAssertSubscriber.create()).assertCompleted().getItem();
  }
}
