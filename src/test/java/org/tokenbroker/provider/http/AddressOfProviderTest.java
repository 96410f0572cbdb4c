package org.tokenbroker.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.PostConnectReply;
import org.tokenbroker.provider.PostConnectReply.Hindrance;
import org.tokenbroker.provider.Profile.Revoke.TokenKind;
import org.tokenbroker.provider.ProfileFixture;
import org.tokenbroker.provider.ProviderApi;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.Revocation;
import org.tokenbroker.provider.RevokeReply;
import org.tokenbroker.provider.TokenEndpoint;
import org.tokenbroker.provider.TokenReply;
import org.tokenbroker.provider.TokenReply.Obstacle;
import org.tokenbroker.provider.TokenReply.Unreachable;
import org.tokenbroker.provider.TokenRequest;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;

/** A broker that allows nothing, as installed: loopback is out of reach. */
@QuarkusTest
@TestProfile(AddressOfProviderTest.NothingAllowed.class)
class AddressOfProviderTest {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** As {@link CallsToProviders}, with the default of the setting. */
  public static final class NothingAllowed extends CallsToProviders {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("token-broker.provider.timeout", "5s");
    }
  }

  @Inject TokenEndpoint endpoint;
  @Inject ProviderApi api;

  @Test
  @Requirement("C24")
  void noCallReachesAnAddressThatIsOutOfReach() {
    try (RawServer server = RawServer.answering("HTTP/1.1 200 OK\r\n\r\n")) {
      ProviderClient client = client(server.uri());

      assertThat(token(client)).isEqualTo(new Unreachable(Obstacle.ADDRESS_REFUSED));
      assertThat(revoke(client)).isInstanceOf(RevokeReply.Later.class);
      assertThat(learn(client))
          .isEqualTo(new PostConnectReply.Unavailable(Hindrance.ADDRESS_REFUSED));
      assertThat(server.accepted()).isZero();
    }
  }

  @Test
  @Requirement("C24")
  void aNameThatLeadsThereIsRefusedLikeTheAddress() {
    try (RawServer server = RawServer.answering("HTTP/1.1 200 OK\r\n\r\n")) {
      URI named = URI.create(server.uri().toString().replace("127.0.0.1", "localhost"));

      assertThat(token(client(named))).isEqualTo(new Unreachable(Obstacle.ADDRESS_REFUSED));
      assertThat(server.accepted()).isZero();
    }
  }

  @Test
  @Requirement({"C24", "G-6"})
  void refusedAddressesOpenNoBreaker() {
    ProviderClient client = client(URI.create("http://10.0.0.1"));

    for (int call = 0; call < 12; call++) {
      assertThat(token(client)).isEqualTo(new Unreachable(Obstacle.ADDRESS_REFUSED));
    }
  }

  @Test
  @Requirement("C24")
  void theLogNamesRegistrationAndFieldOnceAndNoSecret() {
    ProviderClient client = client(URI.create("http://169.254.169.254"));
    try (LogCapture log = new LogCapture()) {
      token(client);
      token(client);
      learn(client);

      assertThat(log.text())
          .containsOnlyOnce(told(client, "endpoints.token"))
          .containsOnlyOnce(told(client, "post_connect.url"))
          .contains("token-broker.provider.allowed-networks")
          .doesNotContain("canary");
    }
  }

  private static String told(ProviderClient client, String field) {
    return "registration %s: nothing was sent to %s of profile %s"
        .formatted(client.registration().id(), field, client.profile().id())
        .toLowerCase(Locale.ROOT);
  }

  private TokenReply token(ProviderClient client) {
    return endpoint
        .request(client, new TokenRequest.ClientCredentials(Scopes.none()))
        .await()
        .atMost(PATIENCE);
  }

  private RevokeReply revoke(ProviderClient client) {
    return endpoint
        .revoke(
            client,
            new Revocation(Secret.of("canary-revoked"), TokenKind.REFRESH_TOKEN, Optional.empty()))
        .await()
        .atMost(PATIENCE);
  }

  private PostConnectReply learn(ProviderClient client) {
    return api.learn(client, Secret.of("canary-access-token")).await().atMost(PATIENCE);
  }

  private static ProviderClient client(URI base) {
    ProfileFixture profile =
        Callers.profile(base).with("post_connect", "{url: '%s'}".formatted(base.resolve("/me")));
    return Callers.withSecret(profile.profile());
  }
}
