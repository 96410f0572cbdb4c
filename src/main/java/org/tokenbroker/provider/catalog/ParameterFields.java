package org.tokenbroker.provider.catalog;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.tokenbroker.provider.catalog.YamlFields.Field;

/** Parameters and headers: what a profile lets the broker send, and under which names. */
final class ParameterFields {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._~-]+");
  private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
  private static final Pattern VISIBLE = Pattern.compile("[\\x20-\\x7E]*");
  private static final String A_NAME = "must be the name of a parameter";
  private static final String OURS = "is set by the broker; remove it";

  private ParameterFields() {}

  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** The name of a parameter. */
  static Optional<String> name(YamlFields fields, String name) {
    return fields.text(name).flatMap(field -> name(fields, field));
  }

  /** The name of a parameter. */
  static Optional<String> name(YamlFields fields, Field<String> field) {
    return fields.checked(field, isName(field.value()), A_NAME);
  }

  /** The name of a header. */
  static Optional<String> header(YamlFields fields, String name) {
    return fields
        .text(name)
        .flatMap(field -> fields.checked(field, isHeader(field.value()), "must be a header name"));
  }

  /** Query or form parameters that the broker does not set itself. */
  static Map<String, String> parameters(YamlFields fields, String name, Set<String> ours) {
    String message = "must have a name of A-Z a-z 0-9 . _ ~ - and a visible ASCII value";
    return fields.table(
        name,
        (key, field) ->
            ours.contains(key)
                ? fields.checked(field, false, OURS)
                : fields.checked(field, isName(key) && isVisible(field.value()), message));
  }

  /** Names of parameters that the broker does not set itself. */
  static Set<String> names(YamlFields fields, String name, Set<String> ours) {
    return Set.copyOf(
        fields.list(
            name,
            element ->
                ours.contains(element.value())
                    ? fields.checked(element, false, OURS)
                    : name(fields, element)));
  }

  /** Headers that the broker does not set itself. */
  static Map<String, String> headers(YamlFields fields, String name, Set<String> ours) {
    String message = "must be a header name with a visible ASCII value";
    return fields.table(
        name,
        (key, field) ->
            ours.contains(key.toLowerCase(Locale.ROOT))
                ? fields.checked(field, false, OURS)
                : fields.checked(field, isHeader(key) && isVisible(field.value()), message));
  }

  /** Other names for some of the protocol's parameters. */
  static Map<String, String> renamed(YamlFields fields, String name, Set<String> known) {
    String message = "cannot be renamed; known are " + sorted(known);
    return fields.table(
        name,
        (key, field) ->
            known.contains(key) ? name(fields, field) : fields.checked(field, false, message));
  }

  private static boolean isHeader(String text) {
    return HEADER.matcher(text).matches();
  }

  private static boolean isVisible(String text) {
    return VISIBLE.matcher(text).matches();
  }

  private static String sorted(Set<String> names) {
    return names.stream().sorted().collect(Collectors.joining(", "));
  }
}
