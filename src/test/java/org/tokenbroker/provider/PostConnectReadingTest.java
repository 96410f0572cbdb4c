package org.tokenbroker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.PostConnectReply.Facts;
import org.tokenbroker.provider.PostConnectReply.Hindrance;
import org.tokenbroker.provider.PostConnectReply.Lacking;
import org.tokenbroker.provider.PostConnectReply.Learned;
import org.tokenbroker.provider.PostConnectReply.Refused;
import org.tokenbroker.provider.PostConnectReply.Throttled;
import org.tokenbroker.provider.PostConnectReply.Unavailable;
import org.tokenbroker.provider.TokenAnswer.Body;

class PostConnectReadingTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final String SUBSCRIPTION =
      """
      {"data": {"id": "sub-7", "type": "subscription",
        "links": {"url": "https://app.acme.example/parks/1"},
        "relationships": {
          "organization": {"data": {"id": "org-1"}},
          "administration_subscriptions": {"data": [{"id": "a-1"}, {"id": "a-2"}]}}}}
      """;

  @Test
  @Requirement({"BE-9", "BE-17"})
  void identityAndFactsOfAJsonApiDocumentAreLearned() {
    Facts facts = learned(SUBSCRIPTION);

    assertThat(facts.identity()).hasValue("sub-7");
    assertThat(facts.metadata())
        .isEqualTo(
            Map.of("subscription_id", "sub-7", "administration_ids", "a-1,a-2", "org", "org-1"));
  }

  @Test
  @Requirement("BE-9")
  void whatIsRequiredAndMissingIsNamed() {
    assertThat(read("{\"data\": {\"links\": {}}}"))
        .isEqualTo(new Lacking(Set.of("subscription_id", "identity")));
    assertThat(read("{\"data\": {\"id\": {\"nested\": true}}}"))
        .isEqualTo(new Lacking(Set.of("subscription_id", "identity")));
  }

  @Test
  void anIdentityOfUnboundedLengthIsNone() {
    assertThat(read("{\"data\": {\"id\": \"" + "x".repeat(257) + "\"}}"))
        .isEqualTo(new Lacking(Set.of("identity")));
  }

  @Test
  void aTopLevelArrayIsReadToo() {
    Profile.PostConnect wanted =
        wanted("{url: 'https://api.acme.example/connections', metadata: {tenants: /*/id}}");

    assertThat(read("[{\"id\": \"t-1\"}, {\"id\": \"t-2\"}]", wanted))
        .isEqualTo(
            new Learned(
                new Facts(
                    Optional.empty(), Map.of("tenants", "t-1,t-2"), Optional.empty(), false)));
  }

  @Test
  @Requirement("BE-10")
  void aReturnUrlWithinTheHostsIsKept() {
    Facts facts = learned(SUBSCRIPTION);

    assertThat(facts.returnUrl()).hasValue(URI.create("https://app.acme.example/parks/1"));
    assertThat(facts.returnUrlRefused()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://app.acme.example/parks/1",
        "https://evil.example/",
        "https://app.acme.example.evil.example/",
        "https://app.acme.example@evil.example/",
        "https://evil.example@app.acme.example/",
        "https://evil.example#app.acme.example",
        "javascript:alert(1)",
        "//app.acme.example/",
        "/parks/1",
        "https:app.acme.example",
        "https://app.acme.example\\\\.evil.example/",
        "https://app.acme.example/ x",
      })
  @Requirement("BE-10")
  void aReturnUrlOutsideTheHostsIsDroppedAndNoted(String url) {
    Facts facts = learned("{\"data\": {\"id\": \"sub-7\", \"links\": {\"url\": \"" + url + "\"}}}");

    assertThat(facts.returnUrl()).isEmpty();
    assertThat(facts.returnUrlRefused()).isTrue();
    assertThat(facts.identity()).hasValue("sub-7");
  }

  @Test
  void anAnswerWithoutReturnUrlNotesNothing() {
    Facts facts = learned("{\"data\": {\"id\": \"sub-7\"}}");

    assertThat(facts.returnUrl()).isEmpty();
    assertThat(facts.returnUrlRefused()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void aTokenThatTheApiDoesNotAcceptIsRefused(int status) {
    assertThat(read(answer(status, SUBSCRIPTION))).isEqualTo(new Refused());
  }

  @ParameterizedTest
  @CsvSource({"429, 17, 17", "429, , 30", "503, 5, 5", "429, 86400, 3600"})
  void aPauseThatIsAskedForIsTold(int status, String retryAfter, long seconds) {
    TokenAnswer answer =
        new TokenAnswer(
            status,
            Optional.of("application/json"),
            Optional.ofNullable(retryAfter),
            new Body.Complete("{}"));

    assertThat(read(answer)).isEqualTo(new Throttled(Duration.ofSeconds(seconds)));
  }

  @Test
  void aPauseMayBeTheTimeOfAReset() {
    String reset = Long.toString(NOW.plusSeconds(40).getEpochSecond());
    TokenAnswer answer =
        new TokenAnswer(
            429, Optional.empty(), Optional.empty(), Optional.of(reset), new Body.Complete(""));

    assertThat(read(answer)).isEqualTo(new Throttled(Duration.ofSeconds(40)));
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 400, 404, 406, 500, 502, 503})
  void anyOtherStatusMayBeAskedForLater(int status) {
    assertThat(read(answer(status, SUBSCRIPTION))).isEqualTo(new Unavailable(Hindrance.STATUS));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "null", "\"text\"", "7", "{\"data\":", "<html>", "{\"a\":1,\"a\":2}", "{} {}"})
  void whatIsNoJsonDocumentIsUnreadable(String body) {
    assertThat(read(body)).isEqualTo(new Unavailable(Hindrance.UNREADABLE));
  }

  @Test
  void nestingIsBounded() {
    String deep = "{\"a\":".repeat(40) + "1" + "}".repeat(40);

    assertThat(read(deep)).isEqualTo(new Unavailable(Hindrance.UNREADABLE));
  }

  @Test
  void anotherMediaTypeIsUnreadable() {
    TokenAnswer page =
        new TokenAnswer(
            200, Optional.of("text/html"), Optional.empty(), new Body.Complete(SUBSCRIPTION));

    assertThat(read(page)).isEqualTo(new Unavailable(Hindrance.UNREADABLE));
  }

  @Test
  void aBodyThatDidNotComeWholeIsNoAnswer() {
    assertThat(read(body(new Body.Cut()))).isEqualTo(new Unavailable(Hindrance.NO_ANSWER));
    assertThat(read(body(new Body.TimedOut()))).isEqualTo(new Unavailable(Hindrance.NO_ANSWER));
    assertThat(read(body(new Body.TooLarge()))).isEqualTo(new Unavailable(Hindrance.UNREADABLE));
  }

  private static Facts learned(String body) {
    return assertThat(read(body))
        .asInstanceOf(InstanceOfAssertFactories.type(Learned.class))
        .actual()
        .facts();
  }

  private static PostConnectReply read(String body) {
    return read(answer(200, body));
  }

  private static PostConnectReply read(TokenAnswer answer) {
    return PostConnectReading.read(answer, subscription(), NOW);
  }

  private static PostConnectReply read(String body, Profile.PostConnect wanted) {
    return PostConnectReading.read(answer(200, body), wanted, NOW);
  }

  private static TokenAnswer answer(int status, String body) {
    return new TokenAnswer(
        status,
        Optional.of("application/vnd.api+json; charset=utf-8"),
        Optional.empty(),
        new Body.Complete(body));
  }

  private static TokenAnswer body(Body body) {
    return new TokenAnswer(200, Optional.of("application/json"), Optional.empty(), body);
  }

  private static Profile.PostConnect subscription() {
    return wanted(
        """
        {url: 'https://api.acme.example/subscription', accept: application/vnd.api+json,
         identity: /data/id,
         metadata: {
           subscription_id: /data/id,
           org: /data/relationships/organization/data/id,
           administration_ids: /data/relationships/administration_subscriptions/data/*/id},
         required: [subscription_id],
         return_url: /data/links/url, return_hosts: [app.acme.example]}
        """
            .replace('\n', ' '));
  }

  private static Profile.PostConnect wanted(String yaml) {
    return ProfileFixture.anywhere()
        .with("post_connect", yaml)
        .profile()
        .postConnect()
        .orElseThrow();
  }
}
