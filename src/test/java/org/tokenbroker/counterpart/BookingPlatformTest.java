package org.tokenbroker.counterpart;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.tokenbroker.fixture.Requirement;

/**
 * It refuses what Booking Experts refuses (providers.md B3): a story through it proves something.
 */
@TestInstance(Lifecycle.PER_CLASS)
@Requirement("X-6")
class BookingPlatformTest {
  private static final String CALLBACK = "https://broker.example/callback/app";
  private static final String TOKEN = "/oauth/token";
  private static final String JSON_API = "application/vnd.api+json";

  private final BookingPlatform platform =
      new BookingPlatform(Visitor.certificate("booking-refusals"), Visitor::keep);
  private final Visitor visitor = new Visitor(platform.authority());
  private final RegisteredClient app =
      new RegisteredClient("app", platform.register("app", URI.create(CALLBACK)), CALLBACK);

  @AfterAll
  void close() {
    platform.close();
  }

  @Test
  void whatIsRightIsTakenAndARefreshAnswersOtherwiseThanACode() {
    HttpResponse<String> exchanged = visitor.form(TOKEN, exchange(code()));
    HttpResponse<String> refreshed =
        visitor.form(TOKEN, refresh(Visitor.body(exchanged).getString("refresh_token")));

    assertThat(Visitor.body(exchanged).fieldNames())
        .containsExactlyInAnyOrder(
            "access_token", "token_type", "expires_in", "refresh_token", "scope");
    assertThat(Visitor.body(refreshed).fieldNames())
        .containsExactlyInAnyOrder("access_token", "token_type", "expires", "refresh_token");
  }

  @Test
  void theSecretStandsInTheBodyAndNowhereElse() {
    refuses(
        visitor.form(TOKEN, exchange(code()), "Authorization", "Basic YXBwOng="),
        401,
        "invalid_client");
    refuses(
        visitor.form(
            TOKEN + "?client_secret=" + app.secret(),
            Visitor.without(exchange(code()), "client_secret")),
        401,
        "invalid_client");
    refuses(
        visitor.form(TOKEN, Visitor.but(exchange(code()), "client_secret", "wrong")),
        401,
        "invalid_client");
    refuses(
        visitor.form(TOKEN, Visitor.but(exchange(code()), "client_id", "nobody")),
        401,
        "invalid_client");
  }

  @Test
  void jsonInsteadOfAFormIsRefused() {
    refuses(visitor.json(TOKEN, exchange(code())), 400, "invalid_request");
  }

  @Test
  void anotherRedirectUriIsRefusedOnExchangeAndEachOneOnRefresh() {
    refuses(
        visitor.form(TOKEN, Visitor.but(exchange(code()), "redirect_uri", CALLBACK + "/")),
        400,
        "invalid_grant");
    refuses(
        visitor.form(TOKEN, Visitor.without(exchange(code()), "redirect_uri")),
        400,
        "invalid_grant");
    refuses(
        visitor.form(TOKEN, Visitor.but(refresh(refreshToken()), "redirect_uri", CALLBACK)),
        400,
        "invalid_request");
  }

  @Test
  void aScopeIsRefusedBecauseNoneIsDocumented() {
    refuses(
        visitor.form(TOKEN, Visitor.but(exchange(code()), "scope", "subscription|read")),
        400,
        "invalid_request");
    refuses(
        visitor.form(TOKEN, Visitor.but(refresh(refreshToken()), "scope", "subscription|read")),
        400,
        "invalid_request");
  }

  @Test
  void aCodeAndARefreshTokenWorkOnce() {
    String code = code();
    String token = Visitor.body(visitor.form(TOKEN, exchange(code))).getString("refresh_token");
    visitor.form(TOKEN, refresh(token));

    refuses(visitor.form(TOKEN, exchange(code)), 400, "invalid_grant");
    refuses(visitor.form(TOKEN, refresh(token)), 400, "invalid_grant");
    assertThat(platform.sawReuse()).isTrue();
  }

  @Test
  void itsApiWantsItsMediaTypeAndTellsA401WithoutCommas() {
    HttpResponse<String> plain = visitor.get("/v3/subscription", Map.of());
    HttpResponse<String> stranger =
        visitor.get("/v3/subscription", Map.of(), "Accept", JSON_API, "Authorization", "Bearer x");

    assertThat(plain.statusCode()).isEqualTo(406);
    assertThat(stranger.statusCode()).isEqualTo(401);
    assertThat(stranger.headers().firstValue("WWW-Authenticate").orElseThrow())
        .startsWith("Bearer error=\"invalid_token\" error_description=")
        .doesNotContain(",");
  }

  @Test
  void everyAnswerTellsWhatIsLeftAndA429WhenToComeBack() {
    Map<String, String> request = refreshOf("narrow");
    Map<String, String> ofAnother = refreshOf("another");
    assertThat(left(visitor.form(TOKEN, request), "Limit")).isEqualTo(100);
    platform.allows(3, Duration.ofMinutes(1));
    try {
      HttpResponse<String> second = visitor.form(TOKEN, request);
      HttpResponse<String> third = visitor.form(TOKEN, request);
      HttpResponse<String> excess = visitor.form(TOKEN, request);

      assertThat(second.statusCode()).isEqualTo(400);
      assertThat(left(second, "Remaining")).isEqualTo(1);
      assertThat(left(third, "Remaining")).isZero();
      assertThat(excess.statusCode()).isEqualTo(429);
      assertThat(left(excess, "Limit")).isEqualTo(3);
      assertThat(excess.headers().firstValueAsLong("Retry-After").orElseThrow()).isBetween(1L, 60L);
      assertThat(visitor.form(TOKEN, ofAnother).statusCode()).isEqualTo(400);
    } finally {
      platform.allowsAsDocumented();
    }
  }

  private Map<String, String> refreshOf(String app) {
    String its = platform.register(app, URI.create(CALLBACK + "-" + app));
    return Visitor.but(Visitor.but(refresh("x"), "client_id", app), "client_secret", its);
  }

  private static long left(HttpResponse<String> answer, String what) {
    return answer.headers().firstValueAsLong("X-RateLimit-" + what).orElseThrow();
  }

  private static void refuses(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(Visitor.body(answer).getString("error")).isEqualTo(code);
  }

  private String code() {
    String query = platform.install("app", "park").getRawQuery();
    assertThat(query).startsWith("code=").doesNotContain("&");
    return query.substring("code=".length());
  }

  private String refreshToken() {
    return Visitor.body(visitor.form(TOKEN, exchange(code()))).getString("refresh_token");
  }

  private Map<String, String> exchange(String code) {
    return app.exchange(code);
  }

  private Map<String, String> refresh(String token) {
    return app.refresh(token);
  }
}
