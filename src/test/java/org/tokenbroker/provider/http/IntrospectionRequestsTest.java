package org.tokenbroker.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.ClientAuthenticationMethod;
import org.tokenbroker.provider.ClientSecrets;
import org.tokenbroker.provider.Introspection;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.http.RecordingProvider.Came;
import org.tokenbroker.token.Secret;

/** Introspection (RFC 7662), as it goes over the wire. */
@QuarkusTest
@TestProfile(CallsToProviders.class)
class IntrospectionRequestsTest {
  private static final Secret TOKEN = Secret.of("the-access-token");

  @Inject Introspection introspection;

  private final RecordingProvider provider = new RecordingProvider();

  @AfterEach
  void stop() {
    provider.close();
  }

  @Test
  @Requirement({"C15", "X-5"})
  void theEndOfATokenIsAskedForByAFormWithTheClientsAuthentication() {
    Instant end = Instant.now().plusSeconds(600).truncatedTo(ChronoUnit.SECONDS);
    provider.grants(new JsonObject().put("active", true).put("exp", end.getEpochSecond()));

    Optional<Instant> told = end(withEndpoint("introspect: '%s/introspect'"));

    assertThat(told.orElseThrow()).isBetween(end.minusSeconds(6), end.minusSeconds(4));
    Came request = provider.onlyRequest();
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.uri()).isEqualTo("/introspect");
    assertThat(request.form())
        .contains(
            entry("token", TOKEN.reveal()),
            entry("token_type_hint", "access_token"),
            entry("client_id", Callers.ID),
            entry("client_secret", Callers.SECRET))
        .hasSize(4);
  }

  @Test
  @Requirement("C15")
  void anAnswerThatTellsNoEndTellsNothing() {
    provider.grants(new JsonObject().put("active", false));

    assertThat(end(withEndpoint("introspect: '%s/introspect'"))).isEmpty();
  }

  @Test
  void withoutAnEndpointNothingIsSent() {
    assertThat(end(withEndpoint("revoke: '%s/revoke'"))).isEmpty();
    assertThat(provider.requests()).isEmpty();
  }

  private ProviderClient withEndpoint(String endpoint) {
    String base = provider.base().toString();
    return Callers.client(
        Callers.profile(provider.base())
            .with("endpoints", "{token: '%s/token', %s}".formatted(base, endpoint.formatted(base)))
            .profile(),
        ClientAuthenticationMethod.CLIENT_SECRET_POST,
        new ClientSecrets(
            Secret.of(Callers.ID), Optional.of(Secret.of(Callers.SECRET)), Optional.empty()),
        Optional.empty());
  }

  private Optional<Instant> end(ProviderClient client) {
    return introspection.end(client, TOKEN).await().atMost(Duration.ofSeconds(30));
  }
}
