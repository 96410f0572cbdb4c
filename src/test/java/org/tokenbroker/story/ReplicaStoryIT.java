package org.tokenbroker.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.tokenbroker.counterpart.BookingPlatform;
import org.tokenbroker.counterpart.Call;
import org.tokenbroker.fixture.BrokerProcess;
import org.tokenbroker.fixture.Browser;
import org.tokenbroker.fixture.Browser.Page;
import org.tokenbroker.fixture.Requirement;

class ReplicaStoryIT {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final World world = World.shared();
  private final Operator operator = world.operator();
  private final Provider brief = world.brief();
  private final Provider lasting = world.lasting();

  /**
   * One start of a second replica for all that two of them are about; it finds the store's profile
   * in the catalogue when it starts.
   */
  @Test
  @Requirement({"K-7", "X-3", "I2", "BE-4", "B4", "G-12"})
  void twoReplicasDoTogetherWhatOneWouldDo() {
    try (BookingPlatform platform =
        new BookingPlatform(world.counterpartCertificate("twin-store"), world.canaries()::plant)) {
      registersAtStore(platform);
      agreesToWhatWillBeReported();
      world.withSecondReplica(
          second -> {
            anInstallThatReachesBothAtOnceIsOne(platform, second);
            bothServeAndRefreshOnce(second);
            aReportThatReachesBothAtOnceIsOneRefresh(second);
          });
    }
  }

  private void anInstallThatReachesBothAtOnceIsOne(BookingPlatform platform, BrokerProcess second) {
    URI callback = platform.install(clientOf(platform), "twin-park");

    List<Page> pages = bothOpen(callback, second);

    assertThat(pages).extracting(Page::status).containsExactlyInAnyOrder(200, 410);
    assertThat(platform.calls())
        .filteredOn(call -> call.grantType().equals("authorization_code"))
        .extracting(Call::status)
        .containsExactly(200);
    String install = onlyInstall();
    Consumer here = consumerOfStore();
    Consumer there = here.at(second);
    assertThat(there.asksFor(install).statusCode()).isEqualTo(404);

    claimsAt(second, install);

    String token = here.waitsFor(install, 200).jsonPath().getString("access_token");
    assertThat(platform.accepts(token)).isTrue();
    assertThat(there.waitsFor(install, 200).asString()).contains(token);
    operator.deletes(install);
  }

  private void registersAtStore(BookingPlatform platform) {
    int port = URI.create("https://" + platform.authority()).getPort();
    world.profile(
        "twin-store",
        Shipped.profile("booking-experts")
            .with("id: booking-experts\n", "id: twin-store\n")
            .with("values: [api.bookingexperts.nl, app.bookingexperts.nl]", "values: ['127.0.0.1']")
            .with("default: api.bookingexperts.nl", "default: 127.0.0.1")
            .with("\nhosts: [api.bookingexperts.nl, app.bookingexperts.nl]", "\nhosts: [127.0.0.1]")
            .with("https://{token_host}/", "https://{token_host}:" + port + "/")
            .with("https://api.bookingexperts.nl/", "https://" + platform.authority() + "/")
            .yaml());
    operator.waitsForProfile("twin-store");
    String client = world.canaries().plant("client id", World.marked("client"));
    String secret = platform.register(client, URI.create(Operator.callback("twin-store-app")));
    operator.registers(
        "twin-store-app",
        "twin-store",
        client,
        List.of(),
        new JsonObject()
            .put("client_authentication", "client_secret_post")
            .put("client_secret", secret));
  }

  private static String clientOf(BookingPlatform platform) {
    return platform.clientOf(URI.create(Operator.callback("twin-store-app"))).orElseThrow();
  }

  private List<Page> bothOpen(URI callback, BrokerProcess second) {
    Owner there =
        new Owner(
            world,
            "twin-other-tab",
            new Browser(
                world.certificates().withoutCertificate(),
                Map.of(World.PUBLIC_URL.toString(), second.browserDoor())));
    Owner here = world.owner("twin-tab");
    return atOnce(() -> answered(here, callback), () -> answered(there, callback));
  }

  /** A replica that is busy says so, and has not looked at the code. */
  private static Page answered(Owner owner, URI callback) {
    return Awaitility.await("the install is answered")
        .atMost(PATIENCE)
        .until(() -> owner.returnsBy(callback), page -> page.status() != 503);
  }

  private String onlyInstall() {
    Response answer = operator.asks().get("/v1/connections?registration=twin-store-app");
    JsonArray connections = new JsonObject(answer.asString()).getJsonArray("connections");
    assertThat(connections).hasSize(1);
    return connections.getJsonObject(0).getString("id");
  }

  private Consumer consumerOfStore() {
    operator.allowsRegistration("twin-store-pod", "twin-store-app");
    return world.consumer("twin-store-pod");
  }

  private void claimsAt(BrokerProcess replica, String install) {
    Response answer =
        operator
            .asks()
            .baseUri(replica.tokenDoor().toString())
            .contentType(ContentType.JSON)
            .body(new JsonObject().put("tenant", "twin-tenant").encode())
            .post("/v1/connections/" + install + "/claim");
    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
  }

  private void agreesToWhatWillBeReported() {
    operator.registers("twin-reported-app", lasting, Proof.SECRET_IN_HEADER);
    operator.connects("twin-reported", "twin-tenant", "twin-reported-app");
    operator.allows("twin-reported-pod", "twin-reported");
    world.owner("twin-reported-owner").agreesTo(operator.invites("twin-reported"), lasting);
  }

  /** A report causes a refresh half a minute after the last one at the earliest. */
  private void aReportThatReachesBothAtOnceIsOneRefresh(BrokerProcess second) {
    Consumer here = world.consumer("twin-reported-pod");
    Consumer there = here.at(second);
    long refused = here.fetches("twin-reported").generation();

    Awaitility.await("both replicas have something newer")
        .atMost(PATIENCE)
        .until(
            () ->
                bothReport(here, there, refused).stream()
                    .allMatch(answer -> answer.statusCode() == 200));

    assertThat(here.fetches("twin-reported").generation()).isEqualTo(refused + 1);
    assertThat(there.fetches("twin-reported").generation()).isEqualTo(refused + 1);
    assertThat(lasting.server().ledger().refreshesOf("twin-reported-owner")).hasSize(1);
    operator.deletes("twin-reported");
  }

  private static List<Response> bothReport(Consumer here, Consumer there, long generation) {
    return atOnce(
        () -> here.reports("twin-reported", generation),
        () -> there.reports("twin-reported", generation));
  }

  private static <T> List<T> atOnce(Supplier<T> one, Supplier<T> other) {
    CompletableFuture<T> first = CompletableFuture.supplyAsync(one);
    CompletableFuture<T> second = CompletableFuture.supplyAsync(other);
    return List.of(first.join(), second.join());
  }

  private void bothServeAndRefreshOnce(BrokerProcess second) {
    operator.registers("twin-app", brief, Proof.SECRET_IN_HEADER);
    operator.connects("twin", "twin-tenant", "twin-app");
    Consumer here = operator.allows("twin-pod", "twin");
    Consumer there = here.at(second);
    world.owner("twin-owner").agreesTo(operator.invites("twin"), brief);
    ServedToken first = here.fetches("twin");
    assertThat(there.waitsFor("twin", 200).asString()).contains(first.value());

    Awaitility.await("both replicas serve generation " + (first.generation() + 2))
        .atMost(PATIENCE)
        .until(
            () ->
                Math.min(here.fetches("twin").generation(), there.fetches("twin").generation())
                    >= first.generation() + 2);

    ServedToken one = here.fetches("twin");
    Instant from = Instant.now();
    there.waitsForGeneration("twin", one.generation());
    assertThat(Duration.between(from, Instant.now())).isLessThan(Duration.ofSeconds(5));
    assertThat(brief.server().ledger().overlaps()).isEmpty();
    assertThat(brief.server().ledger().reuse()).isEmpty();

    operator.deletes("twin");

    Awaitility.await("the other replica knows of the end")
        .atMost(Duration.ofSeconds(5))
        .until(() -> there.asksFor("twin").statusCode() == 404);
  }
}
