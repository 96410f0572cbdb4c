package org.tokenbroker.counterpart;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tokenbroker.counterpart.CustomerPortal.Withdrawal;
import org.tokenbroker.fixture.Requirement;

/**
 * It refuses what MijnKlantportaal refuses (providers.md B4): a story through it proves something.
 */
@TestInstance(Lifecycle.PER_CLASS)
@Requirement("X-6")
class CustomerPortalTest {
  private static final String CALLBACK = "https://broker.example/callback/app";
  private static final String SCOPE = "customers.read";
  private static final String TOKENS = "/oauth/tokens";
  private static final String AUTHORIZE = "/oauth/authorize";

  private final CustomerPortal portal =
      new CustomerPortal(Visitor.certificate("portal-refusals"), Visitor::keep);
  private final Visitor visitor = new Visitor(portal.authority());
  private final RegisteredClient app =
      new RegisteredClient("app", portal.register("app", URI.create(CALLBACK)), CALLBACK);

  @AfterAll
  void close() {
    portal.close();
  }

  @Test
  void whatIsRightIsTakenAndTheFirstRefreshTokenStays() {
    HttpResponse<String> exchanged = visitor.json(TOKENS, exchange(code()));
    String token = Visitor.body(exchanged).getString("refresh_token");

    assertThat(Visitor.body(exchanged).fieldNames())
        .containsExactlyInAnyOrder("access_token", "refresh_token", "expires_in");
    for (int i = 0; i < 2; i++) {
      assertThat(Visitor.body(visitor.json(TOKENS, refresh(token))).fieldNames())
          .containsExactlyInAnyOrder("access_token", "expires_in");
    }
  }

  @Test
  void theSecretStandsInTheBodyAndNowhereElse() {
    refuses(visitor.json(TOKENS, exchange(code()), "Authorization", "Basic YXBwOng="), 401);
    refuses(
        visitor.json(
            TOKENS + "?client_secret=" + app.secret(),
            Visitor.without(exchange(code()), "client_secret")),
        401);
    refuses(visitor.json(TOKENS, Visitor.but(exchange(code()), "client_secret", "wrong")), 401);
    refuses(visitor.json(TOKENS, Visitor.but(exchange(code()), "client_id", "nobody")), 401);
  }

  @Test
  void aFormInsteadOfJsonIsRefused() {
    refuses(visitor.form(TOKENS, exchange(code())), 400);
  }

  @Test
  void anotherRedirectUriIsRefused() {
    refuses(
        visitor.json(TOKENS, Visitor.but(exchange(code()), "redirect_uri", CALLBACK + "/")), 400);
    assertThat(
            visitor
                .get(
                    AUTHORIZE,
                    Visitor.but(authorize(), "redirect_uri", "https://elsewhere.example/"))
                .statusCode())
        .isEqualTo(400);
  }

  @Test
  void aLoginWithoutStateOrScopeIsSentBackWithAnError() {
    assertThat(visitor.get(AUTHORIZE, authorize()).statusCode()).isEqualTo(200);

    assertThat(Visitor.sentBackWith(visitor.get(AUTHORIZE, Visitor.without(authorize(), "state"))))
        .containsEntry("error", "invalid_request");
    assertThat(Visitor.sentBackWith(visitor.get(AUTHORIZE, Visitor.without(authorize(), "scope"))))
        .containsEntry("error", "invalid_scope")
        .containsEntry("state", "s");
  }

  @Test
  void aMemberThatIsNotDocumentedIsRefused() {
    refuses(visitor.json(TOKENS, Visitor.but(exchange(code()), "scope", "customers.read")), 400);
    refuses(visitor.json(TOKENS, Visitor.but(refresh("x"), "redirect_uri", CALLBACK)), 400);
  }

  @Test
  void aCodeWorksOnce() {
    String code = code();
    visitor.json(TOKENS, exchange(code));

    refuses(visitor.json(TOKENS, exchange(code)), 400);
  }

  @ParameterizedTest
  @EnumSource(Withdrawal.class)
  void aWithdrawnAccessIsRefusedInEachOfTheWaysThatAreOpen(Withdrawal how) {
    portal.answersWithdrawn(how);
    String token = Visitor.body(visitor.json(TOKENS, exchange(code()))).getString("refresh_token");
    portal.revoke("owner");

    HttpResponse<String> answer = visitor.json(TOKENS, refresh(token));

    assertThat(answer.statusCode()).isBetween(400, 403);
    assertThat(Visitor.body(answer).fieldNames())
        .isEqualTo(
            switch (how) {
              case BAD_REQUEST, UNAUTHORIZED, FORBIDDEN -> Set.of("code", "message");
              case INVALID_GRANT -> Set.of("error");
            });
  }

  @Test
  void everyAnswerTellsWhatIsLeftAndA429WhenToComeBackInBothHeaders() {
    String header = "Bearer " + portal.apiKey();
    assertThat(left(calls(header), "limit")).isEqualTo(60);
    assertThat(left(calls("Bearer nobody"), "remaining")).isEqualTo(59);
    portal.allows(2, Duration.ofMinutes(1));
    try {
      assertThat(left(calls(header), "remaining")).isZero();

      Instant now = Instant.now();
      HttpResponse<String> excess = calls(header);

      refuses(excess, 429);
      assertThat(Visitor.body(excess).getString("message")).isEqualTo("Too many requests.");
      long pause = excess.headers().firstValueAsLong("retry-after").orElseThrow();
      assertThat(pause).isBetween(1L, 60L);
      assertThat(left(excess, "reset"))
          .isBetween(
              now.plusSeconds(pause).getEpochSecond(), now.plusSeconds(pause + 5).getEpochSecond());
      assertThat(calls("Bearer " + portal.apiKey()).statusCode()).isEqualTo(200);
    } finally {
      portal.allowsAsDocumented();
    }
  }

  private HttpResponse<String> calls(String header) {
    return visitor.get("/v1/customers", Map.of(), "Authentication", header);
  }

  private static long left(HttpResponse<String> answer, String what) {
    return answer.headers().firstValueAsLong("x-ratelimit-" + what).orElseThrow();
  }

  private static void refuses(HttpResponse<String> answer, int status) {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(Visitor.body(answer).getInteger("code")).isEqualTo(status);
    assertThat(Visitor.body(answer).getString("message")).isNotEmpty();
  }

  private String code() {
    return Visitor.codeIn(visitor.form(AUTHORIZE, app.agreed(SCOPE)));
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
}
