package org.tokenbroker.counterpart;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.tokenbroker.counterpart.MovingWindows.Verdict;
import org.tokenbroker.counterpart.MovingWindows.Verdict.Refused;
import org.tokenbroker.counterpart.MovingWindows.Verdict.Taken;

/** At the numbers that are documented (providers.md B3, B4). */
class MovingWindowsTest {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void aHundredCallsAMinuteAreTakenAndTheNextOneIsToldWhenToComeBack() {
    MovingWindows platform = BookingPlatform.documented();

    for (int i = 1; i <= 100; i++) {
      assertThat(platform.take("app", at(i * 100L))).isEqualTo(new Taken(100, 100 - i));
    }

    assertThat(platform.take("app", at(10_100))).isEqualTo(new Refused(100, at(100).plus(MINUTE)));
  }

  @Test
  void aWindowMovesCallByCallAndIsNotEmptiedAtOnce() {
    MovingWindows platform = BookingPlatform.documented();
    for (int i = 0; i < 100; i++) {
      platform.take("app", at(i * 500L));
    }

    assertThat(platform.take("app", at(59_999))).isInstanceOf(Refused.class);
    assertThat(platform.take("app", at(60_000))).isEqualTo(new Taken(100, 0));
    assertThat(platform.take("app", at(60_001))).isEqualTo(new Refused(100, at(60_500)));
  }

  @Test
  void fiveHundredCallsAQuarterOfAnHourAreTakenHoweverEvenlyTheyCome() {
    MovingWindows platform = BookingPlatform.documented();

    Verdict last = new Taken(0, 0);
    for (int i = 0; i < 500; i++) {
      last = platform.take("app", at(i * 700L));
    }

    assertThat(last).isEqualTo(new Taken(500, 0));
    assertThat(platform.take("app", at(500 * 700L)))
        .isEqualTo(new Refused(500, START.plus(Duration.ofMinutes(15))));
  }

  @Test
  void sixtyCallsAMinuteOfOneKeyLeaveAnotherKeyAlone() {
    MovingWindows portal = CustomerPortal.documented();
    for (int i = 0; i < 60; i++) {
      assertThat(portal.take("one", START)).isInstanceOf(Taken.class);
    }

    assertThat(portal.take("one", at(1))).isEqualTo(new Refused(60, START.plus(MINUTE)));
    assertThat(portal.take("other", at(1))).isEqualTo(new Taken(60, 59));
  }

  @Test
  void aRefusedCallIsNotCountedAndOneBeforeItsTimeIsNoticed() {
    MovingWindows portal = CustomerPortal.documented();
    for (int i = 0; i < 60; i++) {
      portal.take("one", START);
    }
    portal.take("one", at(1));
    assertThat(portal.early()).isZero();

    portal.take("one", at(59_999));

    assertThat(portal.early()).isEqualTo(1);
    assertThat(portal.take("one", at(60_000))).isEqualTo(new Taken(60, 59));
    assertThat(portal.early()).isEqualTo(1);
  }

  @Test
  void whatRetryAfterSaysIsNeverTooShort() {
    assertThat(MovingWindows.secondsUntil(at(1), START)).isEqualTo(1);
    assertThat(MovingWindows.secondsUntil(at(1000), START)).isEqualTo(1);
    assertThat(MovingWindows.secondsUntil(at(1001), START)).isEqualTo(2);
  }

  private static Instant at(long millis) {
    return START.plusMillis(millis);
  }
}
