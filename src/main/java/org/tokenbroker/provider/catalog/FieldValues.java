package org.tokenbroker.provider.catalog;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tokenbroker.provider.UrlTemplate;
import org.tokenbroker.provider.catalog.YamlFields.Field;
import org.tokenbroker.token.Scopes;

/** Typed values of YAML fields. What violates is reported and reads as absent. */
final class FieldValues {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})([smhd])");
  private static final Pattern HOST =
      Pattern.compile("\\*|(\\*\\.[a-z0-9-]+\\.)?[a-z0-9-]+(\\.[a-z0-9-]+)*");

  private final boolean plainHttpAllowed;
  private final Predicate<String> inReach;

  /**
   * @param inReach whether the host of a URL may be called, as far as it tells by itself
   */
  FieldValues(boolean plainHttpAllowed, Predicate<String> inReach) {
    this.plainHttpAllowed = plainHttpAllowed;
    this.inReach = inReach;
  }

  /** Text that is not blank. */
  Optional<String> text(YamlFields fields, String name) {
    return checked(fields, fields.text(name), text -> !text.isBlank(), "must not be empty");
  }

  Optional<String> matching(YamlFields fields, String name, Pattern form, String message) {
    return matching(fields, name, text -> form.matcher(text).matches(), message);
  }

  Optional<String> matching(
      YamlFields fields, String name, Predicate<String> rule, String message) {
    return checked(fields, fields.text(name), rule, message);
  }

  /**
   * An absolute URL with a host and neither user information nor fragment, which may hold
   * variables.
   */
  Optional<UrlTemplate> url(YamlFields fields, String name) {
    return fields.text(name).flatMap(field -> url(fields, field));
  }

  private Optional<UrlTemplate> url(YamlFields fields, Field<String> field) {
    UrlTemplate template = new UrlTemplate(field.value());
    try {
      URI uri = new URI(template.sample("x"));
      boolean plain = "http".equalsIgnoreCase(uri.getScheme());
      if (plain && !plainHttpAllowed) {
        fields.violated(field, "must be an https URL: tokens and secrets travel over it");
        return Optional.empty();
      }
      if ((plain || "https".equalsIgnoreCase(uri.getScheme()))
          && uri.getHost() != null
          && uri.getUserInfo() == null
          && uri.getFragment() == null) {
        return inReach(fields, field, template, uri.getHost());
      }
    } catch (URISyntaxException notOne) {
      // Reported below, together with URLs that are well-formed but of no use.
    }
    fields.violated(
        field, "must be an absolute https URL with a host, without user information or fragment");
    return Optional.empty();
  }

  /** What registrations fill in is looked at when they are put. */
  private Optional<UrlTemplate> inReach(
      YamlFields fields, Field<String> field, UrlTemplate template, String host) {
    if (template.hostVariables().isEmpty() && !inReach.test(host)) {
      fields.violated(
          field,
          "must not be at an address out of reach: name a public host, or allow its network by"
              + " token-broker.provider.allowed-networks");
      return Optional.empty();
    }
    return Optional.of(template);
  }

  /** Text that is not blank and may hold variables. */
  Optional<UrlTemplate> template(YamlFields fields, String name) {
    return text(fields, name).map(UrlTemplate::new);
  }

  /** A duration within bounds, both included. */
  Duration duration(
      YamlFields fields, String name, Duration shortest, Duration longest, Duration unless) {
    return fields
        .text(name)
        .flatMap(field -> duration(fields, field, shortest, longest))
        .orElse(unless);
  }

  private static Optional<Duration> duration(
      YamlFields fields, Field<String> field, Duration shortest, Duration longest) {
    Matcher form = DURATION.matcher(field.value());
    Duration read =
        form.matches() ? duration(Long.parseLong(form.group(1)), form.group(2)) : Duration.ZERO;
    if (read.compareTo(shortest) < 0 || read.compareTo(longest) > 0) {
      fields.violated(
          field,
          "must be a whole number of s, m, h or d, for example 90s, from "
              + shortest.toSeconds()
              + "s to "
              + longest.toSeconds()
              + "s");
      return Optional.empty();
    }
    return Optional.of(read);
  }

  private static Duration duration(long amount, String unit) {
    return switch (unit) {
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  /** A whole number from 1 to a bound. */
  int count(YamlFields fields, String name, int most, int unless) {
    String message = "must be a whole number from 1 to " + most;
    return checked(fields, fields.number(name), text -> isCount(text, most), message)
        .map(Integer::parseInt)
        .orElse(unless);
  }

  private static boolean isCount(String text, int most) {
    return text.matches("[1-9]\\d{0,8}") && Integer.parseInt(text) <= most;
  }

  Scopes scopes(YamlFields fields, String name) {
    List<Field<String>> elements = fields.texts(name).orElse(List.of());
    for (Field<String> element : elements) {
      if (!isScope(element.value())) {
        fields.violated(element, "must be one scope of RFC 6749 section 3.3, without spaces");
        return Scopes.none();
      }
    }
    return Scopes.of(elements.stream().map(Field::value).toList());
  }

  private static boolean isScope(String text) {
    try {
      return Scopes.of(text).covers(Scopes.parse(text));
    } catch (IllegalArgumentException notOne) {
      return false;
    }
  }

  /** A whole number within bounds, both included. */
  Optional<Integer> number(YamlFields fields, String name, int least, int most) {
    return checked(
            fields,
            fields.number(name),
            text -> text.matches("\\d{1,9}") && isWithin(Integer.parseInt(text), least, most),
            "must be a whole number from " + least + " to " + most)
        .map(Integer::parseInt);
  }

  private static boolean isWithin(int number, int least, int most) {
    return number >= least && number <= most;
  }

  Optional<Duration> duration(YamlFields fields, String name, Duration shortest, Duration longest) {
    return fields.text(name).flatMap(field -> duration(fields, field, shortest, longest));
  }

  /** Texts that are not empty. */
  List<String> words(YamlFields fields, String name) {
    return fields.list(
        name, element -> fields.checked(element, !element.value().isBlank(), "must not be empty"));
  }

  /** Hosts, each exact or with one label more after {@code *.}; lower case. */
  List<String> hosts(YamlFields fields, String name) {
    String message = "must be a host in lower case, *. and one of at least two labels, or *";
    return fields.list(
        name, element -> fields.checked(element, HOST.matcher(element.value()).matches(), message));
  }

  /** One of an enumeration, written in lower case. */
  <E extends Enum<E>> E choice(YamlFields fields, String name, E[] all, E unless) {
    return choice(fields, name, all).orElse(unless);
  }

  <E extends Enum<E>> Optional<E> choice(YamlFields fields, String name, E[] all) {
    return fields.text(name).flatMap(field -> oneOf(fields, field, byName(all, FieldValues::word)));
  }

  /** The form of an enumeration's value in a profile. */
  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** Some of an enumeration in the order given; none where the field is absent. */
  <E extends Enum<E>> List<E> someOf(YamlFields fields, String name, E[] all) {
    Map<String, E> known = byName(all, FieldValues::word);
    return fields.list(name, element -> oneOf(fields, element, known));
  }

  /**
   * At least one of the values, each written as its parameter name.
   *
   * @param required whether the field must be there
   */
  <E extends Enum<E>> Set<E> choices(
      YamlFields fields, String name, E[] all, Function<E, String> parameter, boolean required) {
    Map<String, E> known = byName(all, parameter);
    String message = "must be a list of one or more of " + String.join(", ", known.keySet());
    Optional<List<Field<String>>> elements = fields.texts(name);
    Set<E> chosen = new LinkedHashSet<>();
    for (Field<String> element : elements.orElse(List.of())) {
      oneOf(fields, element, known).ifPresent(chosen::add);
    }
    if (required) {
      fields.missing(name, message);
    }
    if (elements.filter(List::isEmpty).isPresent()) {
      fields.violated(name, message);
    }
    return Set.copyOf(chosen);
  }

  private static <E> Map<String, E> byName(E[] all, Function<E, String> name) {
    Map<String, E> known = new LinkedHashMap<>();
    Arrays.stream(all).forEach(value -> known.put(name.apply(value), value));
    return known;
  }

  private static <E> Optional<E> oneOf(
      YamlFields fields, Field<String> field, Map<String, E> known) {
    return fields
        .checked(
            field,
            known.containsKey(field.value()),
            "must be one of " + String.join(", ", known.keySet()))
        .flatMap(text -> Optional.ofNullable(known.get(text)));
  }

  private static Optional<String> checked(
      YamlFields fields, Optional<Field<String>> field, Predicate<String> rule, String message) {
    return field.flatMap(present -> fields.checked(present, rule.test(present.value()), message));
  }
}
