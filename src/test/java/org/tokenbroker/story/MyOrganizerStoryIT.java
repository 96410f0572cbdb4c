package org.tokenbroker.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.response.Response;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.tokenbroker.counterpart.Call;
import org.tokenbroker.counterpart.CustomerTenant;
import org.tokenbroker.fixture.Browser.Page;
import org.tokenbroker.fixture.Requirement;

/** MyOrganizer, by its shipped profile, against a tenant that behaves as Azure AD B2C does. */
@TestInstance(Lifecycle.PER_CLASS)
class MyOrganizerStoryIT {
  private static final String PROFILE = "myorganizer";
  private static final String NAME = "MyOrganizer";
  private static final String SOON = "myorganizer-soon";
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final String READ = "https://ringphonesso.onmicrosoft.com/api/contacts.read";
  private static final String PATH =
      "/ringphonesso.onmicrosoft.com/B2C_1_MyOrganizer_Login/oauth2/v2.0/token";

  private final World world = World.shared();
  private final Operator operator = world.operator();
  private final CustomerTenant tenant =
      new CustomerTenant(
          world.counterpartCertificate("b2c"),
          world.canaries()::plant,
          "ringphonesso",
          Set.of("B2C_1_MyOrganizer_Login"));

  @BeforeAll
  void theShippedProfileLeadsToTheCounterpart() {
    tenant.tokensLive(Duration.ofSeconds(10));
    toTheCounterpart().mountedIn(world);
    operator.waitsForProfileToLeadTo(PROFILE, tenant.authority());
  }

  @AfterAll
  void closeTheCounterpart() {
    tenant.close();
  }

  @Test
  @Requirement({
    "MO-1", "MO-2", "MO-3", "MO-4", "MO-5", "MO-6", "MO-7", "MO-8", "MO-9", "MO-10", "MO-11",
    "MO-15", "X-6"
  })
  void oneLoginGivesTokensForAsLongAsTheCustomerHasAccess() {
    int before = tenant.calls().size();
    String client = registered("mo-life-app");
    operator.connects("mo-life", "mo-life-tenant", "mo-life-app");
    Consumer consumer = operator.allows("mo-life-pod", "mo-life");
    Owner owner = world.owner("mo-life-owner");

    URI authorize = owner.goesTo(operator.invites("mo-life"), NAME);
    assertThat(authorize.getPath()).isEqualTo(PATH.replace("/token", "/authorize"));
    Query asked = Query.of(authorize);
    assertThat(asked.value("response_type")).hasValue("code");
    assertThat(asked.value("client_id")).hasValue(client);
    assertThat(asked.value("redirect_uri")).hasValue(Operator.callback("mo-life-app"));
    assertThat(asked.value("state").orElseThrow()).hasSizeGreaterThanOrEqualTo(43);
    assertThat(asked.value("scope").orElseThrow().split(" "))
        .containsExactlyInAnyOrder("offline_access", READ);
    assertThat(authorize.getRawQuery()).contains("%20").doesNotContain("+");
    Page thanks = owner.returnsBy(owner.allowsAt(authorize));

    assertThat(thanks.document().title()).isEqualTo("Thank you. Access has been granted.");
    ServedToken first = consumer.fetches("mo-life");
    assertThat(first.body().getJsonObject("header"))
        .isEqualTo(
            new JsonObject().put("name", "Authorization").put("value", "Bearer " + first.value()));
    assertThat(tenant.accepts(first.value())).isTrue();
    assertThat(first.body().getLong("expires_in"))
        .as("the answer says \"15\", as a text")
        .isBetween(1L, 15L);
    JsonObject seen = operator.sees("mo-life");
    assertThat(seen.getJsonArray("requested_scopes")).containsExactly(READ, "offline_access");
    assertThat(seen.getJsonArray("granted_scopes")).containsExactly(READ, "offline_access");
    assertThat(seen.containsKey("missing_scopes")).isFalse();
    assertThat(world.logs())
        .as("the login is typed at the vendor's page only")
        .doesNotContain("mo-life-owner");
    ServedToken later = consumer.waitsForGeneration("mo-life", first.generation() + 3);
    assertThat(tenant.accepts(later.value())).isTrue();
    assertThat(tenant.sawReuse()).isFalse();
    List<Call> calls = tenant.calls().subList(before, tenant.calls().size());
    assertThat(calls).extracting(Call::path).containsOnly(PATH);
    assertThat(calls).extracting(Call::refusal).allMatch(Optional::isEmpty);
    assertThat(calls)
        .filteredOn(call -> call.grantType().equals("authorization_code"))
        .singleElement()
        .satisfies(
            call ->
                assertThat(call.parameters())
                    .contains("code", "redirect_uri", "client_id", "client_secret")
                    .doesNotContain("refresh_token"));
    assertThat(calls)
        .filteredOn(call -> call.grantType().equals("refresh_token"))
        .hasSizeGreaterThanOrEqualTo(3)
        .allSatisfy(
            call ->
                assertThat(call.parameters())
                    .contains("refresh_token", "client_id", "client_secret")
                    .doesNotContain("code"));

    operator.deletes("mo-life");

    assertThat(consumer.asksFor("mo-life").statusCode()).isEqualTo(404);
  }

  @Test
  @Requirement({"MO-13", "MO-14", "MO-15"})
  void aCustomerThatLosesAccessNeedsConsentAndNobodyElseDoes() {
    registered("mo-lost-app");
    operator.connects("mo-lost", "mo-lost-tenant", "mo-lost-app");
    operator.connects("mo-kept", "mo-kept-tenant", "mo-lost-app");
    Consumer consumer = operator.allows("mo-lost-pod", "mo-lost");
    Consumer other = operator.allows("mo-kept-pod", "mo-kept");
    consents("mo-lost", "mo-losing-owner");
    consents("mo-kept", "mo-keeping-owner");
    long before = consumer.fetches("mo-lost").generation();
    long otherBefore = other.fetches("mo-kept").generation();
    assertThat(consumer.asksFor("mo-kept").statusCode()).isEqualTo(404);

    tenant.revoke("mo-losing-owner");

    operator.waitsForState("mo-lost", "needs_consent");
    assertThat(consumer.waitsFor("mo-lost", 409).asString())
        .contains("consent_required")
        .doesNotContain("AADB2C");
    long asked = refusals();
    other.waitsForGeneration("mo-kept", otherBefore + 2);
    assertThat(operator.stateOf("mo-kept")).isEqualTo("active");
    assertThat(refusals()).isEqualTo(asked);

    consents("mo-lost", "mo-losing-owner");

    assertThat(consumer.fetches("mo-lost").generation()).isGreaterThan(before);
    assertThat(operator.stateOf("mo-lost")).isEqualTo("active");
    operator.deletes("mo-lost");
    operator.deletes("mo-kept");
  }

  @Test
  @Requirement("MO-13")
  void theSlidingWindowEndsAnAgreementHoweverFreshTheRefreshTokenIs() {
    registered("mo-window-app");
    operator.connects("mo-window", "mo-window-tenant", "mo-window-app");
    Consumer consumer = operator.allows("mo-window-pod", "mo-window");
    consents("mo-window", "mo-window-owner");
    consumer.waitsForGeneration("mo-window", 2);

    try {
      tenant.slidingWindow(Duration.ZERO);

      operator.waitsForState("mo-window", "needs_consent");
      assertThat(consumer.waitsFor("mo-window", 409).asString()).contains("consent_required");
    } finally {
      tenant.slidingWindow(Duration.ofDays(90));
    }
    consents("mo-window", "mo-window-owner");
    assertThat(consumer.fetches("mo-window").generation()).isGreaterThan(2);
    operator.deletes("mo-window");
  }

  @Test
  @Requirement({"MO-13", "G-9"})
  void theOwnerCanAgreeAgainBeforeTheSlidingWindowEnds() {
    mountsWindow("MyOrganizer soon", "warn_before: 90d");
    registered("mo-soon-app", SOON);
    operator.connects("mo-soon", "mo-soon-tenant", "mo-soon-app");
    consents("mo-soon", "mo-soon-owner", "MyOrganizer soon");
    JsonObject agreed = operator.sees("mo-soon");
    Instant end = agreed.getInstant("agreed_at").plus(Duration.ofDays(90));
    assertThat(agreed.getInstant("consent_ends_at")).isEqualTo(end);

    Awaitility.await("the end of the window is near")
        .atMost(PATIENCE)
        .until(() -> operator.sees("mo-soon").containsKey("consent_warned_at"));

    assertThat(operator.stateOf("mo-soon")).isEqualTo("active");
    Awaitility.await("the event is told")
        .atMost(PATIENCE)
        .until(() -> eventsOf("mo-soon"), List.of("active", "consent_expiring")::equals);
    assertThat(connectionsEndingBefore(end.plusSeconds(1))).contains("\"mo-soon\"");
    assertThat(connectionsEndingBefore(end)).doesNotContain("\"mo-soon\"");
    Awaitility.await("the metrics tell")
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(operator.scrapes())
                    .contains(
                        "token_broker_consent_warnings_total{provider=\"myorganizer-soon\"} 1.0")
                    .contains("token_broker_consent_expiring{provider=\"myorganizer-soon\"} 1.0"));

    mountsWindow("MyOrganizer later", "warn_before: 14d");
    consents("mo-soon", "mo-soon-owner", "MyOrganizer later");

    JsonObject renewed = operator.sees("mo-soon");
    assertThat(renewed.getInstant("agreed_at")).isAfter(agreed.getInstant("agreed_at"));
    assertThat(renewed.getInstant("consent_ends_at")).isAfter(end);
    assertThat(renewed.containsKey("consent_warned_at")).isFalse();
    operator.deletes("mo-soon");
  }

  @Test
  @Requirement("MO-12")
  void anApiThatMissesAScopeLeadsToNoRefreshAndNoOtherState() {
    registered("mo-scope-app");
    operator.connects("mo-scope", "mo-scope-tenant", "mo-scope-app");
    Consumer consumer = operator.allows("mo-scope-pod", "mo-scope");
    tenant.tokensLive(Duration.ofHours(1));
    try {
      consents("mo-scope", "mo-scope-owner");
    } finally {
      tenant.tokensLive(Duration.ofSeconds(10));
    }
    long before = consumer.fetches("mo-scope").generation();
    JsonObject seen = operator.sees("mo-scope");
    int calls = tenant.calls().size();

    Response answer = consumer.reports("mo-scope", before, 403);

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(answer.asString()).contains("insufficient_scope");
    assertThat(operator.sees("mo-scope")).isEqualTo(seen);
    assertThat(consumer.fetches("mo-scope").generation()).isEqualTo(before);
    assertThat(tenant.calls()).as("nobody else is connected").hasSize(calls);
    operator.deletes("mo-scope");
  }

  @Test
  @Requirement({"MO-13", "X-2", "X-5", "C7"})
  void whatIsWrongForAWhileOrForTheScopesEndsNoAgreement() {
    registered("mo-trouble-app");
    operator.connects("mo-trouble", "mo-trouble-tenant", "mo-trouble-app");
    Consumer consumer = operator.allows("mo-trouble-pod", "mo-trouble");
    consents("mo-trouble", "mo-trouble-owner");

    tenant.refusesRefreshes(
        "mo-trouble-owner", 400, "invalid_grant", "AADB2C90035: The service is unavailable");
    operator.waitsForState("mo-trouble", "ailing");
    assertThat(operator.sees("mo-trouble").getString("cause")).isEqualTo("provider_unreachable");
    tenant.refreshesAgain("mo-trouble-owner");
    operator.waitsForState("mo-trouble", "active");

    tenant.refusesRefreshes(
        "mo-trouble-owner", 400, "invalid_grant", "AADB2C90205: No right to the scope");
    operator.waitsForState("mo-trouble", "ailing");
    assertThat(operator.sees("mo-trouble").getString("cause")).isEqualTo("misconfigured");
    tenant.refreshesAgain("mo-trouble-owner");
    operator.waitsForState("mo-trouble", "active");

    tenant.givesOnlyIdTokens(true);
    operator.waitsForState("mo-trouble", "ailing");
    assertThat(operator.sees("mo-trouble").getString("cause")).isEqualTo("misconfigured");
    tenant.givesOnlyIdTokens(false);
    operator.waitsForState("mo-trouble", "active");
    assertThat(tenant.sawReuse()).as("the refresh token that came with it is used").isFalse();

    long mended = operator.generationOf("mo-trouble");
    ServedToken served = consumer.waitsForGeneration("mo-trouble", mended);
    assertThat(tenant.accepts(served.value())).isTrue();
    operator.deletes("mo-trouble");
  }

  @Test
  @Requirement({"IV-10", "X-2", "C7"})
  void aLostSecretIsAFaultOfTheRegistrationAndItsConnectionsGoOnOnceItIsReplaced() {
    String client = registered("mo-secret-app");
    operator.connects("mo-secret", "mo-secret-tenant", "mo-secret-app");
    Consumer consumer = operator.allows("mo-secret-pod", "mo-secret");
    consents("mo-secret", "mo-secret-owner");

    String secret = tenant.rotateSecret(client);

    Awaitility.await("the registration is faulty")
        .atMost(PATIENCE)
        .until(() -> "invalid_client".equals(registration("mo-secret-app").getString("fault")));
    assertThat(operator.stateOf("mo-secret")).isEqualTo("active");

    operator.registers("mo-secret-app", PROFILE, client, List.of(READ), bySecret(secret));

    long before = operator.generationOf("mo-secret");
    consumer.waitsForGeneration("mo-secret", before + 1);
    assertThat(registration("mo-secret-app").getString("fault")).isNull();
    operator.deletes("mo-secret");
  }

  @Test
  @Requirement({"MO-5", "MO-15"})
  void aSuccessWithNothingButAnIdTokenIsAnErrorAndNothingIsKept() {
    registered("mo-id-app");
    operator.connects("mo-id", "mo-id-tenant", "mo-id-app");
    Consumer consumer = operator.allows("mo-id-pod", "mo-id");
    Owner owner = world.owner("mo-id-owner");
    URI link = operator.invites("mo-id");

    tenant.givesOnlyIdTokens(true);
    Page page;
    try {
      page = owner.returnsBy(owner.allowsAt(owner.goesTo(link, NAME)));
    } finally {
      tenant.givesOnlyIdTokens(false);
    }

    assertThat(page.document().title()).isEqualTo("The provider did not answer properly.");
    assertThat(operator.stateOf("mo-id")).isEqualTo("pending_consent");
    assertThat(consumer.asksFor("mo-id").statusCode()).isEqualTo(409);
    operator.deletes("mo-id");
  }

  private JsonObject registration(String id) {
    return new JsonObject(operator.asks().get("/v1/registrations/" + id).asString());
  }

  private static JsonObject bySecret(String secret) {
    return new JsonObject()
        .put("client_authentication", "client_secret_post")
        .put("client_secret", secret);
  }

  /** The shipped profile under another id, with another period before the end of its window. */
  private void mountsWindow(String name, String warnBefore) {
    Shipped shipped =
        toTheCounterpart()
            .with("warn_before: 14d", warnBefore)
            .with("name: " + NAME, "name: " + name);
    new Shipped(SOON, shipped.with("id: " + PROFILE, "id: " + SOON).yaml()).mountedIn(world);
    operator.waitsForProfileToLeadTo(SOON, name);
  }

  /** What happened, oldest first. */
  private List<String> eventsOf(String connection) {
    String answer =
        operator.asks().queryParam("connection", connection).get("/v1/events").asString();
    return new JsonObject(answer)
        .getJsonArray("events").stream()
            .map(event -> ((JsonObject) event).getString("type"))
            .map(type -> type.substring(type.lastIndexOf('.') + 1))
            .toList();
  }

  private String connectionsEndingBefore(Instant moment) {
    return operator
        .asks()
        .queryParam("provider", SOON)
        .queryParam("consent_ends_before", moment.toString())
        .get("/v1/connections")
        .asString();
  }

  private Shipped toTheCounterpart() {
    return Shipped.profile(PROFILE)
        .with("https://{tenant}.b2clogin.com/", "https://" + tenant.authority() + "/")
        .with("'*.b2clogin.com'", "127.0.0.1");
  }

  private long refusals() {
    return tenant.calls().stream().filter(call -> call.refusal().isPresent()).count();
  }

  private void consents(String connection, String account) {
    consents(connection, account, NAME);
  }

  private void consents(String connection, String account, String provider) {
    Owner owner = world.owner(account);
    Page page =
        owner.returnsBy(owner.allowsAt(owner.goesTo(operator.invites(connection), provider)));
    assertThat(page.document().title()).isEqualTo("Thank you. Access has been granted.");
  }

  private String registered(String id) {
    return registered(id, PROFILE);
  }

  private String registered(String id, String profile) {
    String client = world.canaries().plant("client id", World.marked("client"));
    String secret = tenant.register(client, URI.create(Operator.callback(id)));
    operator.registers(id, profile, client, List.of(READ), bySecret(secret));
    return client;
  }
}
