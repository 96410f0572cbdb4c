package org.tokenbroker.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.vertx.core.json.JsonObject;

/** The signing keys of one registration, as an operator works with them. */
record RegistrationKeys(Operator operator, String registration) {
  /** Has a key made; its name. */
  String generates(String algorithm) {
    return generated(new JsonObject().put("algorithm", algorithm)).getString("kid");
  }

  /** Has a key with a certificate made; as the broker shows it. */
  JsonObject generatesCertified(String algorithm) {
    return generated(new JsonObject().put("algorithm", algorithm).put("certificate", true));
  }

  private JsonObject generated(JsonObject wish) {
    Response answer =
        operator.asks().contentType(ContentType.JSON).body(wish.encode()).post(path(""));
    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(201);
    JsonObject key = new JsonObject(answer.asString());
    assertThat(key.getString("state")).isEqualTo("generated");
    assertThat(key.getJsonObject("public_jwk").fieldNames()).doesNotContain("d", "p", "q");
    return key;
  }

  /** What the operator uploads at a provider that knows keys by certificate: PEM. */
  String certificate(String kid) {
    Response answer = operator.asks().get(path("/" + kid + "/certificate"));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.contentType()).startsWith("application/pem-certificate-chain");
    return answer.asString();
  }

  /** What the operator uploads at the provider. */
  String keySet() {
    Response answer = operator.asks().get("/v1/registrations/" + registration + "/jwks");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.contentType()).startsWith("application/jwk-set+json");
    return answer.asString();
  }

  void areUploaded(String kid) {
    assertThat(operator.asks().post(path("/" + kid + "/uploaded")).statusCode()).isEqualTo(200);
  }

  Response activate(String kid) {
    return operator.asks().post(path("/" + kid + "/activate"));
  }

  String stateOf(String kid) {
    Response answer = operator.asks().get(path("/" + kid));
    assertThat(answer.statusCode()).isEqualTo(200);
    return new JsonObject(answer.asString()).getString("state");
  }

  private String path(String rest) {
    return "/v1/registrations/" + registration + "/keys" + rest;
  }
}
