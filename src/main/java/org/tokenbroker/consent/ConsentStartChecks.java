package org.tokenbroker.consent;

import io.quarkus.runtime.configuration.DurationConverter;
import java.time.Duration;
import java.util.List;
import org.tokenbroker.platform.startup.Rules;
import org.tokenbroker.platform.startup.Setting;
import org.tokenbroker.platform.startup.Settings;
import org.tokenbroker.platform.startup.StartCheck;
import org.tokenbroker.platform.startup.Violation;

/**
 * Owners reach the consent pages over TLS, a sign-in does not stay open for long, and installs are
 * counted.
 */
public final class ConsentStartChecks {
  private static final String PUBLIC_URL = "token-broker.consent.public-url";
  private static final String ATTEMPT_LIFE = "token-broker.consent.attempt-life";
  private static final String INSTALLS = "token-broker.consent.installs-per-minute";
  private static final int MOST_INSTALLS = 99_999;
  private static final Duration LONGEST_ATTEMPT = Duration.ofMinutes(10);

  /** In the order in which they are reported. */
  public static final List<StartCheck> ALL =
      List.of(
          StartCheck.severe(
              "consent-public-url",
              Rules.https(
                  PUBLIC_URL,
                  "set it to the https address at which browsers reach the consent pages")),
          StartCheck.severe("consent-public-url-form", ConsentStartChecks::publicUrlForm),
          StartCheck.severe("consent-attempt-life", ConsentStartChecks::attemptLife),
          StartCheck.severe(
              "consent-installs-per-minute", Rules.number(INSTALLS, 1, MOST_INSTALLS)),
          StartCheck.severe(
              "consent-installs-per-minute-of-network",
              Rules.number(INSTALLS + "-of-network", 1, MOST_INSTALLS)),
          StartCheck.severe(
              "consent-installs-per-minute-overall",
              Rules.number(INSTALLS + "-overall", 1, MOST_INSTALLS)),
          StartCheck.severe(
              "consent-forwarding-proxies",
              Rules.number("token-broker.consent.forwarding-proxies", 0, 9)));

  private ConsentStartChecks() {}

  /** Paths are appended to it, and providers compare redirect URIs as strings. */
  private static List<Violation> publicUrlForm(Settings settings) {
    return settings
        .find(PUBLIC_URL)
        .map(Setting::value)
        .filter(url -> url.endsWith("/") || url.contains("?") || url.contains("#"))
        .map(
            url ->
                new Violation(
                    PUBLIC_URL,
                    "ends in a slash or has a query or a fragment",
                    "leave these away, for example https://consent.example.org"))
        .stream()
        .toList();
  }

  /** B1. A missing one has its default. */
  private static List<Violation> attemptLife(Settings settings) {
    return settings
        .find(ATTEMPT_LIFE)
        .map(Setting::value)
        .filter(ConsentStartChecks::isOutOfRange)
        .map(
            life ->
                new Violation(
                    ATTEMPT_LIFE,
                    "is not more than zero and at most 10 minutes",
                    "set it to a duration in that range, for example 10m, or remove it"))
        .stream()
        .toList();
  }

  private static boolean isOutOfRange(String life) {
    try {
      Duration duration = DurationConverter.parseDuration(life);
      return !duration.isPositive() || duration.compareTo(LONGEST_ATTEMPT) > 0;
    } catch (IllegalArgumentException noDuration) {
      return true;
    }
  }
}
