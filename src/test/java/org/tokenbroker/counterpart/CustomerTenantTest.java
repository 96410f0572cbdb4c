package org.tokenbroker.counterpart;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.tokenbroker.fixture.Requirement;

/** It refuses what Azure AD B2C refuses (providers.md B1): a story through it proves something. */
@TestInstance(Lifecycle.PER_CLASS)
@Requirement("X-6")
class CustomerTenantTest {
  private static final String CALLBACK = "https://broker.example/callback/app";
  private static final String SCOPE = "offline_access https://acme.onmicrosoft.com/api/read";
  private static final String POLICY = path("B2C_1_Login");
  private static final String OTHER_POLICY = path("B2C_1_Other");

  private final CustomerTenant tenant =
      new CustomerTenant(
          Visitor.certificate("tenant-refusals"),
          Visitor::keep,
          "acme",
          Set.of("B2C_1_Login", "B2C_1_Other"));
  private final Visitor visitor = new Visitor(tenant.authority());
  private final RegisteredClient app =
      new RegisteredClient("app", tenant.register("app", URI.create(CALLBACK)), CALLBACK);

  @AfterAll
  void close() {
    tenant.close();
  }

  @Test
  void whatIsRightIsTaken() {
    HttpResponse<String> exchanged = visitor.form(POLICY + "/token", exchange(code()));

    assertThat(exchanged.statusCode()).isEqualTo(200);
    assertThat(Visitor.body(exchanged).getString("expires_in")).isEqualTo("3600");
    HttpResponse<String> refreshed = visitor.form(POLICY + "/token", refresh(refreshToken()));
    assertThat(refreshed.statusCode()).isEqualTo(200);
    assertThat(Visitor.body(refreshed).getString("refresh_token")).isNotEmpty();
  }

  @Test
  void theSecretStandsInTheBodyAndNowhereElse() {
    String basic =
        Base64.getEncoder()
            .encodeToString(("app:" + app.secret()).getBytes(StandardCharsets.UTF_8));

    refuses(
        visitor.form(POLICY + "/token", exchange(code()), "Authorization", "Basic " + basic),
        "invalid_request",
        "AADB2C90083");
    refuses(
        visitor.form(
            POLICY + "/token?client_secret=" + app.secret(),
            Visitor.without(exchange(code()), "client_secret")),
        "invalid_request",
        "AADB2C90083");
    refuses(
        visitor.form(POLICY + "/token", Visitor.without(exchange(code()), "client_secret")),
        "invalid_request",
        "AADB2C90079");
    refuses(
        visitor.form(POLICY + "/token", Visitor.but(exchange(code()), "client_secret", "wrong")),
        "invalid_request",
        "AADB2C90081");
    refuses(
        visitor.form(POLICY + "/token", Visitor.but(exchange(code()), "client_id", "nobody")),
        "invalid_request",
        "AADB2C90018");
  }

  @Test
  void aCodeOrRefreshTokenOfAnotherPolicyIsRefused() {
    refuses(
        visitor.form(OTHER_POLICY + "/token", exchange(code())), "invalid_grant", "AADB2C90088");
    refuses(
        visitor.form(OTHER_POLICY + "/token", refresh(refreshToken())),
        "invalid_grant",
        "AADB2C90088");
    refuses(
        visitor.form(path("B2C_1_None") + "/token", exchange(code())),
        "invalid_request",
        "AADB2C90068");
  }

  @Test
  void anotherRedirectUriThanTheOneOfTheLoginIsRefused() {
    refuses(
        visitor.form(
            POLICY + "/token", Visitor.but(exchange(code()), "redirect_uri", CALLBACK + "/")),
        "invalid_request",
        "AADB2C90006");
    assertThat(
            visitor
                .get(
                    POLICY + "/authorize",
                    Visitor.but(authorize(), "redirect_uri", "https://elsewhere.example/"))
                .statusCode())
        .isEqualTo(400);
  }

  @Test
  void aLoginWithoutScopeIsSentBackWithAnError() {
    Map<String, String> back =
        Visitor.sentBackWith(
            visitor.get(POLICY + "/authorize", Visitor.without(authorize(), "scope")));

    assertThat(back).containsEntry("error", "invalid_request").containsEntry("state", "s");
    assertThat(back.get("error_description")).startsWith("AADB2C90055");
    assertThat(visitor.get(POLICY + "/authorize", authorize()).statusCode()).isEqualTo(200);
  }

  @Test
  void aScopeThatNamesNoResourceOrAnotherOneThanTheOthersIsSentBackWithAnError() {
    String read = "https://acme.onmicrosoft.com/api/read";

    assertThat(errorOf("offline_access read")).startsWith("AADB2C90055");
    assertThat(errorOf(read + " https://acme.onmicrosoft.com/other/read"))
        .startsWith("AADB2C90146");
    assertThat(
            visitor
                .get(
                    POLICY + "/authorize",
                    Visitor.but(authorize(), "scope", read + " https://acme.onmicrosoft.com/api/x"))
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void moreTokenRequestsThanTheLimitAreTurnedAway() {
    tenant.allows(2, Duration.ofMinutes(1));
    try {
      visitor.form(POLICY + "/token", refresh("x"));
      visitor.form(POLICY + "/token", refresh("x"));

      assertThat(visitor.form(POLICY + "/token", refresh("x")).statusCode()).isEqualTo(429);
    } finally {
      tenant.allowsAsDocumented();
    }
    assertThat(visitor.form(POLICY + "/token", refresh("x")).statusCode()).isEqualTo(400);
  }

  @Test
  void withoutAScopeOfAnApiThereIsNoAccessTokenAndItIsASuccessAllTheSame() {
    String code =
        Visitor.codeIn(visitor.form(POLICY + "/login", app.agreed("openid offline_access")));

    JsonObject exchanged = Visitor.body(visitor.form(POLICY + "/token", exchange(code)));
    JsonObject refreshed =
        Visitor.body(
            visitor.form(POLICY + "/token", refresh(exchanged.getString("refresh_token"))));

    assertThat(exchanged.fieldNames()).contains("id_token").doesNotContain("access_token");
    assertThat(refreshed.fieldNames())
        .contains("id_token", "refresh_token")
        .doesNotContain("access_token");
  }

  @Test
  void jsonInsteadOfAFormIsRefused() {
    refuses(visitor.json(POLICY + "/token", exchange(code())), "invalid_request", "AADB2C90083");
  }

  @Test
  void aCodeWorksOnceAndARefreshTokenNeverInItsPlace() {
    String code = code();
    visitor.form(POLICY + "/token", exchange(code));

    refuses(visitor.form(POLICY + "/token", exchange(code)), "invalid_grant", "AADB2C90080");
    refuses(
        visitor.form(POLICY + "/token", exchange(refreshToken())), "invalid_grant", "AADB2C90080");
    refuses(
        visitor.form(POLICY + "/token", Visitor.but(refresh("x"), "grant_type", "password")),
        "unsupported_grant_type",
        "AADB2C90086");
  }

  private String errorOf(String scope) {
    return Visitor.sentBackWith(
            visitor.get(POLICY + "/authorize", Visitor.but(authorize(), "scope", scope)))
        .getOrDefault("error_description", "");
  }

  private static void refuses(HttpResponse<String> answer, String code, String text) {
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(Visitor.body(answer).getString("error")).isEqualTo(code);
    assertThat(Visitor.body(answer).getString("error_description")).startsWith(text);
  }

  private String code() {
    return Visitor.codeIn(visitor.form(POLICY + "/login", app.agreed(SCOPE)));
  }

  private String refreshToken() {
    return Visitor.body(visitor.form(POLICY + "/token", exchange(code())))
        .getString("refresh_token");
  }

  private Map<String, String> authorize() {
    return app.authorize(SCOPE);
  }

  private Map<String, String> exchange(String code) {
    return app.exchange(code);
  }

  private Map<String, String> refresh(String token) {
    return app.refresh(token);
  }

  private static String path(String policy) {
    return "/acme.onmicrosoft.com/" + policy + "/oauth2/v2.0";
  }
}
