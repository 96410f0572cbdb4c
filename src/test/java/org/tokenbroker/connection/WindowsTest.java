package org.tokenbroker.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import org.tokenbroker.connection.Connection.Held;
import org.tokenbroker.connection.Credential.RefreshToken;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.Lifetime;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;

class WindowsTest {
  private static final Instant ISSUED = Instant.parse("2026-03-01T12:00:00Z");
  private static final Rhythm PLAIN =
      new Rhythm(Duration.ZERO, Duration.ZERO, Optional.empty(), false);

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

    assertThat(Windows.of(new ConnectionId("a"), held, PLAIN))
        .isEqualTo(Windows.of(new ConnectionId("a"), held, PLAIN));
    assertThat(Windows.of(new ConnectionId("a"), held, PLAIN).prefetchAt())
        .isNotEqualTo(Windows.of(new ConnectionId("b"), held, PLAIN).prefetchAt());
  }

  @Example
  @Requirement("G-9")
  void anUnusedRefreshTokenIsUsedWellBeforeItDiesThoughTheAccessTokenLives() {
    Rhythm idle = idle(Duration.ofDays(60));

    assertThat(windows(Duration.ofDays(365), idle, Optional.empty(), 0).prefetchAt())
        .isEqualTo(ISSUED.plus(Duration.ofDays(40)));
    assertThat(windows(Duration.ofHours(1), idle, Optional.empty(), 0).prefetchAt())
        .isEqualTo(ISSUED.plus(Duration.ofMinutes(40)));
  }

  @Example
  @Requirement("G-8")
  void aRefreshTokenWhoseEndIsToldIsUsedBeforeIt() {
    Instant end = ISSUED.plus(Duration.ofDays(30));

    assertThat(windows(Duration.ofDays(90), PLAIN, endingAt(end, false), 0).prefetchAt())
        .isEqualTo(ISSUED.plus(Duration.ofDays(20)));
    assertThat(windows(Duration.ofDays(90), PLAIN, endingAt(end, true), 0).prefetchAt())
        .as("used once more shortly before an end that stays")
        .isEqualTo(end.minus(Duration.ofMinutes(5)));
    assertThat(
            windows(
                    Duration.ofDays(90),
                    PLAIN,
                    endingAt(ISSUED.plus(Duration.ofMinutes(5)), true),
                    0)
                .prefetchAt())
        .as("and not again after that")
        .isEqualTo(ISSUED.plus(Duration.ofDays(60)));
  }

  @Example
  void theMarginGoesBeforeTheShareOfTheLifeUpToHalfOfIt() {
    assertThat(
            windows(Duration.ofHours(1), margin(Duration.ofMinutes(25)), Optional.empty(), 0)
                .prefetchAt())
        .isEqualTo(ISSUED.plus(Duration.ofMinutes(35)));
    assertThat(
            windows(Duration.ofHours(1), margin(Duration.ofHours(5)), Optional.empty(), 0)
                .prefetchAt())
        .isEqualTo(ISSUED.plus(Duration.ofMinutes(30)));
  }

  @Example
  void aProviderThatRefusesEarlyRenewalsIsNotAskedEarly() {
    Rhythm rare = new Rhythm(Duration.ZERO, Duration.ofMinutes(50), Optional.empty(), false);

    assertThat(windows(Duration.ofHours(1), rare, Optional.empty(), 0.5).prefetchAt())
        .isEqualTo(ISSUED.plus(Duration.ofMinutes(50)));
  }

  @Property
  @Requirement({"G-7", "G-8", "G-9"})
  void noRefreshIsPlannedAfterALimitNorMuchBeforeItsTime(
      @ForAll @LongRange(min = 10, max = 40_000_000) long life,
      @ForAll @LongRange(max = 3_000_000) long margin,
      @ForAll @LongRange(min = 3600, max = 300_000_000) long idle,
      @ForAll @LongRange(min = 60, max = 300_000_000) long refreshTokenLife,
      @ForAll boolean endStays,
      @ForAll @DoubleRange(max = 0.99) double jitter) {
    Rhythm rhythm =
        new Rhythm(
            Duration.ofSeconds(margin),
            Duration.ZERO,
            Optional.of(Duration.ofSeconds(idle)),
            false);
    Optional<RefreshToken> token = endingAt(ISSUED.plusSeconds(refreshTokenLife), endStays);

    Windows windows = windows(Duration.ofSeconds(life), rhythm, token, jitter);
    Windows sooner = windows(Duration.ofSeconds(life), rhythm, token, 0.99);
    Windows later = windows(Duration.ofSeconds(life), rhythm, token, 0);

    long age = Duration.between(ISSUED, windows.prefetchAt()).toSeconds();
    assertThat(age).as("margin").isLessThanOrEqualTo(life - Math.min(margin, life / 2));
    assertThat(age).as("idle limit").isLessThanOrEqualTo(idle * 2 / 3 + 1);
    assertThat(age < refreshTokenLife || (endStays && refreshTokenLife <= 600))
        .as("end of the refresh token")
        .isTrue();
    assertThat(windows.prefetchAt())
        .as("jitter only draws it nearer, by a tenth of the life or of the time left at most")
        .isBetween(sooner.prefetchAt(), later.prefetchAt());
    assertThat(Duration.between(ISSUED, sooner.prefetchAt()).toMillis())
        .isGreaterThanOrEqualTo(
            (long) (Duration.between(ISSUED, later.prefetchAt()).toMillis() * 0.8));
    assertThat(windows).isEqualTo(windows(Duration.ofSeconds(life), rhythm, token, jitter));
  }

  @Property
  void noTwoRefreshesArePlannedCloserThanTheProviderAllowsNorInThePast(
      @ForAll @LongRange(min = 1, max = 8_000_000) long life,
      @ForAll @LongRange(max = 86_400) long minInterval,
      @ForAll @LongRange(max = 8_000_000) long age,
      @ForAll @DoubleRange(max = 0.99) double jitter) {
    Rhythm rhythm =
        new Rhythm(
            Duration.ofDays(1),
            Duration.ofSeconds(minInterval),
            Optional.of(Duration.ofHours(1)),
            true);
    Instant now = ISSUED.plusSeconds(age);

    Windows windows = windows(Duration.ofSeconds(life), rhythm, Optional.empty(), jitter);

    assertThat(windows.prefetchAt()).isAfterOrEqualTo(ISSUED.plusSeconds(minInterval));
    assertThat(windows.mandatoryAt()).isAfterOrEqualTo(windows.prefetchAt());
    assertThat(windows.nextRefresh(now))
        .isAfterOrEqualTo(now)
        .isAfterOrEqualTo(windows.prefetchAt());
  }

  private static Rhythm idle(Duration lifetime) {
    return new Rhythm(Duration.ZERO, Duration.ZERO, Optional.of(lifetime), false);
  }

  private static Rhythm margin(Duration margin) {
    return new Rhythm(margin, Duration.ZERO, Optional.empty(), false);
  }

  private static Optional<RefreshToken> endingAt(Instant end, boolean stays) {
    return Optional.of(new RefreshToken(Secret.of("rt"), 1, Optional.of(end), stays));
  }

  private static Windows windows(Duration life, double jitter) {
    return windows(life, PLAIN, Optional.empty(), jitter);
  }

  private static Windows windows(
      Duration life, Rhythm rhythm, Optional<RefreshToken> refreshToken, double jitter) {
    return Windows.of(new Lifetime(ISSUED, ISSUED.plus(life)), rhythm, refreshToken, jitter);
  }
}
