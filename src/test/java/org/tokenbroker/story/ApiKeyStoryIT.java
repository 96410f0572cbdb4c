package org.tokenbroker.story;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.tokenbroker.counterpart.BookingPlatform;
import org.tokenbroker.fixture.Requirement;

/** Booking Experts by API key, by its shipped profile. */
class ApiKeyStoryIT {
  private final World world = World.shared();
  private final Operator operator = world.operator();

  @Test
  @Requirement({"BE-1", "X-1", "X-6", "E6"})
  void theOwnOrganizationsKeyIsHandedOutBareInItsHeader() {
    try (BookingPlatform platform =
        new BookingPlatform(world.counterpartCertificate("booking-key"), world.canaries()::plant)) {
      String key = platform.apiKey("our-parks");
      operator.registersKeys("be-own-parks", "booking-experts-api-key");
      operator.connectsKey("be-own", "be-own-parks", key, "administration|read");
      assertThat(operator.allows("be-no-key-pod", "be-own").asksFor("be-own").statusCode())
          .isEqualTo(404);

      ServedToken served = operator.allowsKey("be-own-pod", "be-own").fetches("be-own");

      JsonObject header = served.body().getJsonObject("header");
      assertThat(header).isEqualTo(new JsonObject().put("name", "x-api-key").put("value", key));
      assertThat(served.body().getString("token_type")).isEqualTo("N_A");
      assertThat(served.body().fieldNames()).doesNotContain("expires_in", "expires_at");
      assertThat(
              given()
                  .config(world.certificates().operator().restAssured())
                  .accept("application/vnd.api+json")
                  .header(header.getString("name"), header.getString("value"))
                  .get(URI.create("https://" + platform.authority() + "/v3/administrations"))
                  .asString())
          .contains("our-parks");
      assertThat(
              operator
                  .triesKey("be-of-customer", "be-customer", "be-own-parks", platform.apiKey("x"))
                  .asString())
          .contains("own-tenants");
      operator.deletes("be-own");
    }
  }
}
