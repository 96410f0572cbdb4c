package org.tokenbroker.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.response.Response;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/**
 * A token as a consumer gets it.
 *
 * @param body the whole answer
 */
record ServedToken(JsonObject body) {

  static ServedToken of(Response answer) {
    ServedToken token = new ServedToken(new JsonObject(answer.asString()));
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    assertThat(answer.header("ETag")).isEqualTo("\"" + token.generation() + "\"");
    return token;
  }

  String value() {
    return body.getString("access_token");
  }

  long generation() {
    return body.getLong("generation");
  }

  Instant expiresAt() {
    return Instant.parse(body.getString("expires_at"));
  }

  /** Never shows the token. */
  @Override
  public String toString() {
    return "ServedToken[generation=" + generation() + ", expiresAt=" + expiresAt() + "]";
  }
}
