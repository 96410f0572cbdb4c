package org.tokenbroker.platform.startup;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.tokenbroker.platform.startup.StartCheck.Rule;

/** The shapes that most start checks have. */
public final class Rules {
  private Rules() {}

  /** The property has a value. */
  public static Rule required(String property, String fix) {
    return settings -> settings.has(property) ? List.of() : List.of(missing(property, fix));
  }

  /** The flag is not on. */
  public static Rule off(String property, String problem) {
    return settings ->
        settings.enabled(property)
            ? List.of(new Violation(property, problem, "remove it or set it to false"))
            : List.of();
  }

  /** The property is an absolute {@code https} URL with a host. */
  public static Rule https(String property, String fix) {
    return settings -> {
      Optional<Setting> given = settings.find(property);
      if (given.isEmpty()) {
        return List.of(missing(property, fix));
      }
      return isHttps(given.get().value())
          ? List.of()
          : List.of(new Violation(property, "is not an https URL", fix));
    };
  }

  /** The property, where it is given, is a whole number in this range, ends included. */
  public static Rule number(String property, int least, int most) {
    return settings ->
        settings
            .find(property)
            .filter(given -> !isNumber(given.value(), least, most))
            .map(
                given ->
                    new Violation(
                        property,
                        "is not a number from " + least + " to " + most,
                        "set it to one, or remove it"))
            .stream()
            .toList();
  }

  /** Secret values are not among the shipped defaults and not on the command line. */
  public static Rule secretsOutOfSight(List<String> properties) {
    return settings ->
        properties.stream()
            .filter(property -> settings.find(property).filter(Rules::inPlainSight).isPresent())
            .map(
                property ->
                    new Violation(
                        property,
                        "is a secret given where others can read it (command line or application defaults)",
                        "give it by an environment variable from a Secret, or by a mounted file"))
            .toList();
  }

  private static boolean inPlainSight(Setting setting) {
    return switch (setting.origin()) {
      case SHIPPED, COMMAND_LINE -> true;
      case ENVIRONMENT, FILE -> false;
    };
  }

  /** What a missing property is reported as. */
  public static Violation missing(String property, String fix) {
    return new Violation(property, "is missing", fix);
  }

  private static boolean isNumber(String value, int least, int most) {
    try {
      int number = Integer.parseInt(value.strip());
      return number >= least && number <= most;
    } catch (NumberFormatException noNumber) {
      return false;
    }
  }

  private static boolean isHttps(String value) {
    try {
      URI uri = new URI(value);
      return "https".equalsIgnoreCase(uri.getScheme()) && uri.getHost() != null;
    } catch (java.net.URISyntaxException notAUrl) {
      return false;
    }
  }
}
