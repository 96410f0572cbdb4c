package org.tokenbroker.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.http.ContentType;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.BrokerProcess;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.fixture.WebhookReceiver;
import org.tokenbroker.fixture.WebhookReceiver.Manner;
import org.tokenbroker.fixture.WebhookReceiver.Received;
import org.tokenbroker.sandbox.Fault;

/** Operators hear of what happens, by the list and by a webhook. */
class EventStoryIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String CONNECTION = "org.tokenbroker.connection.";
  private static final String REGISTRATION = "org.tokenbroker.registration.";

  private final World world = World.shared();
  private final Operator operator = world.operator();
  private final WebhookReceiver receiver =
      WebhookReceiver.start(world.counterpartCertificate("webhook"));

  @AfterEach
  void close() {
    receiver.close();
  }

  @Test
  @Requirement({"MO-13", "MK-9"})
  void aGrantThatWasRevokedIsToldOnceAndNobodyElseIsConcerned() {
    operator.registers("told-app", world.brief(), Proof.SECRET_IN_BODY);
    String secret = webhook("told", "told-app");
    operator.connects("told", "told-tenant", "told-app");
    operator.connects("untold", "untold-tenant", "told-app");
    world.owner("told-owner").agreesTo(operator.invites("told"), world.brief());
    world.owner("untold-owner").agreesTo(operator.invites("untold"), world.brief());

    world.brief().server().revokeGrants("told-owner");
    operator.waitsForState("told", "needs_consent");

    JsonObject needsConsent = waitsForEvents("connection=told", 2).getJsonObject(1);
    assertThat(needsConsent.getString("type")).isEqualTo(CONNECTION + "needs_consent");
    assertThat(needsConsent.getJsonObject("data"))
        .isEqualTo(
            new JsonObject()
                .put("connection", "told")
                .put("tenant", "told-tenant")
                .put("registration", "told-app")
                .put("provider", "brief")
                .put("state", "needs_consent")
                .put("previous_state", "active")
                .put("cause", "refused_by_provider"));
    assertThat(events("connection=untold")).hasSize(1);

    world.owner("told-owner").agreesTo(operator.invites("told"), world.brief());
    operator.deletes("told");
    operator.deletes("untold");

    assertThat(types(waitsForEvents("connection=told", 4)))
        .containsExactly(
            CONNECTION + "active",
            CONNECTION + "needs_consent",
            CONNECTION + "active",
            CONNECTION + "deleted");
    List<Received> told = waitsFor("told", 6);
    assertThat(receiver.about("/told", "told").stream().map(Received::event).toList())
        .isEqualTo(listed("connection=told"));
    assertThat(told).allMatch(each -> each.isSignedWith(secret));
    assertThat(told).noneMatch(each -> each.isSignedWith(secret()));
    theReceiverLearnedNoSecret("/told");
  }

  @Test
  @Requirement({"IV-9", "IV-10", "C7"})
  void aRefusedClientIsOneAlarmForAllItsConnectionsWithWhomToTell() {
    try (Provider fickle = world.provider("fickle", "Fickle Finance", Duration.ofSeconds(10))) {
      operator.waitsForProfile("fickle");
      operator.registers("fickle-app", fickle, Proof.SECRET_IN_HEADER);
      String secret = webhook("fickle", "fickle-app");
      Consumer consumer = world.consumer("fickle-pod");
      for (String machine : List.of("fickle-1", "fickle-2", "fickle-3")) {
        operator.connectsMachine(machine, "fickle-tenant", "fickle-app");
        operator.allows("fickle-pod", machine).waitsForGeneration(machine, 1);
      }

      fickle.server().faults().always(Fault.invalidClient());

      JsonObject faulty =
          waitsForEvents("registration=fickle-app&kind=registration.faulty", 1).getJsonObject(0);
      assertThat(faulty.getString("subject")).isEqualTo("fickle-app");
      assertThat(faulty.getJsonObject("data"))
          .isEqualTo(
              new JsonObject()
                  .put("registration", "fickle-app")
                  .put("provider", "fickle")
                  .put("cause", "invalid_client")
                  .put("name", "Story fickle-app")
                  .put("purpose", "Tells a story")
                  .put("contacts", JsonArray.of("ops@story.test")));
      consumer.waitsFor("fickle-1", 503);
      consumer.waitsFor("fickle-2", 503);
      consumer.waitsFor("fickle-3", 503);

      fickle.server().faults().clear();
      operator.registers("fickle-app", fickle, Proof.SECRET_IN_HEADER);

      assertThat(types(waitsForEvents("registration=fickle-app", 5)))
          .containsExactly(
              CONNECTION + "active",
              CONNECTION + "active",
              CONNECTION + "active",
              REGISTRATION + "faulty",
              REGISTRATION + "healthy");
      List<Received> told = waitsFor("fickle", 5);
      assertThat(told).filteredOn(each -> each.type().equals(REGISTRATION + "faulty")).hasSize(1);
      assertThat(told).allMatch(each -> each.isSignedWith(secret));
      theReceiverLearnedNoSecret("/fickle");
    }
  }

  @Test
  void anEventThatWasOnItsWayWhenItsReplicaWasKilledIsDeliveredAgain() {
    operator.registers("cut-app", world.lasting(), Proof.SECRET_IN_BODY);
    String secret = webhook("cut", "cut-app");
    receiver.next("/cut", new Manner.Hold());
    operator.connectsMachine("cut", "cut-tenant", "cut-app");
    Received first = waitsFor("cut", 1).getFirst();

    world.broker().kill();
    receiver.release(200);
    world.broker().restart();

    List<Received> told = waitsFor("cut", 2);
    assertThat(told).extracting(Received::id).containsOnly(first.id());
    assertThat(told).extracting(Received::body).containsOnly(first.body());
    assertThat(told).allMatch(each -> each.isSignedWith(secret));
    operator.deletes("cut");
    assertThat(types(waitsForEvents("connection=cut", 2)))
        .containsExactly(CONNECTION + "active", CONNECTION + "deleted");
  }

  @Test
  void twoReplicasTellTheEventsOfOneConnectionInOrder() {
    world.withSecondReplica(this::inOrder);
  }

  private void inOrder(BrokerProcess second) {
    operator.registers("flapping-app", world.lasting(), Proof.SECRET_IN_BODY);
    webhook("flapping", "flapping-app");
    receiver.next(
        "/flapping",
        WebhookReceiver.status(500),
        WebhookReceiver.status(204),
        WebhookReceiver.status(503));
    operator.connectsMachine("flapping", "flapping-tenant", "flapping-app");
    for (int i = 0; i < 6; i++) {
      operator.disables("flapping");
      operator.enables("flapping");
    }

    List<Received> told = waitsFor("flapping", 15);

    assertThat(second.isAlive()).isTrue();
    assertThat(told).extracting(each -> each.event().getString("sequence")).isSorted();
    assertThat(told.stream().map(Received::id).distinct()).hasSize(13);
    assertThat(receiver.overlaps()).isEmpty();
    operator.deletes("flapping");
  }

  /** Told of what happens under this registration; answers the secret that signs. */
  private String webhook(String id, String registration) {
    String secret = world.canaries().plant("webhook secret", secret());
    int status =
        operator
            .asks()
            .contentType(ContentType.JSON)
            .body(
                new JsonObject()
                    .put("url", receiver.url("/" + id).toString())
                    .put("registrations", JsonArray.of(registration))
                    .put("secret", secret)
                    .encode())
            .put("/v1/webhooks/" + id)
            .statusCode();
    assertThat(status).isEqualTo(201);
    return secret;
  }

  private static String secret() {
    byte[] random =
        (UUID.randomUUID().toString() + UUID.randomUUID())
            .substring(0, 60)
            .getBytes(StandardCharsets.UTF_8);
    return "whsec_" + Base64.getEncoder().encodeToString(random);
  }

  private List<Received> waitsFor(String webhook, int number) {
    return Awaitility.await(webhook + " is told " + number + " times")
        .atMost(PATIENCE)
        .until(() -> receiver.received("/" + webhook), told -> told.size() == number);
  }

  private JsonArray waitsForEvents(String query, int number) {
    return Awaitility.await(number + " events of " + query)
        .atMost(PATIENCE)
        .until(() -> events(query), events -> events.size() == number);
  }

  private JsonArray events(String query) {
    return new JsonObject(operator.asks().get("/v1/events?" + query).asString())
        .getJsonArray("events");
  }

  private List<JsonObject> listed(String query) {
    return events(query).stream().map(JsonObject.class::cast).toList();
  }

  private static List<String> types(JsonArray events) {
    return events.stream().map(JsonObject.class::cast).map(each -> each.getString("type")).toList();
  }

  private void theReceiverLearnedNoSecret(String path) {
    assertThat(receiver.received(path))
        .isNotEmpty()
        .allSatisfy(
            each -> assertThat(world.canaries().leakedIn(each.headers() + each.body())).isEmpty());
  }
}
