package org.tokenbroker.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import org.tokenbroker.connection.Connection.Held;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.Lifetime;
import org.tokenbroker.token.Scopes;

class WindowsTest {
  private static final Instant ISSUED = Instant.parse("2026-03-01T12:00:00Z");

  @Example
  @Requirement("G-7")
  void anHourIsPrefetchedBetweenThirtyFourAndFortyMinutes() {
    assertThat(windows(Duration.ofHours(1), 0).prefetchAt())
        .isEqualTo(ISSUED.plus(Duration.ofMinutes(40)));
    assertThat(windows(Duration.ofHours(1), 0.999).prefetchAt())
        .isBetween(ISSUED.plus(Duration.ofMinutes(34)), ISSUED.plus(Duration.ofMinutes(35)));
  }

  @Example
  void anHourIsMandatoryFiveMinutesBeforeItsEnd() {
    assertThat(windows(Duration.ofHours(1), 0).mandatoryAt())
        .isEqualTo(ISSUED.plus(Duration.ofMinutes(55)));
  }

  @Example
  void aShortLifeIsPrefetchedAtItsHalf() {
    assertThat(windows(Duration.ofMinutes(2), 0.5).prefetchAt())
        .isEqualTo(ISSUED.plus(Duration.ofMinutes(1)));
  }

  @Property
  void theMomentsComeInOrder(
      @ForAll @LongRange(min = 1, max = 8_000_000) long seconds,
      @ForAll @DoubleRange(max = 0.99) double jitter) {
    Windows windows = windows(Duration.ofSeconds(seconds), jitter);

    assertThat(windows.prefetchAt())
        .isAfterOrEqualTo(ISSUED)
        .isBeforeOrEqualTo(windows.mandatoryAt());
    assertThat(windows.prefetchAt()).isBefore(windows.expiresAt());
  }

  @Example
  @Requirement("G-7")
  void aRestartPlansTheSameMomentAndNeighboursPlanOthers() {
    Held held =
        new Held(
            new Generation(3),
            new Lifetime(ISSUED, ISSUED.plus(Duration.ofHours(1))),
            Scopes.none());

    assertThat(Windows.of(new ConnectionId("a"), held))
        .isEqualTo(Windows.of(new ConnectionId("a"), held));
    assertThat(Windows.of(new ConnectionId("a"), held).prefetchAt())
        .isNotEqualTo(Windows.of(new ConnectionId("b"), held).prefetchAt());
  }

  private static Windows windows(Duration life, double jitter) {
    return Windows.of(new Lifetime(ISSUED, ISSUED.plus(life)), jitter);
  }
}
