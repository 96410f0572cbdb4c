package org.tokenbroker.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.Rejection;
import org.tokenbroker.provider.TokenEndpoint;
import org.tokenbroker.provider.TokenReply;
import org.tokenbroker.provider.TokenReply.Doubt;
import org.tokenbroker.provider.TokenReply.Obstacle;
import org.tokenbroker.provider.TokenRequest;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;

/** Refusals as vendors really word them, and the rules that say what they mean. */
@QuarkusTest
@TestProfile(CallsToProviders.class)
@Requirement("X-5")
class QuirksOfErrorsTest {
  private static final String JSON = "application/json";
  private static final TokenRequest REFRESH =
      new TokenRequest.RefreshToken(Secret.of("r"), Scopes.none(), Scopes.none(), Optional.empty());
  private static final TokenRequest CODE =
      new TokenRequest.AuthorizationCode(Secret.of("a-code"), Optional.empty(), Optional.empty());

  @Inject TokenEndpoint endpoint;

  private static RecordingProvider provider;

  @BeforeAll
  static void start() {
    provider = new RecordingProvider();
  }

  /** As in {@link TokenRequestsTest#warmUp}. */
  @BeforeEach
  void warmUp() {
    reply("", REFRESH, 200, "{}");
  }

  @AfterAll
  static void stop() {
    provider.close();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "Slack | {when: [{place: ok, value: 'false'}], rules: [{code: token_revoked, means: terminal}]} | {\"ok\": false, \"error\": \"token_revoked\", \"access_token\": \"t\"}",
        "Coros | {when: [{place: result, value: '0000', differs: true}], code: [result], rules: [{code: '1030', means: terminal}]} | {\"result\": \"1030\", \"access_token\": \"t\"}",
        "Withings | {when: [{place: status, value: '0', differs: true}], code: [status], rules: [{code: '401', means: terminal}]} | {\"status\": 401, \"body\": {}}",
      })
  @Requirement("C7")
  void anErrorThatCallsItselfASuccessIsAnError(String vendor, String error, String body) {
    assertThat(reply("error: " + error, REFRESH, 200, body))
        .isEqualTo(new TokenReply.Rejected(Rejection.INVALID_GRANT));
  }

  @Test
  void anExhaustedBudgetThatCallsItselfASuccessIsAPause() {
    String zoho = "error: {rules: [{code: Access Denied, means: rate}]}";

    assertThat(reply(zoho, REFRESH, 200, "{\"error\": \"Access Denied\", \"status\": \"failure\"}"))
        .isInstanceOf(TokenReply.Throttled.class);
  }

  @Test
  @Requirement("MO-9")
  void aSuccessWithoutAnAccessTokenIsNoSuccess() {
    assertThat(reply("", REFRESH, 200, "{\"id_token\": \"a.b.c\", \"token_type\": \"Bearer\"}"))
        .isEqualTo(new TokenReply.Ambiguous(Doubt.UNREADABLE));
  }

  @Test
  @Requirement({"MO-10", "G-1"})
  void aRefreshTokenThatComesWithoutAnAccessTokenIsNotLost() {
    assertThat(reply("", REFRESH, 200, "{\"id_token\": \"a.b.c\", \"refresh_token\": \"rt-2\"}"))
        .isEqualTo(new TokenReply.WithoutAccessToken(Secret.of("rt-2"), Optional.empty()));
    assertThat(
            reply(
                "",
                REFRESH,
                200,
                "{\"token_type\": \"mac\", \"access_token\": \"at\", \"refresh_token\": \"rt-2\"}"))
        .isEqualTo(new TokenReply.WithoutAccessToken(Secret.of("rt-2"), Optional.empty()));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "Fitbit | {code: [/errors/*/errorType]} | 400 | {\"errors\": [{\"errorType\": \"invalid_grant\", \"message\": \"no\"}], \"success\": false}",
        "Twitch | {text: [message], rules: [{status: 400, text: Invalid refresh token, means: terminal}]} | 400 | {\"status\": 400, \"message\": \"Invalid refresh token\"}",
        "the portal | {code: [code], rules: [{code: '403', means: terminal}]} | 403 | {\"code\": 403, \"message\": \"no\"}",
        "B2C | {rules: [{text: 'AADB2C90080', means: terminal}]} | 400 | {\"error\": \"invalid_request\", \"error_description\": \"AADB2C90080: The provided grant has expired.\"}",
      })
  void aReasonInAnOddPlaceIsFound(String vendor, String error, int status, String body) {
    assertThat(reply("error: " + error, REFRESH, status, body))
        .isEqualTo(new TokenReply.Rejected(Rejection.INVALID_GRANT));
  }

  @ParameterizedTest
  @CsvSource({"terminal,INVALID_GRANT", "app,INVALID_CLIENT", "scope,INVALID_SCOPE"})
  void aRuleGivesAReasonItsMeaning(String meaning, Rejection reason) {
    String rule = "error: {rules: [{code: E7, means: %s}]}".formatted(meaning);

    assertThat(reply(rule, REFRESH, 400, "{\"error\": \"E7\"}"))
        .isEqualTo(new TokenReply.Rejected(reason));
  }

  @Test
  void aRuleSaysThatNothingHappened() {
    String rule = "error: {rules: [{code: E7, means: transient}]}";

    assertThat(reply(rule, REFRESH, 400, "{\"error\": \"E7\"}"))
        .isEqualTo(new TokenReply.Unreachable(Obstacle.UNAVAILABLE));
  }

  @ParameterizedTest
  @CsvSource({"400", "401", "403", "200"})
  @Requirement("C7")
  void theSameReasonMeansTheSameUnderAnotherStatus(int status) {
    assertThat(reply("", REFRESH, status, "{\"error\": \"invalid_grant\"}"))
        .isEqualTo(new TokenReply.Rejected(Rejection.INVALID_GRANT));
  }

  @Test
  void aCodeThatLiesOnRefreshesTellsTheTruthElsewhere() {
    String acm =
        "error: {rules: [{status: 400, code: invalid_request, 'on': [refresh_token], means: terminal}]}";

    assertThat(reply(acm, REFRESH, 400, "{\"error\": \"invalid_request\"}"))
        .isEqualTo(new TokenReply.Rejected(Rejection.INVALID_GRANT));
    assertThat(reply(acm, CODE, 400, "{\"error\": \"invalid_request\"}"))
        .isEqualTo(new TokenReply.Rejected(Rejection.INVALID_REQUEST));
  }

  private TokenReply reply(String quirk, TokenRequest request, int status, String body) {
    provider.answers(status, JSON, body);
    return endpoint
        .request(Callers.withSecret(Quirky.profile(provider.base(), quirk)), request)
        .await()
        .atMost(Duration.ofSeconds(30));
  }
}
