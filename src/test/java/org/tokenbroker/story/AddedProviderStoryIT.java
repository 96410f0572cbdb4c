package org.tokenbroker.story;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.response.Response;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.tokenbroker.counterpart.OddHouse;
import org.tokenbroker.fixture.Browser.Page;
import org.tokenbroker.fixture.Requirement;

/** A provider that the broker never heard of is added, broken and mended while the broker runs. */
@TestInstance(Lifecycle.PER_CLASS)
class AddedProviderStoryIT {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final String ID = "odd-house";
  private static final String STRICT = "strict-house";
  private static final String OWNER = "odd-owner";

  private final World world = World.shared();
  private final Operator operator = world.operator();
  private final OddHouse house = house("odd", OddHouse.Habits.easy(Duration.ofSeconds(10)));
  private final OddHouse strictHouse =
      house(
          "strict",
          new OddHouse.Habits(
              Duration.ofHours(1), Duration.ofSeconds(18), Duration.ofSeconds(8), true, true));

  private OddHouse house(String name, OddHouse.Habits habits) {
    return new OddHouse(world.counterpartCertificate(name), world.canaries()::plant, habits);
  }

  @AfterAll
  void closeTheCounterparts() {
    house.close();
    strictHouse.close();
  }

  /** Both lives go on at the same time. */
  @Test
  @Requirement({"X-5", "C7", "G-9"})
  void aFileAddsAProviderABadOneDoesNotTakeItAwayAndAGrantThatWouldDieUnusedLives() {
    world.profile(ID, profile("Odd House"));
    world.profile(STRICT, strictProfile());
    operator.waitsForProfile(ID);
    operator.waitsForProfile(STRICT);
    ServedToken longLived = asksTooEarly();

    isAddedBrokenAndMended();

    wasRefreshedThoughItsTokenLives(longLived);
    diesUnusedWhereNobodyRefreshes();
  }

  /** The token has an hour left, and its grant seconds. */
  private ServedToken asksTooEarly() {
    connects("strict", strictHouse, STRICT, "Strict House");
    Consumer consumer = operator.allows("strict-pod", "strict");
    ServedToken first = consumer.fetches("strict");

    assertThat(Instant.parse(first.body().getString("refresh_after")))
        .as("the token may end with the next refresh")
        .isBefore(Instant.now().plusSeconds(30));
    assertThat(first.body().getLong("expires_in")).isGreaterThan(3000);
    Response tooSoon = consumer.reports("strict", first.generation());
    assertThat(tooSoon.statusCode()).isEqualTo(503);
    assertThat(Long.parseLong(tooSoon.header("Retry-After"))).isBetween(1L, 30L);
    agrees("strict", "Strict House");
    connects("idle", strictHouse, STRICT, "Strict House");
    operator.disables("idle");
    return first;
  }

  /** Twice since its owner agreed again, which brought no refresh token. */
  private void wasRefreshedThoughItsTokenLives(ServedToken first) {
    Consumer consumer = world.consumer("strict-pod");
    ServedToken later = consumer.waitsForGeneration("strict", first.generation() + 3);

    assertThat(later.body().getLong("expires_in")).isGreaterThan(3000);
    assertThat(strictHouse.accepts(later.value())).isTrue();
    assertThat(strictHouse.accepts(first.value())).isFalse();
    assertThat(strictHouse.calls()).noneMatch(call -> call.refusal().isPresent());
    operator.deletes("strict");
  }

  /** What is switched off is not kept alive: its grant has died meanwhile. */
  private void diesUnusedWhereNobodyRefreshes() {
    operator.enables("idle");

    operator.waitsForState("idle", "needs_consent");
    assertThat(strictHouse.calls())
        .filteredOn(call -> call.refusal().isPresent())
        .singleElement()
        .matches(call -> call.refusal().equals(Optional.of("idleness")));
    operator.deletes("idle");
  }

  private void isAddedBrokenAndMended() {
    connects("odd", house, ID, "Odd House");
    Consumer consumer = operator.allows("odd-pod", "odd");

    ServedToken first = consumer.fetches("odd");
    assertThat(first.body().getJsonObject("metadata"))
        .isEqualTo(
            new JsonObject()
                .put("number", "12b")
                .put("house", "https://" + house.authority())
                .put("plan", "story")
                .put("district", "4711"));
    assertThat(first.body().getJsonObject("header"))
        .isEqualTo(new JsonObject().put("name", "X-House-Key").put("value", first.value()));
    assertThat(first.body().getString("scope")).isEqualTo("read write");
    assertThat(first.body().getLong("expires_in")).isLessThanOrEqualTo(15);
    assertThat(house.accepts(first.value())).isTrue();
    ServedToken later = consumer.waitsForGeneration("odd", first.generation() + 2);
    assertThat(house.accepts(later.value())).isTrue();
    assertThat(house.sawReuse()).isFalse();
    assertThat(house.calls())
        .filteredOn(call -> call.grantType().equals("renew"))
        .hasSizeGreaterThanOrEqualTo(2)
        .allSatisfy(
            call -> {
              assertThat(call.path()).isEqualTo("/renew");
              assertThat(call.parameters()).contains("renewal").doesNotContain("refresh_token");
            });

    breaks();
    long before = operator.generationOf("odd");
    consumer.waitsForGeneration("odd", before + 1);

    world.profile(ID, profile("Odd House, mended"));
    operator.waitsForProfileToLeadTo(ID, "Odd House, mended");
    Awaitility.await("the catalogue is well again")
        .atMost(PATIENCE)
        .until(() -> catalogue().orElseThrow().equals("UP"));
    assertThat(operator.scrapes()).contains("token_broker_profile_faults 0.0");

    house.revoke(OWNER);

    operator.waitsForState("odd", "needs_consent");
    assertThat(consumer.waitsFor("odd", 409).asString())
        .contains("consent_required")
        .doesNotContain("AGREEMENT_OVER");
    agrees("odd", "Odd House, mended");
    assertThat(house.accepts(consumer.fetches("odd").value())).isTrue();
    assertThat(house.calls()).filteredOn(call -> call.refusal().isPresent()).hasSize(1);
    operator.deletes("odd");
  }

  /** Two mistakes: both are named, the file is refused whole, and its last good profile stays. */
  private void breaks() {
    String broken =
        profile("Odd House, broken")
            .replace("unit: milliseconds", "unit: fortnights")
            .replace("scheme: ''", "schema: ''");
    world.profile(ID, broken);

    Awaitility.await("the bad file is refused")
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(world.logs())
                    .contains(refusal(broken, "unit: fortnights") + "expiry.unit ")
                    .contains(refusal(broken, "schema: ''") + "resource.schema "));
    assertThat(catalogue()).contains("DOWN");
    assertThat(operator.scrapes()).contains("token_broker_profile_faults 2.0");
    assertThat(operator.asks().get("/v1/profiles/" + ID).asString())
        .contains("\"Odd House\"")
        .doesNotContain("broken");
  }

  /** How the log points at the field that stands at this place of the file. */
  private static String refusal(String yaml, String field) {
    List<String> lines = yaml.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).contains(field)) {
        int column = lines.get(i).indexOf(field) + 1;
        boolean known = field.startsWith("unit");
        int pointed = known ? column + "unit: ".length() : column;
        return "profile refused: " + ID + ".yaml:" + (i + 1) + ":" + pointed + ": ";
      }
    }
    throw new AssertionError("no line holds " + field);
  }

  private void connects(String id, OddHouse where, String profile, String name) {
    String client = world.canaries().plant("client id", World.marked("client"));
    String secret = where.register(client);
    operator.registers(
        id + "-app",
        profile,
        client,
        List.of("read", "write"),
        new JsonObject()
            .put("client_authentication", "client_secret_post")
            .put("client_secret", secret));
    operator.connects(id, id + "-tenant", id + "-app");
    agrees(id, name);
  }

  private void agrees(String id, String provider) {
    Owner owner = world.owner(OWNER);
    Page page = owner.returnsBy(owner.allowsAt(owner.goesTo(operator.invites(id), provider)));
    assertThat(page.document().title()).isEqualTo("Thank you. Access has been granted.");
  }

  private Optional<String> catalogue() {
    Response answer =
        given()
            .baseUri(world.broker().managementDoor().toString())
            .get("/q/health/group/dependencies");
    return new JsonObject(answer.asString())
        .getJsonArray("checks").stream()
            .map(JsonObject.class::cast)
            .filter(check -> check.getString("name").equals("catalogue"))
            .map(check -> check.getString("status"))
            .findFirst();
  }

  private String strictProfile() {
    return profile(STRICT, strictHouse, "Strict House")
        .replace(
            "rotation: strict",
            """
            rotation: strict
              idle_lifetime: 18s
              min_interval: 8s
              revokes_access_token: true
              kept_on_reconsent: true""");
  }

  private String profile(String name) {
    return profile(ID, house, name);
  }

  private static String profile(String id, OddHouse house, String name) {
    return """
        id: %s
        name: %s
        variables:
          house: {kind: location, pattern: '.+', default: 127.0.0.1:9}
        hosts: [127.0.0.1]
        endpoints:
          authorize: https://%s/ask
          token: https://{house}/exchange
          refresh: https://{house}/renew
        grants: [authorization_code]
        client_authentication: [client_secret_post]
        authorize:
          pkce: 'off'
          scope_separator: ','
        callback:
          code_parameter: house_code
          metadata: {number: house_no, house: house_at}
          variables: [house]
        parameter_names: {client_id: app}
        token:
          body: json
          require_refresh_token: true
        response:
          access_token: [/data/token]
          refresh_token: [/data/renewal]
          token_type: [/data/kind]
          token_types: [User Access Token]
          scope: [/data/may]
          metadata: {district: /data/house/number}
        error:
          when:
            - {place: ok, value: 'true', differs: true}
          code: [/problem/code]
          text: [/problem/says]
          rules:
            - {code: AGREEMENT_OVER, 'on': [refresh_token], means: terminal}
            - {code: WHO_ARE_YOU, means: app}
        expiry:
          fields: [/data/life/ms]
          unit: milliseconds
        refresh:
          grant_type: renew
          token_parameter: renewal
          rotation: strict
        resource:
          header: X-House-Key
          scheme: ''
        """
        .formatted(id, name, house.authority());
  }
}
