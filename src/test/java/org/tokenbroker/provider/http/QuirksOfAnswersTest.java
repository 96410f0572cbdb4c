package org.tokenbroker.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.GrantedTokens;
import org.tokenbroker.provider.TokenEndpoint;
import org.tokenbroker.provider.TokenReply;
import org.tokenbroker.provider.TokenReply.Doubt;
import org.tokenbroker.provider.TokenRequest;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;

/** Answers as vendors really give them, and the few lines of a profile that make sense of them. */
@QuarkusTest
@TestProfile(CallsToProviders.class)
@Requirement("X-5")
class QuirksOfAnswersTest {
  private static final String JSON = "application/json";
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
    reply("", JSON, "{}");
  }

  @AfterAll
  static void stop() {
    provider.close();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "1 Salesforce | expiry: {default_lifetime: 2h}            | {\"access_token\": \"t\"}                                | 7200",
        "1 Slack      | expiry: {never: true}                     | {\"access_token\": \"t\"}                                | 31536000",
        "2 B2C        | expiry: {}                                | {\"access_token\": \"t\", \"expires_in\": \"3600\"}      | 3600",
        "3 Mailchimp  | expiry: {zero_means: never}               | {\"access_token\": \"t\", \"expires_in\": 0}             | 31536000",
        "4 Facebook   | expiry: {fields: [expires_in, expires]}   | {\"access_token\": \"t\", \"expires\": 5184000}          | 5184000",
        "5 Fiserv     | expiry: {unit: milliseconds}              | {\"access_token\": \"t\", \"expires_in\": 1800000}       | 1800",
      })
  void theLifeOfATokenIsReadAsItsVendorTellsIt(
      String vendor, String quirk, String body, long seconds) {
    assertLives(granted(quirk, JSON, body), seconds);
  }

  @ParameterizedTest
  @CsvSource({"yyyy-MM-dd'T'HH:mm:ss.SSSxx", "yyyy-MM-dd'T'HH:mm:ssXXX", "yyyy-MM-dd HH:mm:ssX"})
  void anEndThatIsWrittenAsADateIsRead(String form) {
    String until =
        DateTimeFormatter.ofPattern(form, Locale.ROOT)
            .format(Instant.now().plusSeconds(3600).atOffset(ZoneOffset.ofHours(8)));

    assertLives(
        granted(
            "response: {access_token: [/data/accessToken]}\n"
                + "expiry: {mode: date, fields: [/data/expireTime]}",
            JSON,
            "{\"data\": {\"accessToken\": \"t\", \"expireTime\": \"" + until + "\"}}"),
        3600);
  }

  @Test
  void anEndThatIsWrittenAsATimeSince1970IsRead() {
    long until = Instant.now().plusSeconds(900).toEpochMilli();

    assertLives(
        granted(
            "expiry: {mode: epoch, unit: milliseconds, fields: [expires_at]}",
            JSON,
            "{\"access_token\": \"t\", \"expires_at\": " + until + "}"),
        900);
  }

  @Test
  @Requirement("MO-9")
  void aTokenThatAloneKnowsItsEndIsAsked() {
    String claims = "{\"exp\": " + Instant.now().plusSeconds(1200).getEpochSecond() + "}";

    assertLives(
        granted(
            "expiry: {mode: date, fields: [expires_at]}",
            JSON,
            "{\"access_token\": \"e30."
                + Base64.getUrlEncoder().encodeToString(claims.getBytes(StandardCharsets.UTF_8))
                + ".c2ln\", \"expires_at\": null}"),
        1200);
  }

  @ParameterizedTest
  @CsvSource({
    "refresh_token_expires_in,15897600",
    "x_refresh_token_expires_in,8640000",
    "refresh_expires_in,1800"
  })
  @Requirement("G-8")
  void theRefreshTokensOwnEndIsFoundUnderAllItsUsualNames(String member, long seconds) {
    GrantedTokens tokens =
        granted(
            "",
            JSON,
            "{\"access_token\": \"t\", \"refresh_token\": \"r\", \"%s\": \"%s\"}"
                .formatted(member, seconds));

    assertThat(tokens.refreshTokenExpiresAt().orElseThrow())
        .isCloseTo(Instant.now().plusSeconds(seconds - 5), within(5, ChronoUnit.SECONDS));
  }

  /** Keycloak says zero of an offline session, which has no end. */
  @Test
  @Requirement("G-8")
  void aRefreshTokenWithALifeOfZeroHasNoEnd() {
    assertThat(
            granted(
                    "",
                    JSON,
                    "{\"access_token\": \"t\", \"refresh_token\": \"r\", \"refresh_expires_in\": 0}")
                .refreshTokenExpiresAt())
        .isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "Slack        | {access_token: [/authed_user/access_token], refresh_token: [/authed_user/refresh_token]} | {\"ok\": true, \"access_token\": \"bot\", \"authed_user\": {\"access_token\": \"t\", \"refresh_token\": \"r\"}}",
        "TikTok       | {access_token: [/data/access_token], refresh_token: [/data/refresh_token]} | {\"data\": {\"access_token\": \"t\", \"refresh_token\": \"r\"}, \"message\": \"success\"}",
        "Withings     | {access_token: [/body/access_token], refresh_token: [/body/refresh_token]} | {\"status\": 0, \"body\": {\"access_token\": \"t\", \"refresh_token\": \"r\"}}",
        "Plentymarkets | {access_token: [accessToken], refresh_token: [refreshToken]} | {\"accessToken\": \"t\", \"refreshToken\": \"r\"}",
        "several      | {access_token: [/data/token, jwt], refresh_token: [/0/no, r]} | {\"jwt\": \"t\", \"r\": \"r\"}",
      })
  void tokensAreFoundWhereTheVendorPutsThem(String vendor, String response, String body) {
    GrantedTokens tokens = granted("response: " + response, JSON, body);

    assertThat(tokens.accessToken().reveal()).isEqualTo("t");
    assertThat(tokens.refreshToken().orElseThrow().reveal()).isEqualTo("r");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "GitHub          | application/x-www-form-urlencoded; charset=utf-8 | access_token=t&scope=repo%2Cgist&token_type=bearer",
        "old Facebook    | text/plain; charset=UTF-8 | access_token=t&scope=repo%2Cgist",
        "WeChat          | text/plain                | {\"access_token\": \"t\", \"scope\": \"repo,gist\"}",
        "a PHP script    | text/html; charset=UTF-8  | {\"access_token\": \"t\", \"scope\": \"repo,gist\"}",
        "older Facebook  | text/javascript           | {\"access_token\": \"t\", \"scope\": \"repo,gist\"}",
        "says no type    | ''                        | {\"access_token\": \"t\", \"scope\": \"repo,gist\"}",
        "a form, no type | ''                        | access_token=t&scope=repo+gist",
      })
  void anAnswerIsReadByItsTypeAndElseByItsLooks(String vendor, String type, String body) {
    GrantedTokens tokens = granted("", type, body);

    assertThat(tokens.accessToken().reveal()).isEqualTo("t");
    assertThat(tokens.scopes()).hasValue(Scopes.of("repo", "gist"));
  }

  @Test
  @Requirement("C4")
  void aTokenTypeThatOnlyTheVendorKnowsIsTakenForBearerAndAMissingOneToo() {
    String known = "response: {token_types: [User Access Token]}";

    assertThat(
            granted(known, JSON, "{\"access_token\": \"t\", \"token_type\": \"User Access Token\"}")
                .tokenType())
        .isEqualTo("Bearer");
    assertThat(granted("", JSON, "{\"access_token\": \"t\"}").tokenType()).isEqualTo("Bearer");
    assertThat(reply("", JSON, "{\"access_token\": \"t\", \"token_type\": \"User Access Token\"}"))
        .isEqualTo(new TokenReply.Ambiguous(Doubt.UNREADABLE));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "Mailchimp   | ''  | null                  | ''",
        "absent      | ''  |                       | ''",
        "empty       | ''  | []                    | ''",
        "Twitch      | ''  | [\"a:b\", \"c\"]      | a:b c",
        "no text     | ''  | [null, {\"x\": 1}]    | ''",
        "GitHub      | ''  | \"a,b\"               | a b",
        "comma space | ,   | \"a, b\"              | a b",
        "plus        | +   | \"a+b\"               | a b",
        "spaces      | ''  | \"a  b\"              | a b",
      })
  void scopesAreReadInWhateverFormTheyComeAndElseCountAsNotTold(
      String vendor, String separator, String scope, String expected) {
    String quirk = separator.isEmpty() ? "" : "authorize: {scope_separator: '" + separator + "'}";
    String member = scope == null ? "" : ", \"scope\": " + scope;

    assertThat(granted(quirk, JSON, "{\"access_token\": \"t\"" + member + "}").scopes())
        .isEqualTo(
            expected.isEmpty() ? Optional.empty() : Optional.of(Scopes.of(expected.split(" "))));
  }

  @Test
  @Requirement("X-1")
  void publicFactsOfTheAnswerComeWithTheTokens() {
    assertThat(
            granted(
                    "response: {metadata: {instance_url: instance_url, workspace: /owner/id}}",
                    JSON,
                    "{\"access_token\": \"t\", \"instance_url\": \"https://eu1.acme.example\","
                        + " \"owner\": {\"id\": 17}}")
                .metadata())
        .isEqualTo(Map.of("instance_url", "https://eu1.acme.example", "workspace", "17"));
  }

  @Test
  void anIdTokenIsNeitherWantedNorMinded() {
    assertThat(granted("", JSON, "{\"access_token\": \"t\"}").accessToken().reveal())
        .isEqualTo("t");
    assertThat(
            granted("", JSON, "{\"access_token\": \"t\", \"id_token\": \"no.jwt\"}")
                .accessToken()
                .reveal())
        .isEqualTo("t");
  }

  private void assertLives(GrantedTokens tokens, long seconds) {
    assertThat(tokens.lifetime().expiresAt())
        .isCloseTo(Instant.now().plusSeconds(seconds - 5), within(5, ChronoUnit.SECONDS));
  }

  private GrantedTokens granted(String quirk, String type, String body) {
    TokenReply reply = reply(quirk, type, body);
    assertThat(reply).isInstanceOf(TokenReply.Granted.class);
    return ((TokenReply.Granted) reply).tokens();
  }

  private TokenReply reply(String quirk, String type, String body) {
    provider.answers(200, type, body);
    return endpoint
        .request(Callers.withSecret(Quirky.profile(provider.base(), quirk)), CODE)
        .await()
        .atMost(Duration.ofSeconds(30));
  }
}
