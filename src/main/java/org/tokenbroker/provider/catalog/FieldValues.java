package org.tokenbroker.provider.catalog;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.tokenbroker.provider.catalog.YamlFields.Field;
import org.tokenbroker.token.Scopes;

/** Typed values of YAML fields. What violates is reported and reads as absent. */
final class FieldValues {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})([smhd])");
  private static final Pattern PARAMETER = Pattern.compile("[A-Za-z0-9._~-]+");
  private static final Pattern VISIBLE = Pattern.compile("[\\x20-\\x7E]*");

  private final boolean plainHttpAllowed;

  FieldValues(boolean plainHttpAllowed) {
    this.plainHttpAllowed = plainHttpAllowed;
  }

  /** Text that is not blank. */
  Optional<String> text(YamlFields fields, String name) {
    return checked(fields, fields.text(name), text -> !text.isBlank(), "must not be empty");
  }

  Optional<String> matching(YamlFields fields, String name, Pattern form, String message) {
    return checked(fields, fields.text(name), text -> form.matcher(text).matches(), message);
  }

  /** An absolute URL with a host and neither user information nor fragment. */
  Optional<URI> uri(YamlFields fields, String name) {
    return fields.text(name).flatMap(field -> uri(fields, field));
  }

  private Optional<URI> uri(YamlFields fields, Field<String> field) {
    try {
      URI uri = new URI(field.value());
      boolean plain = "http".equalsIgnoreCase(uri.getScheme());
      if (plain && !plainHttpAllowed) {
        fields.violated(field, "must be an https URL: tokens and secrets travel over it");
        return Optional.empty();
      }
      if ((plain || "https".equalsIgnoreCase(uri.getScheme()))
          && uri.getHost() != null
          && uri.getUserInfo() == null
          && uri.getFragment() == null) {
        return Optional.of(uri);
      }
    } catch (URISyntaxException notOne) {
      // Reported below, together with URLs that are well-formed but of no use.
    }
    fields.violated(
        field, "must be an absolute https URL with a host, without user information or fragment");
    return Optional.empty();
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

  /** Query or form parameters that the broker does not set itself. */
  Map<String, String> parameters(YamlFields fields, String name, Set<String> ours) {
    Map<String, String> parameters = new LinkedHashMap<>();
    fields
        .table(name)
        .forEach(
            (key, field) -> {
              if (ours.contains(key)) {
                fields.violated(field, "is set by the broker; remove it");
              } else if (!PARAMETER.matcher(key).matches()
                  || !VISIBLE.matcher(field.value()).matches()) {
                fields.violated(
                    field, "must have a name of A-Z a-z 0-9 . _ ~ - and a visible ASCII value");
              } else {
                parameters.put(key, field.value());
              }
            });
    return Map.copyOf(parameters);
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

  /** Names of members of an answer, in order. */
  List<String> names(YamlFields fields, String name, List<String> unless) {
    Optional<List<Field<String>>> elements = fields.texts(name);
    elements.ifPresent(
        list ->
            list.stream()
                .filter(element -> element.value().isBlank())
                .forEach(element -> fields.violated(element, "must not be empty")));
    return elements.map(list -> list.stream().map(Field::value).toList()).orElse(unless);
  }

  /** At least one of the values, each written as its parameter name. */
  <E extends Enum<E>> Set<E> choices(
      YamlFields fields, String name, E[] all, Function<E, String> parameter) {
    Map<String, E> known =
        Arrays.stream(all)
            .collect(
                Collectors.toMap(parameter, Function.identity(), (a, b) -> a, LinkedHashMap::new));
    String message = "must be a list of one or more of " + String.join(", ", known.keySet());
    Optional<List<Field<String>>> elements = fields.texts(name);
    Set<E> chosen = new LinkedHashSet<>();
    for (Field<String> element : elements.orElse(List.of())) {
      E choice = known.get(element.value());
      if (choice == null) {
        fields.violated(element, "must be one of " + String.join(", ", known.keySet()));
      } else {
        chosen.add(choice);
      }
    }
    fields.missing(name, message);
    if (elements.filter(List::isEmpty).isPresent()) {
      fields.violated(name, message);
    }
    return Set.copyOf(chosen);
  }

  private static Optional<String> checked(
      YamlFields fields, Optional<Field<String>> field, Predicate<String> rule, String message) {
    field
        .filter(present -> !rule.test(present.value()))
        .ifPresent(present -> fields.violated(present, message));
    return field.map(Field::value).filter(rule);
  }
}
