package org.tokenbroker.provider.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.Certificates;
import org.tokenbroker.fixture.Requirement;

/** The commands of the page about keys, one after the other as they stand there. */
@QuarkusTest
@TestProfile(ManagementOnly.class)
class KeysPageTest {
  private static final Path PAGE = Path.of("src", "docs", "keys.md");
  private static final Pattern BLOCK = Pattern.compile("(?s)```sh\n(.+?)```");

  /**
   * Method, path and body of a call, or the place where a reader fills in the last answer's kid.
   */
  private static final Pattern STEP =
      Pattern.compile(
          "(?sm)^(?:broker (?:-X (?<method>[A-Z]+) )?\\$api(?<path>\\S+)(?: -d '(?<body>[^']+)')?|kid=…)");

  @TestHTTPResource(value = "/", tls = true)
  URI door;

  private Optional<String> kid = Optional.empty();

  @Test
  @Requirement({"IV-6", "IV-7"})
  void everyCommandOfTheFirstChapterWorksAsItIsWritten() throws IOException {
    List<MatchResult> steps = steps("## Signing keys");
    assertThat(steps).hasSizeGreaterThan(6);
    Optional<Response> last = Optional.empty();
    for (MatchResult step : steps) {
      if (step.group("path") == null) {
        kid = last.map(answer -> new JsonObject(answer.asString()).getString("kid"));
        assertThat(kid).as("the answer tells the kid").isPresent();
      } else {
        Response answer = call(step);
        assertThat(answer.statusCode()).as(step.group() + answer.asString()).isBetween(200, 204);
        last = Optional.of(answer);
      }
    }
    assertThat(last.orElseThrow().asString()).startsWith("-----BEGIN CERTIFICATE-----");
  }

  /** Against no provider there is no code; what is checked is that the calls are well made. */
  @Test
  @Requirement("IV-4")
  void aCodeIsBroughtAsItIsWritten() throws IOException {
    asks()
        .body(
            new JsonObject()
                .put("profile", "oauth2")
                .put("name", "Acme")
                .put(
                    "variables",
                    new JsonObject()
                        .put("authorize", "provider.invalid/authorize")
                        .put("token", "provider.invalid/token"))
                .put("client_authentication", "client_secret_post")
                .put("client_id", "client")
                .put("client_secret", "secret")
                .encode())
        .put("/v1/registrations/acme")
        .then()
        .statusCode(201);
    List<MatchResult> steps = steps("## Codes that are fetched by hand");
    assertThat(steps).hasSize(2);

    Response made = call(steps.getFirst());
    Response brought = call(steps.getLast());

    assertThat(made.statusCode()).as(made.asString()).isEqualTo(201);
    assertThat(brought.statusCode()).as(brought.asString()).isIn(502, 503);
  }

  @AfterEach
  void forget() {
    asks().delete("/v1/connections/acme-1");
    asks().delete("/v1/registrations/acme").then().statusCode(204);
  }

  private Response call(MatchResult step) {
    String path = step.group("path").replace("$kid", kid.orElse("")).replace("\"", "");
    RequestSpecification request = asks();
    Optional.ofNullable(step.group("body")).ifPresent(request::body);
    return request.request(Optional.ofNullable(step.group("method")).orElse("GET"), "/v1" + path);
  }

  private static List<MatchResult> steps(String chapter) throws IOException {
    String page = Files.readString(PAGE);
    String from = page.substring(page.indexOf(chapter) + chapter.length());
    String own = from.split("\n## ", 2)[0];
    return BLOCK
        .matcher(own)
        .results()
        .flatMap(block -> STEP.matcher(block.group(1)).results())
        .toList();
  }

  private RequestSpecification asks() {
    return given()
        .config(Certificates.shared().operator().restAssured())
        .baseUri(door.toString())
        .contentType("application/json");
  }
}
