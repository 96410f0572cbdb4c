package org.tokenbroker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
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
import org.tokenbroker.token.Lifetime;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;

class AnswerReaderTest {
  private static final Instant SENT = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant RECEIVED = SENT.plusSeconds(2);
  private static final Profile PROFILE =
      ProfileFixture.anywhere().expiry(Duration.ofMinutes(10), "expires_in", "expires").profile();
  private static final TokenReply UNREADABLE = new Ambiguous(Doubt.UNREADABLE);

  @Test
  void aFullAnswerIsGrantedAsItIs() {
    GrantedTokens tokens =
        granted(
            """
            {"access_token":"at","token_type":"bearer","expires_in":3600,"refresh_token":"rt",
             "refresh_expires_in":7200,"scope":"b a","something_else":{"x":[1]}}""");

    assertThat(tokens)
        .isEqualTo(
            new GrantedTokens(
                Secret.of("at"),
                "bearer",
                new Lifetime(SENT, SENT.plusSeconds(3595)),
                Optional.of(Secret.of("rt")),
                Optional.of(SENT.plusSeconds(7195)),
                Optional.of(Scopes.of("a", "b"))));
  }

  @Test
  @Requirement({"C5", "BE-13"})
  void anAnswerWithoutRefreshTokenOrScopeLeavesBothAsTheyWere() {
    GrantedTokens tokens = granted("{\"access_token\":\"at\",\"expires\":3600}");

    assertThat(tokens.refreshToken()).isEmpty();
    assertThat(tokens.scopes()).isEmpty();
    assertThat(tokens.lifetime().expiresAt()).isEqualTo(SENT.plusSeconds(3595));
  }

  @ParameterizedTest
  @Requirement({"MO-9", "G-8"})
  @CsvSource(
      delimiter = '|',
      value = {
        "\"expires_in\":3600                    | 3595",
        "\"expires_in\":\"3600\"                | 3595",
        "\"expires_in\":\" 3600 \"              | 3595",
        "\"expires_in\":3600.9                  | 3595",
        "\"expires_in\":\"3600.9\"              | 3595",
        "\"expires_in\":3.6e3                   | 3595",
        "\"expires_in\":5                       | 0",
        "\"expires_in\":1                       | 0",
        "\"expires_in\":0                       | 0",
        "\"expires_in\":-1                      | 0",
        "\"expires_in\":\"-99999999999999999\"  | 0",
        "\"expires_in\":1e400                   | 31535995",
        "\"expires_in\":99999999999999999999999 | 31535995",
        "\"expires_in\":null                    | 595",
        "\"expires_in\":\"soon\"                | 595",
        "\"expires_in\":\"\"                    | 595",
        "\"expires_in\":true                    | 595",
        "\"expires_in\":{\"a\":1}               | 595",
        "\"x\":1                                | 595",
        "\"expires\":60                         | 55",
        "\"expires\":60,\"expires_in\":3600     | 3595",
        "\"expires\":60,\"expires_in\":\"soon\" | 55",
      })
  void theLifeIsReadTolerantlyFromTheFirstUsableField(String members, long seconds) {
    GrantedTokens tokens = granted("{\"access_token\":\"at\"," + members + "}");

    assertThat(tokens.lifetime().total().toSeconds()).isEqualTo(seconds);
    assertThat(tokens.lifetime().issuedAt()).isEqualTo(SENT);
  }

  @Test
  @Requirement("MO-9")
  void aJwtTellsItsOwnEndWhereTheAnswerDoesNot() {
    String claims = "{\"exp\":" + SENT.plusSeconds(900).getEpochSecond() + "}";

    assertThat(granted("{\"access_token\":\"" + jwt(claims) + "\"}").lifetime().total())
        .isEqualTo(Duration.ofSeconds(895));
  }

  @Test
  @Requirement("MO-9")
  void theAnswerGoesBeforeTheJwt() {
    String claims = "{\"exp\":" + SENT.plusSeconds(900).getEpochSecond() + "}";

    assertThat(
            granted("{\"access_token\":\"" + jwt(claims) + "\",\"expires_in\":60}")
                .lifetime()
                .total())
        .isEqualTo(Duration.ofSeconds(55));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"exp\":\"soon\"}", "[]", "no json", "{\"exp\":1,\"exp\":2}"})
  void aJwtWithoutUsableEndFallsBackToTheProfile(String claims) {
    assertThat(granted("{\"access_token\":\"" + jwt(claims) + "\"}").lifetime().total())
        .isEqualTo(Duration.ofSeconds(595));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.b.c", "a.%%.c", "..", "a.b", "a.b.c.d.e"})
  void aTokenThatOnlyLooksLikeAJwtFallsBackToTheProfile(String token) {
    assertThat(granted("{\"access_token\":\"" + token + "\"}").lifetime().total())
        .isEqualTo(Duration.ofSeconds(595));
  }

  @ParameterizedTest
  @Requirement("C4")
  @ValueSource(strings = {"Bearer", "bearer", "BEARER", "bEaReR"})
  void theTokenTypeIsComparedWithoutRegardToCase(String type) {
    assertThat(granted("{\"access_token\":\"at\",\"token_type\":\"" + type + "\"}").tokenType())
        .isEqualTo(type);
  }

  @Test
  @Requirement("C4")
  void aMissingTokenTypeIsTheSchemeOfTheProfile() {
    Profile profile = ProfileFixture.anywhere().scheme("Token").profile();

    assertThat(read(profile, json(200, "{\"access_token\":\"at\"}")))
        .asInstanceOf(InstanceOfAssertFactories.type(Granted.class))
        .extracting(granted -> granted.tokens().tokenType())
        .isEqualTo("Token");
  }

  @ParameterizedTest
  @Requirement("C4")
  @ValueSource(strings = {"\"DPoP\"", "\"mac\"", "\"\"", "7", "[\"Bearer\"]", "{}"})
  void anUnknownTokenTypeIsNeverGranted(String type) {
    assertThat(read(json(200, "{\"access_token\":\"at\",\"token_type\":" + type + "}")))
        .isEqualTo(UNREADABLE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"id_token\":\"x\"}",
        "{\"access_token\":null}",
        "{\"access_token\":\"\"}",
        "{\"access_token\":\"  \"}",
        "{\"access_token\":7}",
        "{\"access_token\":{\"value\":\"at\"}}",
        "{\"access_token\":\"a\\r\\nX-Injected: b\"}",
        "{\"access_token\":\"\\u00e9\"}",
        "{\"access_token\":\"at\",\"refresh_token\":\"r\\nt\"}",
        "{\"access_token\":\"at\",\"access_token\":\"at2\"}",
        "{\"access_token\":\"at\",\"expires_in\":1,\"expires_in\":2}",
        "{\"access_token\":\"at\"",
        "{\"access_token\":\"at\"} {}",
        "[{\"access_token\":\"at\"}]",
        "\"at\"",
        "",
        "<html>at</html>",
      })
  void aSuccessThatHoldsNoUsableTokenIsAmbiguous(String body) {
    assertThat(read(json(200, body))).isEqualTo(UNREADABLE);
  }

  @ParameterizedTest
  @CsvSource({"31,true", "32,false", "10000,false"})
  void nestingEndsAtThirtyTwo(int arrays, boolean accepted) {
    String body = "{\"access_token\":\"at\",\"x\":" + "[".repeat(arrays) + "]".repeat(arrays) + "}";

    assertThat(read(json(200, body)) instanceof Granted).isEqualTo(accepted);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "application/json,true",
        "application/json; charset=utf-8,true",
        "Application/JSON;charset=UTF-8,true",
        "application/vnd.acme+json,true",
        "text/html; charset=utf-8,true",
        "text/javascript,true",
        "text/plain,true",
        "image/png,false",
        "application/jsonp,false",
        "application/x-www-form-urlencoded,true",
        "'',true",
        "none,true",
      })
  void onlyAMediaTypeThatMayHoldATokenAnswerIsRead(String type, boolean readable) {
    TokenAnswer answer =
        new TokenAnswer(
            200,
            Optional.ofNullable(type),
            Optional.empty(),
            new Body.Complete("{\"access_token\":\"at\"}"));

    assertThat(read(answer) instanceof Granted).isEqualTo(readable);
  }

  @ParameterizedTest
  @Requirement("C7")
  @CsvSource({
    "400,invalid_grant,INVALID_GRANT",
    "403,invalid_grant,INVALID_GRANT",
    "401,invalid_client,INVALID_CLIENT",
    "400,invalid_client,INVALID_CLIENT",
    "400,unauthorized_client,UNAUTHORIZED_CLIENT",
    "400,invalid_scope,INVALID_SCOPE",
    "400,unsupported_grant_type,UNSUPPORTED_GRANT_TYPE",
    "400,invalid_request,INVALID_REQUEST",
    "400,interaction_required,OTHER",
    "404,invalid_grant,INVALID_GRANT",
    "200,invalid_grant,INVALID_GRANT",
    "200,invalid_client,INVALID_CLIENT",
    "200,whatever,OTHER",
  })
  void anErrorCodeIsARefusalWhateverTheStatus(int status, String code, Rejection reason) {
    assertThat(
            read(
                json(status, "{\"error\":\"" + code + "\",\"error_description\":\"AADB2C90080\"}")))
        .isEqualTo(new Rejected(reason));
  }

  @Test
  @Requirement("C7")
  void anErrorNextToATokenIsStillAnError() {
    assertThat(read(json(200, "{\"error\":\"invalid_grant\",\"access_token\":\"at\"}")))
        .isEqualTo(new Rejected(Rejection.INVALID_GRANT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "{\"error\":7}", "{\"error\":{\"code\":1}}", "<html/>", "[1]"})
  void aRefusalWithoutReadableCodeIsOther(String body) {
    assertThat(read(json(401, body))).isEqualTo(new Rejected(Rejection.OTHER));
    assertThat(read(json(400, body))).isEqualTo(new Rejected(Rejection.OTHER));
  }

  @ParameterizedTest
  @Requirement("C3")
  @ValueSource(ints = {300, 301, 302, 303, 307, 308})
  void aRedirectIsAnErrorAndNotFollowed(int status) {
    assertThat(read(json(status, "{\"access_token\":\"at\"}")))
        .isEqualTo(new Rejected(Rejection.OTHER));
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 501, 502, 504, 599})
  void aServerErrorIsAmbiguousEvenWithAnErrorCode(int status) {
    assertThat(read(json(status, "{\"error\":\"invalid_grant\"}")))
        .isEqualTo(new Ambiguous(Doubt.SERVER_ERROR));
  }

  @Test
  void errorCodesOfTheAuthorizationEndpointKeepTheirMeaning() {
    assertThat(read(json(400, "{\"error\":\"server_error\"}")))
        .isEqualTo(new Ambiguous(Doubt.SERVER_ERROR));
    assertThat(read(json(400, "{\"error\":\"temporarily_unavailable\"}")))
        .isEqualTo(new Unreachable(Obstacle.UNAVAILABLE));
  }

  @Test
  void unavailableWithoutAPauseIsUnreachable() {
    assertThat(read(json(503, "{}"))).isEqualTo(new Unreachable(Obstacle.UNAVAILABLE));
  }

  @ParameterizedTest
  @Requirement("G-6")
  @CsvSource(
      nullValues = "none",
      delimiter = '|',
      value = {
        "0                             | 1",
        "1                             | 1",
        "120                           | 120",
        " 120                          | 120",
        "3600                          | 3600",
        "3601                          | 3600",
        "99999999999999999999          | 3600",
        "Thu, 01 Jan 2026 00:01:02 GMT | 60",
        "Thu, 01 Jan 2026 00:00:00 GMT | 1",
        "Wed, 01 Jan 2025 00:00:00 GMT | 1",
        "Fri, 01 Jan 2027 00:00:00 GMT | 3600",
        "-5                            | 30",
        "soon                          | 30",
        "''                            | 30",
        "none                          | 30",
      })
  void bothFormsOfRetryAfterAreHonouredWithinBounds(String header, long seconds) {
    TokenAnswer answer =
        new TokenAnswer(
            429, Optional.empty(), Optional.ofNullable(header), new Body.Complete("slow down"));

    assertThat(read(answer)).isEqualTo(new Throttled(Duration.ofSeconds(seconds)));
  }

  @Test
  void unavailableWithAPauseIsThrottled() {
    TokenAnswer answer =
        new TokenAnswer(503, Optional.empty(), Optional.of("7"), new Body.Complete(""));

    assertThat(read(answer)).isEqualTo(new Throttled(Duration.ofSeconds(7)));
  }

  @ParameterizedTest
  @CsvSource({"200", "400"})
  void anAnswerThatBreaksOffIsAmbiguous(int status) {
    assertThat(read(answer(status, new Body.Cut()))).isEqualTo(new Ambiguous(Doubt.CUT));
    assertThat(read(answer(status, new Body.TimedOut()))).isEqualTo(new Ambiguous(Doubt.TIMEOUT));
  }

  @Test
  void aBodyBeyondTheCapIsAmbiguousOnSuccessAndARefusalOtherwise() {
    assertThat(read(answer(200, new Body.TooLarge()))).isEqualTo(UNREADABLE);
    assertThat(read(answer(400, new Body.TooLarge()))).isEqualTo(new Rejected(Rejection.OTHER));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"a b\"                | a b",
        "\"b  a\"               | a b",
        "[\"b\",\"a\"]          | a b",
      })
  void scopesComeAsTextOrArray(String scope, String expected) {
    assertThat(granted("{\"access_token\":\"at\",\"scope\":" + scope + "}").scopes())
        .contains(Scopes.parse(expected));
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "\"\"", "[]", "7", "\"\\\"\"", "\"\\u00e9\""})
  void scopesThatCannotBeReadCountAsNotTold(String scope) {
    assertThat(granted("{\"access_token\":\"at\",\"scope\":" + scope + "}").scopes()).isEmpty();
  }

  @Test
  @Requirement("BE-2")
  void neitherAnswerNorReplyShowsItsTextWhenPrinted() {
    TokenAnswer answer =
        json(200, "{\"access_token\":\"canary-at\",\"refresh_token\":\"canary-rt\"}");

    assertThat(answer + " " + read(answer)).doesNotContain("canary");
  }

  private static GrantedTokens granted(String body) {
    return assertThat(read(json(200, body)))
        .asInstanceOf(InstanceOfAssertFactories.type(Granted.class))
        .actual()
        .tokens();
  }

  private static TokenReply read(TokenAnswer answer) {
    return read(PROFILE, answer);
  }

  private static TokenReply read(Profile profile, TokenAnswer answer) {
    return AnswerReader.read(answer, RequestKind.REFRESH_TOKEN, profile, SENT, RECEIVED);
  }

  private static TokenAnswer json(int status, String body) {
    return answer(status, new Body.Complete(body));
  }

  private static TokenAnswer answer(int status, Body body) {
    return new TokenAnswer(status, Optional.of("application/json"), Optional.empty(), body);
  }

  private static String jwt(String claims) {
    return "e30."
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(claims.getBytes(StandardCharsets.UTF_8))
        + ".c2ln";
  }
}
