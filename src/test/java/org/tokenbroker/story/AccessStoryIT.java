package org.tokenbroker.story;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.http.Header;
import io.restassured.response.Response;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.fixture.Requirement;

class AccessStoryIT {
  /** Differ from answer to answer, whatever was asked. */
  private static final Set<String> OF_THE_MOMENT = Set.of("date", "x-request-id");

  private final World world = World.shared();
  private final Operator operator = world.operator();
  private final Provider lasting = world.lasting();

  @Test
  @Requirement("MO-14")
  void aTokenOfOneTenantIsNeverServedToAConsumerOfAnother() {
    operator.registers("tenants-app", lasting, Proof.SECRET_IN_BODY);
    operator.connectsMachine("tenant-a-connection", "tenant-a", "tenants-app");
    operator.connectsMachine("tenant-b-connection", "tenant-b", "tenants-app");
    operator.allowsTenant("tenant-a-pod", "tenant-a");
    operator.allowsTenant("tenant-b-pod", "tenant-b");
    Consumer ofA = world.consumer("tenant-a-pod");
    Consumer ofB = world.consumer("tenant-b-pod");

    ServedToken tokenOfA = ofA.waitsForGeneration("tenant-a-connection", 1);
    ServedToken tokenOfB = ofB.waitsForGeneration("tenant-b-connection", 1);

    assertThat(tokenOfA.value()).isNotEqualTo(tokenOfB.value());
    assertThat(ofA.asksFor("tenant-b-connection").statusCode()).isEqualTo(404);
    assertThat(ofB.asksFor("tenant-a-connection").statusCode()).isEqualTo(404);
    assertThat(ofB.reports("tenant-a-connection", 1).statusCode()).isEqualTo(404);
    assertThat(ofB.asks().get("/v1/token?tenant=tenant-a&registration=tenants-app").statusCode())
        .isEqualTo(404);
  }

  @Test
  @Requirement("E3")
  void forbiddenAndUnknownAreAnsweredByTheSameBytes() {
    operator.registers("secret-app", lasting, Proof.SECRET_IN_BODY);
    operator.connectsMachine("hidden", "hidden-tenant", "secret-app");
    operator.allows("hidden-pod", "hidden").waitsForGeneration("hidden", 1);
    Consumer stranger = world.consumer("stranger");

    Response forbidden = stranger.asksFor("hidden");
    Response unknown = stranger.asksFor("absent");

    assertThat(forbidden.statusCode()).isEqualTo(404);
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(forbidden.asByteArray()).isEqualTo(unknown.asByteArray());
    assertThat(lasting(forbidden)).isEqualTo(lasting(unknown));
  }

  @Test
  @Requirement("E3")
  void aConsumerIsNoOperator() {
    operator.registers("ordinary-app", lasting, Proof.SECRET_IN_BODY);
    Consumer consumer = world.consumer("ordinary-pod");

    assertThat(consumer.asks().get("/v1/registrations/ordinary-app").statusCode()).isEqualTo(403);
    assertThat(consumer.asks().get("/v1/connections").statusCode()).isEqualTo(403);
    assertThat(consumer.asks().delete("/v1/registrations/ordinary-app").statusCode())
        .isEqualTo(403);
    assertThat(operator.asks().get("/v1/registrations/ordinary-app").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/connections",
        "/v1/connections/any",
        "/v1/connections/any/token",
        "/v1/registrations",
        "/v1/access-rules",
        "/v1/profiles",
        "/v1/token",
        "/q/health",
        "/q/metrics"
      })
  @Requirement("K-4")
  void theBrowserDoorAnswersNoRouteOfTokensManagementOrHealth(String path) {
    Response answer = given().baseUri(world.broker().browserDoor().toString()).get(path);

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.asString()).contains("There is nothing here.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/consent/any", "/callback/any?code=c&state=s", "/q/health", "/q/metrics"})
  @Requirement("K-4")
  void theTokenDoorAnswersNoRouteOfBrowsersOrHealth(String path) {
    Response answer = operator.asks().get(path);

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.asString()).contains("There is nothing here.");
  }

  private static List<Header> lasting(Response answer) {
    return answer.headers().asList().stream()
        .filter(header -> !OF_THE_MOMENT.contains(header.getName().toLowerCase(Locale.ROOT)))
        .toList();
  }
}
