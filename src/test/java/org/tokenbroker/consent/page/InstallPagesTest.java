package org.tokenbroker.consent.page;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.util.UUID;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.Requirement;

/** The end of an install, as a browser meets it. */
@QuarkusTest
@TestProfile(Neighbours.class)
class InstallPagesTest {
  @Test
  @Requirement("BE-10")
  void theSuccessPageNamesTheAppAsTextAndShowsNoToken() {
    Response response = installs("203.0.113.9");
    Document page = Jsoup.parse(response.asString());

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(page.select("h1").text()).isEqualTo("Acme <b>Planner</b> has been installed.");
    assertThat(page.select("b")).isEmpty();
    assertThat(response.asString())
        .doesNotContain(ScriptedNeighbours.ACCESS_TOKEN, ScriptedNeighbours.REFRESH_TOKEN);
    assertThat(response.header("Cache-Control")).isEqualTo("no-store");
  }

  @Test
  @Requirement("BE-4")
  void aNetworkHasABudgetOfItsOwnWhateverItClaimsToComeFrom() {
    for (int i = 0; i < 10; i++) {
      assertThat(installs("10.0.0." + i + ", 192.0.2.7").statusCode()).isEqualTo(200);
    }

    Response excess = installs("10.0.0.99, 192.0.2.7");

    assertThat(excess.statusCode()).isEqualTo(429);
    assertThat(Integer.parseInt(excess.header("Retry-After"))).isBetween(1, 60);
    assertThat(installs("198.51.100.7").statusCode()).isEqualTo(200);
  }

  private static Response installs(String forwardedFor) {
    return given()
        .header("X-Forwarded-For", forwardedFor)
        .get("/callback/" + ScriptedNeighbours.STORE + "?code=" + UUID.randomUUID());
  }
}
