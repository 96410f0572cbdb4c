package org.tokenbroker.event;

import io.quarkus.runtime.configuration.DurationConverter;
import java.time.Duration;
import java.util.List;
import org.tokenbroker.platform.outbound.NetworkRules;
import org.tokenbroker.platform.startup.Setting;
import org.tokenbroker.platform.startup.Settings;
import org.tokenbroker.platform.startup.StartCheck;
import org.tokenbroker.platform.startup.Violation;

/** Events are looked for often enough and kept long enough, and webhooks are where they may be. */
public final class EventStartChecks {
  private static final String PREFIX = "token-broker.event.";
  private static final Duration LONGEST = Duration.ofDays(3650);

  /** In the order in which they are reported. A missing setting has its default. */
  public static final List<StartCheck> ALL =
      List.of(
          StartCheck.severe(
              "event-retention", within("retention", Duration.ofHours(1), LONGEST, "30d")),
          StartCheck.severe(
              "event-dispatch-every",
              within("dispatch-every", Duration.ofMillis(100), Duration.ofSeconds(30), "1s")),
          StartCheck.severe(
              "event-give-up-after",
              within("give-up-after", Duration.ofMinutes(1), Duration.ofDays(30), "72h")),
          StartCheck.severe(
              "event-secret-overlap",
              within("secret-overlap", Duration.ZERO, Duration.ofDays(365), "24h")),
          StartCheck.severe(
              "event-allowed-networks", NetworkRules.areNetworks(PREFIX + "allowed-networks")),
          StartCheck.waivable(
              "webhook-on-own-host", NetworkRules.noneIsOurs(PREFIX + "allowed-networks")));

  private EventStartChecks() {}

  private static StartCheck.Rule within(
      String name, Duration least, Duration most, String example) {
    return settings -> violations(settings, PREFIX + name, least, most, example);
  }

  private static List<Violation> violations(
      Settings settings, String property, Duration least, Duration most, String example) {
    return settings
        .find(property)
        .map(Setting::value)
        .filter(value -> !isWithin(value, least, most))
        .map(
            value ->
                new Violation(
                    property,
                    "is not a duration from " + least + " to " + most,
                    "set it to one in that range, for example " + example + ", or remove it"))
        .stream()
        .toList();
  }

  private static boolean isWithin(String value, Duration least, Duration most) {
    try {
      Duration duration = DurationConverter.parseDuration(value);
      return duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0;
    } catch (IllegalArgumentException noDuration) {
      return false;
    }
  }
}
