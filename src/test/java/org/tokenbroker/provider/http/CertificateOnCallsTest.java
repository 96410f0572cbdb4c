package org.tokenbroker.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokenbroker.fixture.Waited.value;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.ClientAuthenticationMethod;
import org.tokenbroker.provider.ClientSecrets;
import org.tokenbroker.provider.Introspection;
import org.tokenbroker.provider.Particulars;
import org.tokenbroker.provider.PostConnectReply;
import org.tokenbroker.provider.PostConnectReply.Hindrance;
import org.tokenbroker.provider.PostConnectReply.Learned;
import org.tokenbroker.provider.PostConnectReply.Unavailable;
import org.tokenbroker.provider.Profile.Revoke.TokenKind;
import org.tokenbroker.provider.ProviderApi;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.Revocation;
import org.tokenbroker.provider.RevokeReply;
import org.tokenbroker.provider.TokenEndpoint;
import org.tokenbroker.token.Secret;

/** A provider that demands the client's certificate on every call gets it on every call. */
@QuarkusTest
@TestProfile(CallsToProviders.class)
class CertificateOnCallsTest {
  private static final Secret TOKEN = Secret.of("canary-access-token");

  @Inject ProviderApi api;
  @Inject TokenEndpoint endpoint;
  @Inject Introspection introspection;

  private final RecordingProvider provider = new RecordingProvider(ClientAuth.REQUIRED);

  /** See {@link TokenRequestsTest#warmUp}. */
  @BeforeEach
  void warmUp() {
    value(api.learn(client(Optional.of("acme-client")), TOKEN));
    provider.forget();
    provider.grants(new JsonObject().put("id", "acc-1"));
  }

  @AfterEach
  void stop() {
    provider.close();
  }

  @Test
  @Requirement("C13")
  void theLookUpAfterAConsentShowsIt() {
    assertThat(value(api.learn(client(Optional.of("acme-client")), TOKEN)))
        .isInstanceOf(Learned.class);

    assertThat(provider.onlyRequest().path()).isEqualTo("/me");
    assertThat(provider.onlyRequest().header("Authorization"))
        .hasValue("Bearer canary-access-token");
    assertThatItWasShown();
  }

  @Test
  @Requirement("C13")
  void introspectionShowsIt() {
    value(introspection.end(client(Optional.of("acme-client")), TOKEN));

    assertThat(provider.onlyRequest().path()).isEqualTo("/introspect");
    assertThatItWasShown();
  }

  @Test
  @Requirement("C13")
  void revocationShowsIt() {
    Revocation revocation = new Revocation(TOKEN, TokenKind.ACCESS_TOKEN, Optional.empty());

    assertThat(value(endpoint.revoke(client(Optional.of("acme-client")), revocation)))
        .isInstanceOf(RevokeReply.Revoked.class);

    assertThat(provider.onlyRequest().path()).isEqualTo("/revoke");
    assertThatItWasShown();
  }

  @Test
  void withoutItTheProviderLetsNobodyIn() {
    assertThat(value(api.learn(client(Optional.empty()), TOKEN))).isInstanceOf(Unavailable.class);
    assertThat(provider.requests()).isEmpty();
  }

  @Test
  void nothingIsSentWhereTheCertificateIsGone() {
    PostConnectReply reply = value(api.learn(client(Optional.of("removed")), TOKEN));

    assertThat(reply).isEqualTo(new Unavailable(Hindrance.CREDENTIAL_UNUSABLE));
    assertThat(provider.requests()).isEmpty();
  }

  private void assertThatItWasShown() {
    assertThat(provider.onlyRequest().client())
        .hasValueSatisfying(name -> assertThat(name).contains(CallsToProviders.CLIENT));
  }

  private ProviderClient client(Optional<String> tls) {
    return Callers.client(
        Callers.profile(provider.base())
            .with("post_connect", "{url: '" + provider.base() + "/me', identity: id}")
            .profile(),
        ClientAuthenticationMethod.TLS_CLIENT_AUTH,
        new ClientSecrets(Secret.of(Callers.ID), Optional.empty(), Optional.empty()),
        Optional.empty(),
        new Particulars(Map.of(), Map.of(), Map.of(), tls));
  }
}
