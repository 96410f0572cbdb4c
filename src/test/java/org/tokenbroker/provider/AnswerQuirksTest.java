package org.tokenbroker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.ErrorRule.RequestKind;
import org.tokenbroker.provider.TokenAnswer.Body;
import org.tokenbroker.provider.TokenReply.Ambiguous;
import org.tokenbroker.provider.TokenReply.Doubt;
import org.tokenbroker.provider.TokenReply.Granted;
import org.tokenbroker.provider.TokenReply.Obstacle;
import org.tokenbroker.provider.TokenReply.Rejected;
import org.tokenbroker.provider.TokenReply.Throttled;
import org.tokenbroker.provider.TokenReply.Unreachable;
import org.tokenbroker.token.Scopes;

/** What a profile can say about answers that differ from RFC 6749. */
class AnswerQuirksTest {
  private static final Instant SENT = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration MARGIN = Duration.ofSeconds(5);

  @Test
  @Requirement("X-5")
  void tokensMayBeNestedAndRenamed() {
    Profile profile =
        ProfileFixture.anywhere()
            .with(
                "response",
                "{access_token: [/authed_user/access_token, accessToken], refresh_token:"
                    + " [/data/refresh], scope: [/data/scopes], token_type: [/data/kind]}")
            .profile();

    GrantedTokens tokens =
        granted(
            profile,
            """
            {"ok": true, "authed_user": {"access_token": "at-1"},
             "data": {"refresh": "rt-1", "scopes": ["a", "b"], "kind": "bearer"}}
            """);

    assertThat(tokens.accessToken().reveal()).isEqualTo("at-1");
    assertThat(tokens.refreshToken().orElseThrow().reveal()).isEqualTo("rt-1");
    assertThat(tokens.scopes()).hasValue(Scopes.of("a", "b"));
    assertThat(granted(profile, "{\"accessToken\": \"at-2\"}").accessToken().reveal())
        .isEqualTo("at-2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{fields: [expires_in, expires]}         | \"expires\": 3600                     | 3600",
        "{fields: [expires_in]}                  | \"expires_in\": \"3600\"              | 3600",
        "{fields: [expires_in, expires]}         | \"expires\": 3600, \"expires_in\": 60 | 60",
        "{unit: milliseconds}                    | \"expires_in\": 3600000               | 3600",
        "{mode: epoch, fields: [/d/at]}          | \"d\": {\"at\": 1772370000}           | 3600",
        "{mode: epoch, unit: milliseconds}       | \"expires_in\": 1772370000000         | 3600",
        "{mode: date, fields: [until]}           | \"until\": \"2026-03-01T14:00:00+01:00\" | 3600",
        "{mode: date, fields: [until]}           | \"until\": \"2026-03-01 13:00:00\"    | 3600",
        "{zero_means: default, default_lifetime: 2h} | \"expires_in\": 0                 | 7200",
        "{zero_means: never}                     | \"expires_in\": 0                     | 31536000",
        "{never: true}                           | \"x\": 1                              | 31536000",
        "{default_lifetime: 30m}                 | \"x\": 1                              | 1800",
        "{mode: date, default_lifetime: 30m}     | \"expires_in\": \"soon\"              | 1800",
      })
  @Requirement({"BE-13", "MO-9", "MK-8", "G-8"})
  void theEndIsReadAsTheProfileSays(String expiry, String members, long seconds) {
    Profile profile = ProfileFixture.anywhere().with("expiry", expiry).profile();

    assertThat(
            granted(profile, "{\"access_token\": \"at\", " + members + "}").lifetime().expiresAt())
        .isEqualTo(SENT.plusSeconds(seconds).minus(MARGIN));
  }

  @Test
  void aLifeOfZeroIsOverUnlessTheProfileSaysOtherwise() {
    assertThat(
            granted(
                    ProfileFixture.anywhere().profile(),
                    "{\"access_token\": \"at\", \"expires_in\": 0}")
                .lifetime()
                .expiresAt())
        .isEqualTo(SENT);
  }

  @Test
  void theRefreshTokensOwnEndIsReadByItsFields() {
    Profile profile =
        ProfileFixture.anywhere()
            .with("refresh", "{expiry_fields: [x_refresh_token_expires_in]}")
            .profile();

    assertThat(
            granted(
                    profile,
                    "{\"access_token\": \"at\", \"x_refresh_token_expires_in\": \"8640000\"}")
                .refreshTokenExpiresAt())
        .hasValue(SENT.plusSeconds(8_640_000).minus(MARGIN));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text/plain                        | access_token=at%2B1&token_type=bearer&scope=a%2Cb",
        "application/x-www-form-urlencoded | access_token=at%2B1&token_type=bearer&scope=a,b",
        "text/plain; charset=utf-8         | {\"access_token\": \"at+1\", \"scope\": \"a,b\"}",
        "application/vnd.api+json          | {\"access_token\": \"at+1\", \"scope\": [\"a\", \"b\"]}",
        "application/json                  | {\"access_token\": \"at+1\", \"scope\": \"a b\"}",
      })
  void anAnswerMayComeInAnotherForm(String type, String body) {
    TokenReply reply = read(ProfileFixture.anywhere().profile(), 200, type, body);

    assertThat(reply)
        .asInstanceOf(InstanceOfAssertFactories.type(Granted.class))
        .satisfies(
            granted -> {
              assertThat(granted.tokens().accessToken().reveal()).isEqualTo("at+1");
              assertThat(granted.tokens().scopes()).hasValue(Scopes.of("a", "b"));
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"access_token", "=x", "access_token=a&access_token=b", "a=%zz", ""})
  void whatOnlyLooksLikeAFormIsNoAnswer(String body) {
    assertThat(read(ProfileFixture.anywhere().profile(), 200, "text/plain", body))
        .isEqualTo(new Ambiguous(Doubt.UNREADABLE));
  }

  @Test
  void anOddTokenTypeIsTakenWhereTheProfileKnowsIt() {
    String body = "{\"access_token\": \"at\", \"token_type\": \"User Access Token\"}";

    assertThat(read(ProfileFixture.anywhere().profile(), 200, "application/json", body))
        .isEqualTo(new Ambiguous(Doubt.UNREADABLE));
    assertThat(
            granted(
                    ProfileFixture.anywhere()
                        .with("response", "{token_types: [user access token]}")
                        .profile(),
                    body)
                .tokenType())
        .isEqualTo("Bearer");
  }

  @Test
  @Requirement("X-1")
  void publicFactsOfTheAnswerAreKeptAndNothingElse() {
    Profile profile =
        ProfileFixture.anywhere()
            .with(
                "response",
                "{metadata: {instance_url: instance_url, accounts: /accounts/*/id, missing: /no}}")
            .profile();

    assertThat(
            granted(
                    profile,
                    """
                    {"access_token": "at", "instance_url": "https://eu1.acme.example",
                     "accounts": [{"id": 7}, {"id": "x"}, {"name": "y"}], "other": "z"}
                    """)
                .metadata())
        .isEqualTo(Map.of("instance_url", "https://eu1.acme.example", "accounts", "7,x"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{when: [{place: ok, value: 'false'}], code: [error_code]} | {\"ok\": false, \"error_code\": \"invalid_grant\"}",
        "{when: [{place: result, value: '0000', differs: true}], code: [result], rules: [{code: '1004', means: terminal}]} | {\"result\": \"1004\", \"access_token\": \"at\"}",
        "{when: [{place: result, value: '0000', differs: true}], rules: [{status: 200, text: gone, means: terminal}]} | {\"error_description\": \"gone for good\"}",
      })
  @Requirement("C7")
  void anErrorMayHideBehindASuccess(String error, String body) {
    assertThat(
            read(
                ProfileFixture.anywhere().with("error", error).profile(),
                200,
                "application/json",
                body))
        .isEqualTo(new Rejected(Rejection.INVALID_GRANT));
  }

  @Test
  @Requirement("MO-9")
  void aSuccessWithoutAnAccessTokenIsNeverOne() {
    assertThat(
            read(
                ProfileFixture.anywhere().profile(),
                200,
                "application/json",
                "{\"id_token\": \"x\", \"token_type\": \"Bearer\", \"expires_in\": 3600}"))
        .isEqualTo(new Ambiguous(Doubt.UNREADABLE));
  }

  @ParameterizedTest
  @CsvSource({
    "terminal, INVALID_GRANT",
    "app, INVALID_CLIENT",
    "scope, INVALID_SCOPE",
    "request, INVALID_REQUEST"
  })
  @Requirement("G-6")
  void aRuleSaysWhatARefusalMeans(String meaning, Rejection rejection) {
    assertThat(byRule(meaning, 400, Optional.empty())).isEqualTo(new Rejected(rejection));
  }

  @Test
  void aRuleMaySayThatNothingOrSomethingMayHaveHappened() {
    assertThat(byRule("transient", 400, Optional.empty()))
        .isEqualTo(new Unreachable(Obstacle.UNAVAILABLE));
    assertThat(byRule("ambiguous", 400, Optional.empty()))
        .isEqualTo(new Ambiguous(Doubt.SERVER_ERROR));
    assertThat(byRule("rate", 403, Optional.of("7")))
        .isEqualTo(new Throttled(Duration.ofSeconds(7)));
  }

  @Test
  void theFirstRuleThatFitsCounts() {
    Profile profile =
        ProfileFixture.anywhere()
            .with(
                "error",
                """
                {rules: [{status: 403, code: invalid_grant, means: transient},
                         {code: invalid_request, on: [refresh_token], means: terminal},
                         {text: 'AADB2C90080', means: scope}]}\
                """)
            .profile();
    String request = "{\"error\": \"invalid_request\"}";

    assertThat(read(profile, 403, "application/json", "{\"error\": \"invalid_grant\"}"))
        .isEqualTo(new Unreachable(Obstacle.UNAVAILABLE));
    assertThat(read(profile, 400, "application/json", "{\"error\": \"invalid_grant\"}"))
        .isEqualTo(new Rejected(Rejection.INVALID_GRANT));
    assertThat(read(profile, 400, "application/json", request))
        .isEqualTo(new Rejected(Rejection.INVALID_GRANT));
    assertThat(read(profile, RequestKind.AUTHORIZATION_CODE, 400, request))
        .isEqualTo(new Rejected(Rejection.INVALID_REQUEST));
    assertThat(
            read(
                profile,
                400,
                "application/json",
                "{\"error\": \"x\", \"error_description\": \" AADB2C90080: The grant\"}"))
        .isEqualTo(new Rejected(Rejection.INVALID_SCOPE));
  }

  @Test
  void aRuleOnTheStatusAloneFitsAnAnswerThatCannotBeRead() {
    Profile profile =
        ProfileFixture.anywhere()
            .with("error", "{rules: [{status: 502, means: transient}]}")
            .profile();

    assertThat(read(profile, 502, "text/html", "<html>"))
        .isEqualTo(new Unreachable(Obstacle.UNAVAILABLE));
    assertThat(read(profile, 500, "text/html", "<html>"))
        .isEqualTo(new Ambiguous(Doubt.SERVER_ERROR));
  }

  @ParameterizedTest
  @CsvSource({"90, 90", "0, 1", "-30, 1", "86400, 3600"})
  void aTimeOfResetIsHonouredWhereNothingElseIsSaid(long ahead, long seconds) {
    String reset = Long.toString(SENT.plusSeconds(1 + ahead).getEpochSecond());

    assertThat(throttled(Optional.empty(), reset)).isEqualTo(Duration.ofSeconds(seconds));
    assertThat(throttled(Optional.of("12"), reset)).isEqualTo(Duration.ofSeconds(12));
    assertThat(throttled(Optional.empty(), "soon")).isEqualTo(Duration.ofSeconds(30));
  }

  private static Duration throttled(Optional<String> retryAfter, String reset) {
    TokenAnswer answer =
        new TokenAnswer(
            429,
            Optional.of("application/json"),
            retryAfter,
            Optional.of(reset),
            new Body.Complete("{\"code\":429,\"message\":\"Too many requests.\"}"));
    TokenReply reply =
        AnswerReader.read(
            answer,
            RequestKind.REFRESH_TOKEN,
            ProfileFixture.anywhere().profile(),
            SENT,
            SENT.plusSeconds(1));
    return ((Throttled) reply).retryAfter();
  }

  private static TokenReply byRule(String meaning, int status, Optional<String> retryAfter) {
    Profile profile =
        ProfileFixture.anywhere()
            .with(
                "error",
                "{code: [/errors/0/errorType], rules: [{code: odd, means: " + meaning + "}]}")
            .profile();
    return AnswerReader.read(
        new TokenAnswer(
            status,
            Optional.of("application/json"),
            retryAfter,
            new Body.Complete("{\"errors\": [{\"errorType\": \"odd\"}]}")),
        RequestKind.REFRESH_TOKEN,
        profile,
        SENT,
        SENT.plusSeconds(1));
  }

  private static GrantedTokens granted(Profile profile, String body) {
    return assertThat(read(profile, 200, "application/json", body))
        .asInstanceOf(InstanceOfAssertFactories.type(Granted.class))
        .actual()
        .tokens();
  }

  private static TokenReply read(Profile profile, int status, String type, String body) {
    return AnswerReader.read(
        new TokenAnswer(status, Optional.of(type), Optional.empty(), new Body.Complete(body)),
        RequestKind.REFRESH_TOKEN,
        profile,
        SENT,
        SENT.plusSeconds(1));
  }

  private static TokenReply read(Profile profile, RequestKind kind, int status, String body) {
    return AnswerReader.read(
        new TokenAnswer(
            status, Optional.of("application/json"), Optional.empty(), new Body.Complete(body)),
        kind,
        profile,
        SENT,
        SENT.plusSeconds(1));
  }
}
