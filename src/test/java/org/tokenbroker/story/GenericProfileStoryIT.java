package org.tokenbroker.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.Browser.Page;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.sandbox.OAuthClient;

/**
 * A server that keeps to RFC 6749 needs no profile of its own: its registrations say where it is.
 */
class GenericProfileStoryIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final World world = World.shared();
  private final Operator operator = world.operator();
  private final Provider brief = world.brief();

  @Test
  @Requirement({"X-5", "IV-12", "G-13"})
  void anOwnerAgreesAtAPlaceThatOnlyTheRegistrationNames() {
    registers(
        "plain-app",
        "oauth2",
        new JsonObject()
            .put("authorize", at(brief.server().authorizationEndpoint()))
            .put("token", at(brief.server().tokenEndpoint()))
            .put("revoke", at(brief.server().revocationEndpoint())));
    operator.connects("plain", "plain-tenant", "plain-app");
    Consumer consumer = operator.allows("plain-pod", "plain");

    Owner owner = world.owner("plain-owner");
    Page thanks =
        owner.returnsBy(owner.allowsAt(owner.goesTo(operator.invites("plain"), "OAuth 2 server")));

    assertThat(thanks.document().title()).isEqualTo("Thank you. Access has been granted.");
    ServedToken first = consumer.fetches("plain");
    ServedToken second = consumer.waitsForGeneration("plain", first.generation() + 1);
    assertThat(brief.server().accepts(second.value())).isTrue();
    operator.deletes("plain");
    Awaitility.await("the provider knows of the end")
        .atMost(PATIENCE)
        .until(
            () ->
                brief.server().newestRefreshTokens("plain-owner").isEmpty()
                    && !brief.server().accepts(second.value()));
  }

  @Test
  @Requirement({"X-5", "IV-3"})
  void aClientActsForItselfAtAPlaceThatOnlyTheRegistrationNames() {
    registers(
        "machine-app",
        "oauth2-client-credentials",
        new JsonObject().put("token", at(brief.server().tokenEndpoint())));
    operator.connectsMachine("machine", "machine-tenant", "machine-app");
    Consumer consumer = operator.allows("machine-pod", "machine");

    ServedToken served = consumer.waitsForGeneration("machine", 1);

    assertThat(brief.server().accepts(served.value())).isTrue();
    operator.deletes("machine");
  }

  private void registers(String id, String profile, JsonObject variables) {
    String clientId = world.canaries().plant("client id", World.marked("client"));
    Proof.Pair pair = Proof.SECRET_IN_BODY.make(world.canaries());
    brief
        .server()
        .register(
            OAuthClient.of(clientId, pair.authentication()).redirectingTo(Operator.callback(id)));
    operator.registers(
        id,
        profile,
        clientId,
        List.of("read", "offline_access"),
        pair.registration().put("variables", variables));
  }

  /** As a registration writes it. */
  private static String at(URI endpoint) {
    return endpoint.getAuthority() + endpoint.getPath();
  }
}
