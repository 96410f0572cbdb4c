package org.tokenbroker.story;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.tokenbroker.counterpart.BookingPlatform;
import org.tokenbroker.counterpart.Call;
import org.tokenbroker.fixture.Browser.Page;
import org.tokenbroker.fixture.Requirement;

/** Booking Experts, by its shipped profile, against a platform that behaves as documented. */
@TestInstance(Lifecycle.PER_CLASS)
class BookingExpertsStoryIT {
  private static final String PROFILE = "booking-experts";
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  /** How soon a customer loads a page again that says that the provider is busy. */
  private static final Duration RELOAD = Duration.ofSeconds(2);

  private final World world = World.shared();
  private final Operator operator = world.operator();
  private final BookingPlatform platform =
      new BookingPlatform(world.counterpartCertificate("booking"), world.canaries()::plant);

  @BeforeAll
  void theShippedProfileLeadsToTheCounterpart() {
    platform.tokensLive(Duration.ofSeconds(40), Duration.ofSeconds(10));
    platform.returnsTo(URI.create("https://app.bookingexperts.nl/parks/1/apps/7"));
    Shipped.profile(PROFILE)
        .with("values: [api.bookingexperts.nl, app.bookingexperts.nl]", "values: ['127.0.0.1']")
        .with("default: api.bookingexperts.nl", "default: 127.0.0.1")
        .with("\nhosts: [api.bookingexperts.nl, app.bookingexperts.nl]", "\nhosts: [127.0.0.1]")
        .with("https://{token_host}/", "https://{token_host}:" + port() + "/")
        .with("https://api.bookingexperts.nl/", "https://" + platform.authority() + "/")
        .mountedIn(world);
    operator.waitsForProfileToLeadTo(PROFILE, ":" + port());
  }

  @AfterAll
  void closeTheCounterpart() {
    platform.close();
  }

  @Test
  @Requirement({
    "BE-1", "BE-2", "BE-3", "BE-4", "BE-5", "BE-6", "BE-7", "BE-9", "BE-10", "BE-11", "BE-12",
    "BE-13", "BE-14", "BE-15", "BE-17", "BE-19", "X-1", "X-6"
  })
  void anInstallIsNobodysUntilItIsClaimedAndThenServedForAsLongAsItLasts() {
    String client = registered("be-life");
    Consumer everything = consumerOfRegistration("be-life-pod", "be-life");
    int before = platform.calls().size();

    Page thanks = installs("be-life", "park-life", world.owner("be-life-owner"));

    assertThat(thanks.status()).isEqualTo(200);
    assertThat(thanks.document().title()).isEqualTo("Story be-life has been installed.");
    assertThat(button(thanks)).hasValue("https://app.bookingexperts.nl/parks/1/apps/7");
    JsonObject install = only("be-life");
    String id = install.getString("id");
    assertThat(install.getString("state")).isEqualTo("unclaimed");
    assertThat(install.getString("waiting_for")).isEqualTo("claim");
    assertThat(install.containsKey("tenant")).isFalse();
    assertThat(install.getJsonArray("granted_scopes"))
        .containsExactlyInAnyOrder("subscription|read", "administration|read");
    assertThat(install.getJsonObject("facts"))
        .isEqualTo(
            new JsonObject()
                .put("subscription_id", "sub-park-life")
                .put("administration_ids", "park-life-1,park-life-2")
                .put("administration_subscription_ids", "access-park-life-1,access-park-life-2")
                .put("organization_id", "park-life")
                .put("return_url", "https://app.bookingexperts.nl/parks/1/apps/7"));
    assertThat(everything.asksFor(id).statusCode()).isEqualTo(404);

    claims(id, "be-life-tenant", 200);
    claims(id, "be-life-tenant", 200);
    claims(id, "be-other-tenant", 409);

    ServedToken first = everything.waitsForGeneration(id, 1);
    assertThat(platform.accepts(first.value())).isTrue();
    assertThat(first.body().getJsonObject("metadata")).isEqualTo(install.getJsonObject("facts"));
    assertThat(first.body().getString("scope").split(" "))
        .containsExactlyInAnyOrder("subscription|read", "administration|read");
    ServedToken later = everything.waitsForGeneration(id, first.generation() + 3);
    assertThat(platform.accepts(later.value())).isTrue();
    assertThat(later.body().getString("scope")).isEqualTo(first.body().getString("scope"));
    assertThat(later.body().getLong("expires_in")).isLessThanOrEqualTo(15);
    assertThat(platform.sawReuse()).isFalse();
    List<Call> calls = platform.calls().subList(before, platform.calls().size());
    assertThat(calls).extracting(Call::refusal).allMatch(Optional::isEmpty);
    assertThat(ofGrant(calls, "authorization_code"))
        .singleElement()
        .satisfies(
            call ->
                assertThat(call.parameters())
                    .containsExactlyInAnyOrder(
                        "code", "grant_type", "redirect_uri", "client_id", "client_secret"));
    assertThat(ofGrant(calls, "refresh_token"))
        .hasSizeGreaterThanOrEqualTo(3)
        .allSatisfy(
            call ->
                assertThat(call.parameters())
                    .containsExactlyInAnyOrder(
                        "grant_type", "refresh_token", "client_id", "client_secret"));
    assertThat(calls)
        .filteredOn(call -> call.path().equals("/v3/subscription"))
        .as("asked once, with the stored token")
        .hasSize(1);
    assertThat(operator.asks().get("/v1/registrations/be-life").asString()).doesNotContain(client);
    assertThat(world.logs()).doesNotContain(client, first.value(), later.value());

    operator.deletes(id);

    assertThat(everything.asksFor(id).statusCode()).isEqualTo(404);
  }

  @Test
  @Requirement({"BE-16", "BE-18", "BE-8", "MO-13"})
  void aSecondInstallOfTheSubscriptionRenewsItsConnectionInPlaceAndMendsIt() {
    registered("be-again");
    Consumer consumer = consumerOfRegistration("be-again-pod", "be-again");
    Owner owner = world.owner("be-again-owner");
    installs("be-again", "park-again", owner);
    String id = only("be-again").getString("id");
    claims(id, "be-again-tenant", 200);
    ServedToken first = consumer.waitsForGeneration(id, 1);

    Response newer =
        consumer
            .asks()
            .contentType(ContentType.JSON)
            .body(
                new JsonObject()
                    .put("generation", first.generation())
                    .put("status", 401)
                    .put("www_authenticate", BookingPlatform.challenge())
                    .encode())
            .post("/v1/connections/" + id + "/token/report");
    assertThat(newer.statusCode()).isIn(200, 503);
    ServedToken reported = consumer.waitsForGeneration(id, first.generation() + 1);
    assertThat(platform.accepts(reported.value())).isTrue();

    installs("be-again", "park-again", owner);

    JsonObject renewed = only("be-again");
    assertThat(renewed.getString("id")).isEqualTo(id);
    assertThat(renewed.getString("tenant")).isEqualTo("be-again-tenant");
    assertThat(renewed.getLong("generation")).isGreaterThan(reported.generation());
    assertThat(consumer.waitsForGeneration(id, reported.generation() + 1).value())
        .satisfies(value -> assertThat(platform.accepts(value)).isTrue());

    platform.uninstall("park-again");
    operator.waitsForState(id, "needs_consent");
    assertThat(consumer.waitsFor(id, 409).asString()).contains("consent_required");
    assertThat(operator.asks().post("/v1/connections/" + id + "/consent").asString())
        .contains("consent_not_possible", "install the app");

    installs("be-again", "park-again", owner);

    operator.waitsForState(id, "active");
    assertThat(consumer.fetches(id).value())
        .satisfies(value -> assertThat(platform.accepts(value)).isTrue());
    assertThat(only("be-again").getString("tenant")).isEqualTo("be-again-tenant");
    installs("be-again", "park-second", owner);
    assertThat(listed("be-again")).hasSize(2);
    listed("be-again").forEach(each -> operator.deletes(each.getString("id")));
  }

  @Test
  @Requirement("BE-9")
  void anInstallWhoseLookupFailsIsKeptAndLookedUpAgainWithoutAnotherExchange() {
    registered("be-late");
    int before = platform.calls().size();
    platform.failsLookups(2);

    Page page = installs("be-late", "park-late", world.owner("be-late-owner"));

    assertThat(page.document().title()).isEqualTo("Story be-late has been installed.");
    assertThat(page.document().text()).contains("has not told all that is needed yet");
    assertThat(button(page)).isEmpty();
    String id = only("be-late").getString("id");
    Awaitility.await("the facts are known")
        .atMost(PATIENCE)
        .until(() -> operator.sees(id).getString("state").equals("unclaimed"));
    List<Call> calls = platform.calls().subList(before, platform.calls().size());
    assertThat(ofGrant(calls, "authorization_code")).hasSize(1);
    assertThat(calls)
        .filteredOn(call -> call.path().equals("/v3/subscription"))
        .extracting(Call::status)
        .containsExactly(503, 503, 200);
    operator.deletes(id);
  }

  @Test
  @Requirement({"BE-4", "B4"})
  void aCallbackThatComesAgainChangesNothingAndTellsNothing() {
    registered("be-replay");
    URI callback = callback("be-replay", "park-replay");
    int before = platform.calls().size();
    Owner first = world.owner("be-replay-owner");
    Awaitility.await("the install is kept")
        .pollDelay(Duration.ZERO)
        .pollInterval(RELOAD)
        .atMost(PATIENCE)
        .until(() -> first.returnsBy(callback).status() == 200);

    Page again = world.owner("be-replay-thief").returnsBy(callback);

    assertThat(again.status()).isEqualTo(410);
    assertThat(again.headers()).doesNotContainKey("set-cookie");
    assertThat(again.body()).doesNotContain("park-replay", "be-replay", "Story");
    List<Call> calls = platform.calls().subList(before, platform.calls().size());
    assertThat(ofGrant(calls, "authorization_code")).hasSize(1);
    operator.deletes(only("be-replay").getString("id"));
  }

  @Test
  @Requirement("BE-4")
  void madeUpCodesAreTurnedAwayInTime() {
    registered("be-flood");
    Owner owner = world.owner("be-flood-owner");
    Page last = owner.returnsBy(URI.create(Operator.callback("be-flood") + "?code=made-up-0"));
    int taken = 0;
    for (int i = 1; i <= 40 && last.status() != 429; i++) {
      last = owner.returnsBy(URI.create(Operator.callback("be-flood") + "?code=made-up-" + i));
      taken++;
    }

    assertThat(last.status()).isEqualTo(429);
    assertThat(Integer.parseInt(last.headers().get("retry-after"))).isBetween(1, 60);
    assertThat(taken).isLessThanOrEqualTo(25);
    assertThat(listed("be-flood")).isEmpty();
  }

  @Test
  @Requirement("BE-4")
  void aClaimLinkGivesAnInstallToItsTenantBeforeOrAfterItInTheSameBrowser() {
    registered("be-link");
    Consumer consumer = consumerOfRegistration("be-link-pod", "be-link");
    Owner early = world.owner("be-link-early");
    Page armed = early.presses(early.opens(claimLink("be-link", "be-early")), "Continue");
    assertThat(armed.document().title()).startsWith("Now install the app at");

    Page thanks = installs("be-link", "park-early", early);

    assertThat(thanks.document().text()).contains("It now belongs to be-early.");
    JsonObject first = only("be-link");
    assertThat(first.getString("tenant")).isEqualTo("be-early");
    assertThat(first.getString("state")).isEqualTo("active");
    assertThat(consumer.waitsForGeneration(first.getString("id"), 1).value())
        .satisfies(value -> assertThat(platform.accepts(value)).isTrue());
    operator.deletes(first.getString("id"));

    Owner late = world.owner("be-link-late");
    installs("be-link", "park-late-link", late);
    URI link = claimLink("be-link", "be-late-tenant");
    Owner stranger = world.owner("be-link-stranger");
    stranger.presses(stranger.opens(link), "Continue");
    assertThat(only("be-link").getString("state")).isEqualTo("unclaimed");

    Page connected = late.presses(late.opens(link), "Connect");

    assertThat(connected.document().title()).isEqualTo("Thank you. It is connected.");
    assertThat(only("be-link").getString("tenant")).isEqualTo("be-late-tenant");
    assertThat(late.opens(link).status()).isEqualTo(410);
    operator.deletes(only("be-link").getString("id"));
  }

  @Test
  @Requirement("BE-10")
  void aReturnUrlOutsideTheAllowListIsNotOffered() {
    registered("be-return");
    platform.returnsTo(URI.create("https://phish.example/parks/1"));
    try {
      Page page = installs("be-return", "park-return", world.owner("be-return-owner"));

      assertThat(page.document().title()).isEqualTo("Story be-return has been installed.");
      assertThat(button(page)).isEmpty();
      assertThat(page.body()).doesNotContain("phish.example");
    } finally {
      platform.returnsTo(URI.create("https://app.bookingexperts.nl/parks/1/apps/7"));
    }
    operator.deletes(only("be-return").getString("id"));
  }

  @Test
  @Requirement({"BE-9", "X-2", "G-6"})
  void aThrottledAppWaitsAndAHaltedOneIsAFaultOfTheRegistrationAndNeitherCostsAGrant() {
    String client = registered("be-halt");
    Consumer consumer = consumerOfRegistration("be-halt-pod", "be-halt");
    installs("be-halt", "park-halt", world.owner("be-halt-owner"));
    String id = only("be-halt").getString("id");
    claims(id, "be-halt-tenant", 200);
    ServedToken first = consumer.waitsForGeneration(id, 1);

    theAppUsesUpItsBudgetUntilARefreshIsThrottled(first);
    consumer.waitsForGeneration(id, first.generation() + 1);
    platform.halts(true);
    try {
      Awaitility.await("the registration is faulty")
          .atMost(PATIENCE)
          .until(() -> "invalid_client".equals(registration("be-halt").getString("fault")));
      assertThat(operator.stateOf(id)).isIn("active", "ailing");
    } finally {
      platform.halts(false);
    }
    long before = operator.generationOf(id);
    registered("be-halt", client);

    consumer.waitsForGeneration(id, before + 1);
    assertThat(operator.stateOf(id)).isEqualTo("active");
    assertThat(registration("be-halt").getString("fault")).isNull();
    assertThat(platform.sawReuse()).isFalse();
    operator.deletes(id);
  }

  /** What the consumer does with its token counts for the same app as the broker's refreshes. */
  private void theAppUsesUpItsBudgetUntilARefreshIsThrottled(ServedToken token) {
    int before = platform.calls().size();
    platform.allows(3, Duration.ofSeconds(6));
    try {
      Awaitility.await("a refresh is throttled")
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(50))
          .atMost(PATIENCE)
          .until(
              () -> {
                callsTheApi(token);
                return refreshWasThrottled(before);
              });
    } finally {
      platform.allowsAsDocumented();
    }
  }

  private void callsTheApi(ServedToken token) {
    given()
        .config(world.certificates().operator().restAssured())
        .header("Authorization", "Bearer " + token.value())
        .accept("application/vnd.api+json")
        .get("https://" + platform.authority() + "/v3/administrations");
  }

  private boolean refreshWasThrottled(int from) {
    List<Call> calls = platform.calls();
    return ofGrant(calls.subList(from, calls.size()), "refresh_token").stream()
        .anyMatch(call -> call.status() == 429);
  }

  private JsonObject registration(String id) {
    return new JsonObject(operator.asks().get("/v1/registrations/" + id).asString());
  }

  private int port() {
    return URI.create("https://" + platform.authority()).getPort();
  }

  private String registered(String id) {
    return registered(id, world.canaries().plant("client id", World.marked("client")));
  }

  private String registered(String id, String client) {
    String secret = platform.register(client, URI.create(Operator.callback(id)));
    operator.registers(
        id,
        PROFILE,
        client,
        List.of(),
        new JsonObject()
            .put("client_authentication", "client_secret_post")
            .put("client_secret", secret));
    return client;
  }

  /** With a code in the query string and nothing else. */
  private URI callback(String registration, String organization) {
    String client = platform.clientOf(URI.create(Operator.callback(registration))).orElseThrow();
    URI callback = platform.install(client, organization);
    assertThat(Query.of(callback).value("state")).isEmpty();
    return callback;
  }

  private Page installs(String registration, String organization, Owner owner) {
    URI callback = callback(registration, organization);
    Page page =
        Awaitility.await("the page does not ask to be loaded again")
            .pollDelay(Duration.ZERO)
            .pollInterval(RELOAD)
            .atMost(PATIENCE)
            .until(() -> owner.returnsBy(callback), shown -> shown.status() != 503);
    assertThat(page.headers().get("content-security-policy"))
        .contains("default-src 'none'", "frame-ancestors 'none'");
    assertThat(page.headers()).containsEntry("cache-control", "no-store");
    return page;
  }

  private static Optional<String> button(Page page) {
    return Optional.ofNullable(page.document().selectFirst("a.button"))
        .map((Element link) -> link.attr("href"));
  }

  private Consumer consumerOfRegistration(String account, String registration) {
    operator.allowsRegistration(account, registration);
    return world.consumer(account);
  }

  private void claims(String connection, String tenant, int status) {
    Response answer =
        operator
            .asks()
            .contentType(ContentType.JSON)
            .body(new JsonObject().put("tenant", tenant).encode())
            .post("/v1/connections/" + connection + "/claim");
    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(status);
  }

  private URI claimLink(String registration, String tenant) {
    Response answer =
        operator
            .asks()
            .contentType(ContentType.JSON)
            .body(new JsonObject().put("tenant", tenant).encode())
            .post("/v1/registrations/" + registration + "/claim-link");
    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(201);
    URI link = URI.create(new JsonObject(answer.asString()).getString("link"));
    world.canaries().plant("claim ticket", link.getPath().substring("/claim/".length()));
    return link;
  }

  private List<JsonObject> listed(String registration) {
    Response answer = operator.asks().get("/v1/connections?registration=" + registration);
    JsonArray connections = new JsonObject(answer.asString()).getJsonArray("connections");
    return connections.stream().map(JsonObject.class::cast).toList();
  }

  private JsonObject only(String registration) {
    List<JsonObject> connections = listed(registration);
    assertThat(connections).hasSize(1);
    return connections.getFirst();
  }

  private static List<Call> ofGrant(List<Call> calls, String grantType) {
    return calls.stream().filter(call -> call.grantType().equals(grantType)).toList();
  }
}
