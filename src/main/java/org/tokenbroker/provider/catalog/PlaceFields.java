package org.tokenbroker.provider.catalog;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.tokenbroker.provider.Place;
import org.tokenbroker.provider.catalog.YamlFields.Field;

/** Where a provider puts what it tells: in an answer, or in the query of a callback. */
final class PlaceFields {
  private static final Pattern OUR_NAME = Pattern.compile("[a-z][a-z0-9_]{0,63}");

  private PlaceFields() {}

  static Optional<Place> place(YamlFields fields, String name) {
    return fields.text(name).flatMap(field -> place(fields, field));
  }

  /** Places in an answer, in order. */
  static List<Place> places(YamlFields fields, String name, String... unless) {
    return fields
        .texts(name)
        .map(list -> list.stream().flatMap(element -> place(fields, element).stream()).toList())
        .orElseGet(() -> Arrays.stream(unless).map(Place::new).toList());
  }

  /** Places by the names that we give to what stands there. */
  static Map<String, Place> namedPlaces(YamlFields fields, String name) {
    return fields.table(
        name, (key, field) -> named(fields, key, field).flatMap(good -> place(fields, good)));
  }

  /** Parameters by the names that we give to what they hold. */
  static Map<String, String> namedParameters(YamlFields fields, String name) {
    return fields.table(
        name,
        (key, field) ->
            named(fields, key, field).flatMap(good -> ParameterFields.name(fields, good)));
  }

  private static Optional<Field<String>> named(YamlFields fields, String key, Field<String> field) {
    return fields
        .checked(
            field,
            OUR_NAME.matcher(key).matches(),
            "must have a name of a-z 0-9 _, a letter first, at most 64 long")
        .map(good -> field);
  }

  private static Optional<Place> place(YamlFields fields, Field<String> field) {
    return fields
        .checked(
            field,
            Place.isPlace(field.value()),
            "must be the name of a member, or a JSON Pointer such as /data/id")
        .map(Place::new);
  }
}
