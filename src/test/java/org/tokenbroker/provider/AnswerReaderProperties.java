package org.tokenbroker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.ErrorRule.RequestKind;
import org.tokenbroker.provider.TokenAnswer.Body;
import org.tokenbroker.provider.TokenReply.Ambiguous;
import org.tokenbroker.provider.TokenReply.Granted;
import org.tokenbroker.provider.TokenReply.Rejected;
import org.tokenbroker.provider.TokenReply.Throttled;

class AnswerReaderProperties {
  private static final Instant SENT = Instant.parse("2026-01-01T00:00:00Z");
  private static final Profile PROFILE = ProfileFixture.anywhere().profile();

  @Property
  void everyAnswerHasAReply(
      @ForAll @IntRange(min = 100, max = 999) int status, @ForAll("bodies") String body) {
    assertThat(read(status, Optional.empty(), body)).isNotNull();
  }

  @Property
  void noAnswerButASuccessIsGranted(
      @ForAll @IntRange(min = 100, max = 999) int status, @ForAll("bodies") String body) {
    if (read(status, Optional.empty(), body) instanceof Granted) {
      assertThat(status).isBetween(200, 299);
    }
  }

  @Property
  void aSuccessWithoutErrorMemberIsNeverARefusal(@ForAll("bodies") String body) {
    TokenReply reply = read(200, Optional.empty(), body);

    if (reply instanceof Rejected) {
      assertThat(body).contains("error");
    } else {
      assertThat(reply).isInstanceOfAny(Granted.class, Ambiguous.class);
    }
  }

  @Property
  @Requirement("G-8")
  void aLifeStartsWhenTheRequestWasSentAndNeverEndsBeforeOrAfterAYear(
      @ForAll("expiries") String expiry) {
    TokenReply reply =
        read(200, Optional.empty(), "{\"access_token\":\"at\",\"expires_in\":" + expiry + "}");

    assertThat(reply).isInstanceOf(Granted.class);
    Duration total = ((Granted) reply).tokens().lifetime().total();
    assertThat(total).isBetween(Duration.ZERO, Duration.ofDays(365).minusSeconds(5));
  }

  @Property
  @Requirement({"G-8", "MO-9"})
  void numberAndTextMeanTheSameFiveSecondsLess(
      @ForAll @IntRange(min = 6, max = 31_536_000) int seconds) {
    TokenReply number =
        read(200, Optional.empty(), "{\"access_token\":\"at\",\"expires_in\":" + seconds + "}");
    TokenReply text =
        read(200, Optional.empty(), "{\"access_token\":\"at\",\"expires_in\":\"" + seconds + "\"}");

    assertThat(text).isEqualTo(number);
    assertThat(((Granted) number).tokens().lifetime().expiresAt())
        .isEqualTo(SENT.plusSeconds(seconds - 5L));
  }

  @Property
  @Requirement("G-6")
  void aPauseLastsBetweenASecondAndAnHour(@ForAll String header) {
    TokenReply reply = read(429, Optional.of(header), "");

    assertThat(reply).isInstanceOf(Throttled.class);
    assertThat(((Throttled) reply).retryAfter())
        .isBetween(Duration.ofSeconds(1), Duration.ofHours(1));
  }

  @Provide
  Arbitrary<String> expiries() {
    return Arbitraries.oneOf(
        Arbitraries.longs().map(String::valueOf),
        Arbitraries.bigIntegers().map(String::valueOf),
        Arbitraries.doubles().map(String::valueOf),
        Arbitraries.longs().map(value -> "\"" + value + "\""),
        Arbitraries.strings().alpha().map(value -> "\"" + value + "\""),
        Arbitraries.of("null", "true", "[]", "{}", "1e999", "-1e999", "\"1e9\""));
  }

  @Provide
  Arbitrary<String> bodies() {
    Arbitrary<String> members =
        Arbitraries.of(
            "\"access_token\":\"at\"",
            "\"access_token\":\"a.b.c\"",
            "\"access_token\":null",
            "\"token_type\":\"bearer\"",
            "\"token_type\":\"mac\"",
            "\"expires_in\":\"1\"",
            "\"expires_in\":-1",
            "\"refresh_token\":\"rt\"",
            "\"refresh_token\":[]",
            "\"scope\":[1,{}]",
            "\"error\":\"invalid_grant\"",
            "\"error\":null",
            "\"x\":[[[[]]]]");
    Arbitrary<String> objects =
        members.list().ofMaxSize(6).map(list -> "{" + String.join(",", list) + "}");
    return Arbitraries.oneOf(objects, objects.map(text -> text + "}"), Arbitraries.strings());
  }

  private static TokenReply read(int status, Optional<String> retryAfter, String body) {
    return AnswerReader.read(
        new TokenAnswer(
            status, Optional.of("application/json"), retryAfter, new Body.Complete(body)),
        RequestKind.REFRESH_TOKEN,
        PROFILE,
        SENT,
        SENT.plusSeconds(1));
  }
}
