package org.tokenbroker.docs;

import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tokenbroker.provider.Place;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.Rotation;
import org.tokenbroker.provider.UrlTemplate;
import org.tokenbroker.token.Scopes;

/**
 * The fields of a provider's profile as a page: names from the records, meanings and defaults from
 * their Javadoc.
 */
final class ProfileReference {
  /** Written as one text in a file, whatever they are in code. */
  private static final List<Class<?>> TEXTS =
      List.of(Place.class, UrlTemplate.class, Rotation.class, Scopes.class);

  private final Map<String, Sources.Type> sources;

  private ProfileReference(Map<String, Sources.Type> sources) {
    this.sources = sources;
  }

  static ProfileReference ofTheBroker() throws IOException {
    return new ProfileReference(
        Sources.types(Sources.MAIN).stream()
            .collect(Collectors.toMap(Sources.Type::binaryName, Function.identity())));
  }

  /**
   * A field; {@code meaning} is empty when its author wrote none.
   *
   * @param path as a file writes it
   * @param section whether it holds further fields
   */
  record Field(String path, String meaning, boolean section) {
    String row() {
      return "| `%s` | %s |\n".formatted(path, meaning);
    }
  }

  List<Field> fields() {
    return fields("", Profile.class).toList();
  }

  String page() {
    Sources.Type profile = source(Profile.class);
    return """
        # Fields of a profile

        <!-- Generated from the code: ./mvnw test -Dtest=ProfileReferenceTest -Dregenerate -->

        %s

        | field | meaning |
        | --- | --- |
        """
            .formatted(profile.javadoc().orElse("").replace("<br>", "\n\n"))
        + fields().stream().map(Field::row).collect(Collectors.joining());
  }

  private Stream<Field> fields(String prefix, Class<?> type) {
    Sources.Type source = source(type);
    List<Field> fields = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      String path = prefix + name(component);
      String meaning = source.parameters().getOrDefault(component.getName(), "");
      Optional<Class<?>> section = section(component.getGenericType());
      fields.add(new Field(path, meaning, section.isPresent()));
      section.ifPresent(
          nested -> fields(path + suffix(component.getType()) + ".", nested).forEach(fields::add));
    }
    return fields.stream();
  }

  private static String suffix(Class<?> type) {
    if (type == Map.class) {
      return ".<name>";
    }
    return type == List.class ? "[]" : "";
  }

  /** The record that a field's value, or each of its values, is read as. */
  private static Optional<Class<?>> section(Type type) {
    if (type instanceof ParameterizedType generic) {
      return section(Arrays.asList(generic.getActualTypeArguments()).getLast());
    }
    return type instanceof Class<?> plain && plain.isRecord() && !TEXTS.contains(plain)
        ? Optional.of(plain)
        : Optional.empty();
  }

  private static String name(RecordComponent component) {
    return component.getName().equals("unless")
        ? "default"
        : component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  private Sources.Type source(Class<?> type) {
    return Optional.ofNullable(sources.get(type.getName())).orElseThrow();
  }
}
