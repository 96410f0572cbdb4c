package org.tokenbroker.refresh;

import io.quarkus.runtime.configuration.DurationConverter;
import java.time.Duration;
import java.util.List;
import org.tokenbroker.platform.startup.Rules;
import org.tokenbroker.platform.startup.Setting;
import org.tokenbroker.platform.startup.StartCheck;
import org.tokenbroker.platform.startup.Violation;

/** Refreshing takes place, and each call of it ends within the lease under which it is made. */
public final class RefreshStartChecks {
  private static final String PREFIX = "token-broker.refresh.";
  private static final String PROVIDER_TIMEOUT = "token-broker.provider.timeout";
  private static final int MOST = 99_999;

  /** In the order in which they are reported. */
  public static final List<StartCheck> ALL =
      List.of(
          StartCheck.severe(
              "refresh-max-in-flight", Rules.number(PREFIX + "max-in-flight", 1, MOST)),
          StartCheck.severe(
              "refresh-start-in-flight", Rules.number(PREFIX + "start-in-flight", 1, MOST)),
          StartCheck.severe(
              "refresh-sweep-every",
              between(PREFIX + "sweep-every", Duration.ofMillis(100), Duration.ofSeconds(30))),
          StartCheck.severe(
              "provider-timeout",
              between(PROVIDER_TIMEOUT, Duration.ofMillis(100), Duration.ofSeconds(15))));

  private RefreshStartChecks() {}

  private static StartCheck.Rule between(String property, Duration least, Duration most) {
    return settings ->
        settings
            .find(property)
            .filter(given -> isOutside(given, least, most))
            .map(
                given ->
                    violation(
                        property,
                        "is not a duration from "
                            + least.toMillis()
                            + " ms to "
                            + most.toSeconds()
                            + " s"))
            .stream()
            .toList();
  }

  private static boolean isOutside(Setting given, Duration least, Duration most) {
    try {
      Duration duration = DurationConverter.parseDuration(given.value());
      return duration.compareTo(least) < 0 || duration.compareTo(most) > 0;
    } catch (IllegalArgumentException noDuration) {
      return true;
    }
  }

  private static Violation violation(String property, String problem) {
    return new Violation(property, problem, "set it to one, or remove it");
  }
}
