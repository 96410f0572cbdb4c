package org.tokenbroker.story;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.response.Response;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.tokenbroker.counterpart.Call;
import org.tokenbroker.counterpart.CustomerPortal;
import org.tokenbroker.fixture.Browser.Page;
import org.tokenbroker.fixture.Requirement;

/** MijnKlantportaal, by its shipped profiles, against a portal that behaves as documented. */
@TestInstance(Lifecycle.PER_CLASS)
class MijnKlantportaalStoryIT {
  private static final String PROFILE = "mijnklantportaal";
  private static final String KEY_PROFILE = "mijnklantportaal-api-key";
  private static final String NAME = "MijnKlantportaal";
  private static final String HOST = "manage.mijnklantportaal.nl";
  private static final Duration BRIEF = Duration.ofSeconds(10);
  private static final Duration LASTING = Duration.ofHours(1);

  /** Brief tokens are renewed after half of their life. */
  private static final Duration LONGER_THAN_BETWEEN_REFRESHES = Duration.ofSeconds(11);

  /** A report causes a refresh half a minute after the last one at the earliest. */
  private static final Duration REPORT_PATIENCE = Duration.ofSeconds(45);

  /** How soon a replaced key is out of use. */
  private static final Duration SPREAD = Duration.ofSeconds(5);

  private final World world = World.shared();
  private final Operator operator = world.operator();
  private final CustomerPortal portal =
      new CustomerPortal(world.counterpartCertificate("portal"), world.canaries()::plant);

  @BeforeAll
  void theShippedProfileLeadsToTheCounterpart() {
    shipped().mountedIn(world);
    operator.waitsForProfileToLeadTo(PROFILE, portal.authority());
  }

  @AfterAll
  void closeTheCounterpart() {
    portal.close();
  }

  @Test
  @Requirement({"MK-1", "MK-5", "MK-7", "MK-8", "MK-10", "X-1", "X-6"})
  void oneConsentGivesTokensByTheFirstRefreshTokenForAsLongAsTheUserLetsUs() {
    portal.tokensLive(BRIEF);
    long issuedBefore = portal.refreshTokens();
    int before = portal.calls().size();
    String app = registered("mk-life-app");
    operator.connects("mk-life", "mk-life-tenant", "mk-life-app");
    Consumer consumer = operator.allows("mk-life-pod", "mk-life");
    Owner owner = world.owner("mk-life-owner");

    URI authorize = owner.goesTo(operator.invites("mk-life"), NAME);
    assertThat(authorize.getPath()).isEqualTo("/oauth/authorize");
    Query asked = Query.of(authorize);
    assertThat(asked.value("response_type")).hasValue("code");
    assertThat(asked.value("client_id")).hasValue(app);
    assertThat(asked.value("redirect_uri")).hasValue(Operator.callback("mk-life-app"));
    assertThat(asked.value("scope")).hasValue("customers.read");
    assertThat(asked.value("state")).isPresent();
    assertThat(asked.value("code_challenge")).isEmpty();
    Page thanks = owner.returnsBy(owner.allowsAt(authorize));

    assertThat(thanks.document().title()).isEqualTo("Thank you. Access has been granted.");
    ServedToken first = consumer.fetches("mk-life");
    assertThat(first.body().getJsonObject("header"))
        .isEqualTo(
            new JsonObject().put("name", "Authentication").put("value", "Bearer " + first.value()));
    assertThat(first.body().getString("scope")).isEqualTo("customers.read");
    assertThat(first.body().getJsonObject("metadata").getString("plan")).isEqualTo("story");
    assertThat(calledWith(first)).isEqualTo(200);
    ServedToken later = consumer.waitsForGeneration("mk-life", first.generation() + 3);
    assertThat(calledWith(later)).isEqualTo(200);
    assertThat(portal.refreshTokens()).isEqualTo(issuedBefore + 1);
    List<Call> calls = tokenCalls(before);
    assertThat(calls).extracting(Call::refusal).allMatch(Optional::isEmpty);
    assertThat(calls)
        .filteredOn(call -> call.grantType().equals("authorization_code"))
        .singleElement()
        .satisfies(
            call ->
                assertThat(call.parameters())
                    .containsExactlyInAnyOrder(
                        "grant_type", "client_id", "client_secret", "redirect_uri", "code"));
    assertThat(calls)
        .filteredOn(call -> call.grantType().equals("refresh_token"))
        .hasSizeGreaterThanOrEqualTo(3)
        .allSatisfy(
            call ->
                assertThat(call.parameters())
                    .containsExactlyInAnyOrder(
                        "grant_type", "client_id", "client_secret", "refresh_token"));

    throttledForAWhile(consumer, "mk-life");

    operator.deletes("mk-life");
    assertThat(consumer.asksFor("mk-life").statusCode()).isEqualTo(404);
  }

  /** The broker comes back when a 429 said, and the token that lives is served all the while. */
  private void throttledForAWhile(Consumer consumer, String connection) {
    int before = portal.calls().size();
    long generation = operator.generationOf(connection);
    portal.allows(1, LONGER_THAN_BETWEEN_REFRESHES);

    operator.waitsForGeneration(connection, generation + 1);

    portal.allowsAsDocumented();
    assertThat(tokenCalls(before))
        .filteredOn(call -> call.status() == 429)
        .extracting(Call::refusal)
        .containsExactly(Optional.of("rate limit"));
    assertThat(portal.calledTooEarly()).isZero();
    operator.waitsForState(connection, "active");
    assertThat(calledWith(consumer.waitsForGeneration(connection, generation + 1))).isEqualTo(200);
  }

  /** Here the refusal may be about our app as well, and only another user's refresh tells. */
  @Test
  @Requirement({"MK-9", "X-2", "G-6"})
  void aUserThatWithdrawsTheAccessIsFoundByTheNextRefreshAndConnectsAgainInPlace() {
    portal.tokensLive(BRIEF);
    registered("mk-withdrawn-app");
    operator.connects("mk-withdrawn", "mk-withdrawn-tenant", "mk-withdrawn-app");
    operator.connects("mk-kept", "mk-kept-tenant", "mk-withdrawn-app");
    Consumer consumer = operator.allows("mk-withdrawn-pod", "mk-withdrawn");
    consents("mk-withdrawn", "mk-withdrawing-owner");
    consents("mk-kept", "mk-keeping-owner");
    long before = consumer.fetches("mk-withdrawn").generation();

    portal.answersWithdrawn(CustomerPortal.Withdrawal.UNAUTHORIZED);
    portal.revoke("mk-withdrawing-owner");

    operator.waitsForState("mk-withdrawn", "needs_consent");
    portal.answersWithdrawn(CustomerPortal.Withdrawal.BAD_REQUEST);
    assertThat(operator.seesRegistration("mk-withdrawn-app").getString("fault")).isNull();
    assertThat(consumer.waitsFor("mk-withdrawn", 409).asString()).contains("consent_required");
    assertThat(operator.stateOf("mk-kept")).isEqualTo("active");
    consents("mk-withdrawn", "mk-withdrawing-owner");
    assertThat(operator.stateOf("mk-withdrawn")).isEqualTo("active");
    ServedToken after = consumer.waitsForGeneration("mk-withdrawn", before + 1);
    assertThat(calledWith(after)).isEqualTo(200);
    operator.deletes("mk-withdrawn");
    operator.deletes("mk-kept");
  }

  @Test
  @Requirement({"MK-9", "G-12"})
  void aUserThatWithdrawsTheAccessIsFoundByAConsumersReport() {
    portal.tokensLive(LASTING);
    registered("mk-reported-app");
    operator.connects("mk-reported", "mk-reported-tenant", "mk-reported-app");
    Consumer consumer = operator.allows("mk-reported-pod", "mk-reported");
    consents("mk-reported", "mk-reported-owner");
    ServedToken served = consumer.fetches("mk-reported");
    assertThat(calledWith(served)).isEqualTo(200);

    portal.revoke("mk-reported-owner");

    assertThat(calledWith(served)).isEqualTo(401);
    Response told =
        Awaitility.await("the report finds out")
            .atMost(REPORT_PATIENCE)
            .until(
                () -> consumer.reports("mk-reported", served.generation()),
                answer -> answer.statusCode() == 409);
    assertThat(told.asString()).contains("consent_required");
    assertThat(operator.stateOf("mk-reported")).isEqualTo("needs_consent");
    consents("mk-reported", "mk-reported-owner");
    assertThat(calledWith(consumer.waitsForGeneration("mk-reported", served.generation() + 1)))
        .isEqualTo(200);
    operator.deletes("mk-reported");
  }

  @Test
  @Requirement("MK-1")
  void anotherHeaderTakesAMountedCopyOfTheProfileAndNoNewToken() {
    portal.tokensLive(LASTING);
    registered("mk-header-app");
    operator.connects("mk-header", "mk-header-tenant", "mk-header-app");
    Consumer consumer = operator.allows("mk-header-pod", "mk-header");
    consents("mk-header", "mk-header-owner");
    ServedToken before = consumer.fetches("mk-header");

    try {
      portal.reads("Authorization");
      assertThat(calledWith(before)).isEqualTo(401);
      shipped().with("header: Authentication", "header: Authorization").mountedIn(world);

      ServedToken after =
          Awaitility.await("consumers get the new header")
              .atMost(REPORT_PATIENCE)
              .until(
                  () -> consumer.fetches("mk-header"),
                  token -> headerOf(token).getString("name").equals("Authorization"));
      assertThat(after.value()).isEqualTo(before.value());
      assertThat(after.generation()).isEqualTo(before.generation());
      assertThat(calledWith(after)).isEqualTo(200);
    } finally {
      portal.reads("Authentication");
      shipped().mountedIn(world);
    }
    operator.deletes("mk-header");
  }

  @Test
  @Requirement({"MK-1", "MK-2", "MK-3", "MK-4", "MK-10", "X-1", "X-6"})
  void theOwnPortalTakesAnApiKeyThatAnOperatorPutsAndReplaces() {
    operator.registersKeys("mk-own-portal", KEY_PROFILE);
    String first = portal.apiKey();
    operator.connectsKey("mk-own", "mk-own-portal", first, "customers.read");
    Consumer consumer = operator.allowsKey("mk-own-pod", "mk-own");

    ServedToken served = consumer.fetches("mk-own");

    assertThat(served.value()).isEqualTo(first);
    assertThat(headerOf(served))
        .isEqualTo(new JsonObject().put("name", "Authentication").put("value", "Bearer " + first));
    assertThat(served.body().fieldNames()).doesNotContain("expires_in", "expires_at");
    assertThat(served.body().getString("scope")).isEqualTo("customers.read");
    assertThat(calledWith(served)).isEqualTo(200);
    assertThat(operator.sees("mk-own").getJsonArray("granted_scopes"))
        .isEqualTo(JsonArray.of("customers.read"));
    assertThat(operator.sees("mk-own").encode()).doesNotContain(first);

    String second = portal.apiKey();
    operator.replacesKey("mk-own", second);
    world.withSecondReplica(
        replica ->
            Awaitility.await("every replica serves the new key")
                .atMost(SPREAD)
                .until(
                    () ->
                        consumer.fetches("mk-own").value().equals(second)
                            && consumer.at(replica).fetches("mk-own").value().equals(second)));
    portal.withdraw(first);
    assertThat(calledWith(served)).isEqualTo(401);
    assertThat(calledWith(consumer.fetches("mk-own"))).isEqualTo(200);

    portal.withdraw(second);
    assertThat(consumer.reports("mk-own", 2).asString()).contains("api_key_required");
    assertThat(operator.stateOf("mk-own")).isEqualTo("ailing");
    operator.replacesKey("mk-own", portal.apiKey());
    assertThat(operator.stateOf("mk-own")).isEqualTo("active");
    assertThat(calledWith(consumer.waitsForGeneration("mk-own", 3))).isEqualTo(200);

    operator.deletes("mk-own");
    assertThat(consumer.asksFor("mk-own").statusCode()).isEqualTo(404);
  }

  @Test
  @Requirement({"MK-2", "MK-4"})
  void noCustomerIsEverAskedForAKey() {
    operator.registersKeys("mk-asked-portal", KEY_PROFILE);
    String key = portal.apiKey();
    operator.connectsKey("mk-asked", "mk-asked-portal", key);

    assertThat(
            operator
                .triesKey("mk-of-customer", "mk-some-customer", "mk-asked-portal", portal.apiKey())
                .statusCode())
        .isEqualTo(400);
    Response link = operator.asks().post("/v1/connections/mk-asked/consent");
    assertThat(link.statusCode()).isEqualTo(409);
    assertThat(link.asString()).contains("consent_not_possible");
    Page callback =
        world
            .owner("mk-asked-owner")
            .opens(URI.create(Operator.callback("mk-asked-portal") + "?code=some&state=any"));
    assertThat(callback.status()).isGreaterThanOrEqualTo(400);
    assertThat(operator.sees("mk-asked").getLong("generation")).isEqualTo(1);
    operator.deletes("mk-asked");
  }

  @Test
  @Requirement("MK-6")
  void anEndpointThatIsNotKnownYetIsNamedAndKeepsTheRegistrationFromUse() {
    String unresolved = "mijnklantportaal-unresolved";
    Shipped complete = shipped().with("id: mijnklantportaal\n", "id: " + unresolved + "\n");
    String token = "  token: https://" + portal.authority() + "/oauth/tokens\n";
    world.profile(unresolved, complete.with(token, "").yaml());
    operator.waitsForProfile(unresolved);
    operator.registers(
        "mk-unresolved-app",
        unresolved,
        world.canaries().plant("client id", World.marked("client")),
        List.of("customers.read"),
        secret(world.canaries().plant("client secret", World.marked("secret"))));

    Response registration = operator.asks().get("/v1/registrations/mk-unresolved-app");

    assertThat(new JsonObject(registration.asString()).getJsonArray("missing_endpoints"))
        .isEqualTo(JsonArray.of("endpoints.token"));
    Response refused = operator.triesToConnect("mk-unresolved", "mk-tenant", "mk-unresolved-app");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.asString()).contains("missing_endpoints");
    world.profile(unresolved, complete.yaml());
    Awaitility.await("the endpoint is known")
        .atMost(REPORT_PATIENCE)
        .until(
            () ->
                operator
                        .triesToConnect("mk-unresolved", "mk-tenant", "mk-unresolved-app")
                        .statusCode()
                    == 201);
    operator.deletes("mk-unresolved");
  }

  /** Nothing but the host is another one. */
  private Shipped shipped() {
    return Shipped.profile(PROFILE)
        .with("https://" + HOST + "/", "https://" + portal.authority() + "/");
  }

  private List<Call> tokenCalls(int from) {
    return portal.calls().stream()
        .skip(from)
        .filter(call -> call.path().equals("/oauth/tokens"))
        .toList();
  }

  /** Calls the portal's API as the served answer says. */
  private int calledWith(ServedToken token) {
    return given()
        .config(world.certificates().operator().restAssured())
        .header(headerOf(token).getString("name"), headerOf(token).getString("value"))
        .get(portal.customersUrl())
        .statusCode();
  }

  private static JsonObject headerOf(ServedToken token) {
    return token.body().getJsonObject("header");
  }

  private void consents(String connection, String account) {
    Owner owner = world.owner(account);
    Page page = owner.returnsBy(owner.allowsAt(owner.goesTo(operator.invites(connection), NAME)));
    assertThat(page.document().title()).isEqualTo("Thank you. Access has been granted.");
  }

  private String registered(String id) {
    String app = world.canaries().plant("client id", World.marked("client"));
    String secret = portal.register(app, URI.create(Operator.callback(id)));
    operator.registers(id, PROFILE, app, List.of("customers.read"), secret(secret));
    return app;
  }

  private static JsonObject secret(String value) {
    return new JsonObject()
        .put("client_authentication", "client_secret_post")
        .put("client_secret", value);
  }
}
