package org.tokenbroker.event.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tokenbroker.event.EventsOnly;
import org.tokenbroker.event.Happenings;
import org.tokenbroker.event.OperatorApi;
import org.tokenbroker.event.Samples;
import org.tokenbroker.fixture.Certificates;
import org.tokenbroker.fixture.WebhookReceiver;
import org.tokenbroker.fixture.WebhookReceiver.Manner;
import org.tokenbroker.fixture.WebhookReceiver.Received;
import org.tokenbroker.sandbox.CertificateAuthority;
import org.tokenbroker.sandbox.Leaf;

/** A broker with its PostgreSQL and an HTTPS receiver that is told how to behave. */
@QuarkusTest
@TestProfile(EventsOnly.class)
class WebhookDeliveryTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final String ACTIVE = "org.tokenbroker.connection.active";
  private static final String NEEDS_CONSENT = "org.tokenbroker.connection.needs_consent";

  @TestHTTPResource(value = "/", tls = true)
  URI door;

  @TestHTTPResource(value = "/metrics", management = true)
  URI metrics;

  @Inject Happenings happenings;

  private final WebhookReceiver receiver =
      WebhookReceiver.start(Certificates.shared().server().material());
  private OperatorApi operator = new OperatorApi(URI.create("https://nowhere.example"));

  @BeforeEach
  void enter() {
    operator = new OperatorApi(door);
  }

  @AfterEach
  void leave() {
    receiver.close();
  }

  @Test
  void anEventArrivesSignedAsItIsListed() {
    Hook hook = hook("signed");
    String connection = hook.connection();
    happenings.needsConsent(connection);

    List<Received> told = hook.waitsFor(2);

    assertThat(told).extracting(Received::type).containsExactly(ACTIVE, NEEDS_CONSENT);
    assertThat(told)
        .allSatisfy(
            each -> {
              assertThat(each.isSignedWith(Samples.secretText(1))).isTrue();
              assertThat(each.isSignedWith(Samples.secretText(2))).isFalse();
              assertThat(each.headers().get("content-type"))
                  .isEqualTo("application/cloudevents+json; charset=utf-8");
              assertThat(each.id()).isEqualTo(each.event().getString("id"));
            });
    assertThat(listed(connection)).isEqualTo(told.stream().map(Received::event).toList());
    hook.waitsForView("backlog", 0);
    assertThat(operator.sees(hook.id()).getString("delivered_at")).isNotNull();
  }

  @Test
  void aReceiverThatFailsThreeTimesGetsTheSameLetterUntilItAcceptsIt() {
    Hook hook = hook("flaky");
    receiver.next(
        hook.path(),
        WebhookReceiver.status(500),
        WebhookReceiver.status(404),
        WebhookReceiver.status(302));
    hook.connection();

    List<Received> told = hook.waitsFor(4);

    assertThat(told).extracting(Received::body).containsOnly(told.getFirst().body());
    assertThat(told).extracting(Received::id).containsOnly(told.getFirst().id());
    hook.waitsForView("state", "healthy");
    hook.waitsForView("backlog", 0);
  }

  @Test
  void aRedirectIsNotFollowed() {
    Hook hook = hook("redirecting");
    receiver.usually(
        hook.path(), new Manner.Answer(307, Map.of("Location", receiver.url("/lured").toString())));
    hook.connection();

    hook.waitsForView("failure", "redirected");

    assertThat(receiver.received("/lured")).isEmpty();
    hook.delete();
  }

  @Test
  void aReceiverThatIsGoneIsToldNothingAnyMore() {
    Hook hook = hook("leaving");
    receiver.usually(hook.path(), WebhookReceiver.status(410));
    hook.connection();

    hook.waitsForView("state", "gone");
    happenings.connection(hook.id(), hook.registration());
    Hook other = hook("staying");
    other.connection();
    other.waitsFor(1);

    assertThat(hook.told()).hasSize(1);
  }

  @Test
  void aReceiverThatDoesNotAnswerIsGivenUpAfterTenSecondsAndTriedAgain() {
    Hook hook = hook("slow");
    receiver.next(hook.path(), new Manner.Hold());
    hook.connection();

    hook.waitsForView("failure", "timed_out");

    hook.waitsFor(2);
    hook.waitsForView("state", "healthy");
  }

  @Test
  void aBodyThatDoesNotEndIsNotWaitedFor() {
    Hook hook = hook("flooding");
    receiver.next(hook.path(), new Manner.Flood());
    hook.connection();

    hook.waitsForView("backlog", 0);

    assertThat(hook.told()).hasSize(1);
  }

  @Test
  void eventsOfOneConnectionStayInOrderWhileAnotherConnectionOvertakes() {
    Hook hook = hook("orderly");
    receiver.next(hook.path(), new Manner.Hold());
    String first = hook.connection();
    hook.waitsFor(1);
    happenings.needsConsent(first);
    String other = happenings.connection(hook.id(), hook.registration());
    happenings.needsConsent(other);

    Awaitility.await("the other connection overtakes")
        .atMost(PATIENCE)
        .until(() -> receiver.about(hook.path(), other).size() == 2);
    assertThat(receiver.about(hook.path(), first)).hasSize(1);

    receiver.release(200);
    hook.waitsFor(4);
    assertThat(receiver.about(hook.path(), first))
        .extracting(Received::type)
        .containsExactly(ACTIVE, NEEDS_CONSENT);
    assertThat(receiver.about(hook.path(), other))
        .extracting(Received::type)
        .containsExactly(ACTIVE, NEEDS_CONSENT);
    assertThat(receiver.overlaps()).isEmpty();
  }

  @Test
  void aDeadWebhookHoldsUpNobodyElse() {
    Hook dead = hook("dead");
    receiver.usually(dead.path(), new Manner.Hold());
    Hook living = hook("living");
    for (int i = 0; i < 20; i++) {
      dead.connection();
    }
    Awaitility.await("the dead one has its share")
        .atMost(PATIENCE)
        .until(() -> !dead.told().isEmpty());

    living.connection();

    Awaitility.await("the living one is told at once")
        .atMost(Duration.ofSeconds(5))
        .until(() -> living.told().size() == 1);
    dead.delete();
  }

  @Test
  void aNewSecretSignsAtOnceAndTheOneBeforeBesideIt() {
    Hook hook = hook("rotating");
    operator
        .puts(hook.id(), hook.body().put("secret", Samples.secretText(2)))
        .then()
        .statusCode(200);
    hook.connection();

    Received told = hook.waitsFor(1).getFirst();

    assertThat(told.isSignedWith(Samples.secretText(2))).isTrue();
    assertThat(told.isSignedWith(Samples.secretText(1))).isTrue();
    assertThat(told.isSignedWith(Samples.secretText(3))).isFalse();
  }

  @Test
  void aForeignAuthorityIsRefusedBeforeAnythingIsSent() {
    CertificateAuthority foreign = CertificateAuthority.create("Foreign CA", Clock.systemUTC());
    try (WebhookReceiver impostor =
        WebhookReceiver.start(foreign.issue(Leaf.loopbackServer("impostor")))) {
      Hook hook = hook("impostor", impostor.url("/impostor"));
      hook.connection();

      hook.waitsForView("failure", "tls");

      assertThat(impostor.received("/impostor")).isEmpty();
      hook.delete();
    }
  }

  /** 127.0.0.2 is not among the allowed networks of this broker. */
  @Test
  void anAddressThatBecameForbiddenIsNotCalled() {
    Hook hook = hook("moved");
    happenings.run(
        "UPDATE webhook SET url = 'https://127.0.0.2:%s/moved' WHERE id = 'moved'"
            .formatted(receiver.url("/").getPort()));
    hook.connection();

    hook.waitsForView("failure", "forbidden_address");

    assertThat(receiver.received("/moved")).isEmpty();
    hook.delete();
  }

  @Test
  void whatWasToldIsCounted() {
    Hook hook = hook("measured-hook");
    receiver.next(hook.path(), WebhookReceiver.status(503));
    hook.connection();
    hook.waitsFor(2);
    hook.waitsForView("backlog", 0);

    assertThat(RestAssured.given().get(metrics).asString())
        .contains("token_broker_events_total{kind=\"connection.active\"")
        .contains("token_broker_events_total{kind=\"registration.faulty\"")
        .contains("token_broker_webhook_deliveries_total{outcome=\"delivered\"")
        .contains("token_broker_webhook_deliveries_total{outcome=\"server_error\"")
        .contains("token_broker_webhook_deliveries_total{outcome=\"given_up\"")
        .contains("token_broker_webhook_backlog ")
        .contains("token_broker_webhook_oldest_undelivered_seconds ")
        .doesNotContain("measured-hook");
  }

  private List<JsonObject> listed(String connection) {
    return new JsonObject(operator.asks().get("/v1/events?connection=" + connection).asString())
        .getJsonArray("events").stream().map(JsonObject.class::cast).toList();
  }

  private Hook hook(String id) {
    return hook(id, receiver.url("/" + id));
  }

  /** Told of nothing but what happens under a registration of its own. */
  private Hook hook(String id, URI url) {
    Hook hook = new Hook(id, url, happenings.registration());
    operator.puts(id, hook.body()).then().statusCode(201);
    return hook;
  }

  private final class Hook {
    private final String id;
    private final URI url;
    private final String registration;

    Hook(String id, URI url, String registration) {
      this.id = id;
      this.url = url;
      this.registration = registration;
    }

    String id() {
      return id;
    }

    String path() {
      return url.getPath();
    }

    String registration() {
      return registration;
    }

    JsonObject body() {
      return new JsonObject()
          .put("url", url.toString())
          .put("registrations", JsonArray.of(registration))
          .put("secret", Samples.secretText(1));
    }

    /** Becomes active: one event. */
    String connection() {
      return happenings.connection(id, registration);
    }

    List<Received> told() {
      return receiver.received(path());
    }

    List<Received> waitsFor(int number) {
      return Awaitility.await(id + " is told " + number + " times")
          .atMost(PATIENCE)
          .until(this::told, told -> told.size() == number);
    }

    void waitsForView(String member, Object value) {
      operator.waitsFor(id, member, value);
    }

    void delete() {
      operator.asks().delete("/v1/webhooks/{id}", id).then().statusCode(204);
    }
  }
}
