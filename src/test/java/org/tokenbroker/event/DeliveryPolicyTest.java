package org.tokenbroker.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokenbroker.event.Samples.NOON;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeliveryPolicyTest {
  private static final LongUnaryOperator LONGEST = bound -> bound - 1;
  private static final LongUnaryOperator SHORTEST = bound -> 0;

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202, 204, 299})
  void aReceiverAcceptsWithAny2xx(int status) {
    assertThat(judged(answered(status), 0)).isEqualTo(new Verdict.Delivered());
  }

  @Test
  void aReceiverThatIsGoneWantsNothingAnyMore() {
    assertThat(judged(answered(410), 0)).isEqualTo(new Verdict.Gone());
  }

  @ParameterizedTest
  @CsvSource({
    "301, REDIRECTED",
    "307, REDIRECTED",
    "400, REFUSED",
    "404, REFUSED",
    "429, THROTTLED",
    "500, SERVER_ERROR",
    "503, SERVER_ERROR",
    "199, SERVER_ERROR",
    "700, SERVER_ERROR"
  })
  void everythingElseIsTriedAgain(int status, Failure failure) {
    assertThat(judged(answered(status), 0))
        .isEqualTo(new Verdict.Again(failure, NOON.plusSeconds(2)));
  }

  @ParameterizedTest
  @CsvSource({"0, PT2S", "1, PT4S", "5, PT64S", "8, PT8M32S", "9, PT15M", "400, PT15M"})
  void pausesDoubleUpToAQuarterOfAnHour(int failures, Duration longest) {
    assertThat(judged(answered(500), failures))
        .isEqualTo(new Verdict.Again(Failure.SERVER_ERROR, NOON.plus(longest)));
  }

  @Test
  void pausesAreSpreadOverTheirWholeLength() {
    assertThat(DeliveryPolicy.judge(answered(500), Samples.delivery(9), NOON, SHORTEST))
        .isEqualTo(new Verdict.Again(Failure.SERVER_ERROR, NOON.plusMillis(1)));
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 503, 400})
  void aReceiverThatAsksForTimeGetsItAndTheSpreadOnTop(int status) {
    Receipt asking = new Receipt.Answered(status, Optional.of("120"));

    assertThat(judged(asking, 0))
        .isInstanceOfSatisfying(
            Verdict.Again.class, again -> assertThat(again.at()).isEqualTo(NOON.plusSeconds(122)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"Sun, 01 Mar 2026 12:05:00 GMT | 302", "never | 32", "999999999 | 3602", "-5 | 32"})
  void howeverItAsks(String header, long seconds) {
    assertThat(judged(new Receipt.Answered(503, Optional.of(header)), 0))
        .isEqualTo(new Verdict.Again(Failure.SERVER_ERROR, NOON.plusSeconds(seconds)));
  }

  @Test
  void withoutAnAnswerItIsTriedAgainToo() {
    assertThat(judged(new Receipt.Unanswered(Failure.TIMED_OUT), 3))
        .isEqualTo(new Verdict.Again(Failure.TIMED_OUT, NOON.plusSeconds(16)));
  }

  @Test
  void nothingIsTriedOnceItsTimeIsOver() {
    Instant justBefore = NOON.plus(Duration.ofHours(72)).minusSeconds(2);

    assertThat(DeliveryPolicy.judge(answered(500), Samples.delivery(0), justBefore, LONGEST))
        .isEqualTo(new Verdict.GivenUp(Failure.SERVER_ERROR));
    assertThat(DeliveryPolicy.judge(answered(500), Samples.delivery(0), justBefore, SHORTEST))
        .isInstanceOf(Verdict.Again.class);
  }

  private static Receipt answered(int status) {
    return new Receipt.Answered(status, Optional.empty());
  }

  private static Verdict judged(Receipt receipt, int failures) {
    return DeliveryPolicy.judge(receipt, Samples.delivery(failures), NOON, LONGEST);
  }
}
