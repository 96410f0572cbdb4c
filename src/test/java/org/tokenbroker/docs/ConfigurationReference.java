package org.tokenbroker.docs;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import io.smallrye.config.WithParentName;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The settings of the broker as a page: names, types and defaults from the {@link ConfigMapping}
 * interfaces, meanings from their Javadoc.
 */
final class ConfigurationReference {
  private final Map<String, Sources.Type> sources;
  private final List<Class<?>> mappings;

  private ConfigurationReference(Map<String, Sources.Type> sources, List<Class<?>> mappings) {
    this.sources = sources;
    this.mappings = mappings;
  }

  static ConfigurationReference ofTheBroker() throws IOException {
    Map<String, Sources.Type> sources =
        Sources.types(Sources.MAIN).stream()
            .collect(Collectors.toMap(Sources.Type::binaryName, Function.identity()));
    List<Class<?>> mappings =
        sources.keySet().stream()
            .<Class<?>>map(ConfigurationReference::load)
            .filter(type -> type.isAnnotationPresent(ConfigMapping.class))
            .sorted(Comparator.comparing(ConfigurationReference::prefix))
            .toList();
    return new ConfigurationReference(sources, mappings);
  }

  /** A setting; {@code meaning} is empty when its author wrote none. */
  record Setting(String name, String type, String defaultValue, String meaning) {
    String row() {
      return "| `%s` | %s | %s | %s |\n".formatted(name, type, defaultValue, meaning);
    }
  }

  List<Setting> settings() {
    return mappings.stream().flatMap(mapping -> settings(prefix(mapping), mapping)).toList();
  }

  String page() {
    return """
        # Configuration

        <!-- Generated from the code: ./mvnw test -Dtest=ConfigurationReferenceTest -Dregenerate -->

        A setting is given as a Java system property, as an environment variable (capitals, every other character an
        underscore: `TOKEN_BROKER_REFRESH_SWEEP_EVERY`), or in a file that `QUARKUS_CONFIG_LOCATIONS` names; the
        first of these wins. A duration is a number with a unit (`500ms`, `30s`, `10m`, `1h`, `7d`) or ISO 8601
        (`PT30S`). An unknown name below one of these prefixes stops the start.

        """
        + mappings.stream().map(this::section).collect(Collectors.joining("\n"));
  }

  private String section(Class<?> mapping) {
    return "## `%s`\n\n%s\n\n| setting | type | default | meaning |\n| --- | --- | --- | --- |\n"
            .formatted(
                prefix(mapping), source(mapping).javadoc().orElse("").replace("<br>", "\n\n"))
        + settings(prefix(mapping), mapping).map(Setting::row).collect(Collectors.joining());
  }

  private Stream<Setting> settings(String prefix, Class<?> mapping) {
    Sources.Type source = source(mapping);
    Map<String, Method> methods =
        Arrays.stream(mapping.getDeclaredMethods())
            .filter(method -> method.getParameterCount() == 0 && !method.isDefault())
            .collect(Collectors.toMap(Method::getName, Function.identity()));
    return source.methodOrder().stream()
        .flatMap(name -> Stream.ofNullable(methods.get(name)))
        .flatMap(
            method ->
                settings(prefix, method, source.methods().getOrDefault(method.getName(), "")));
  }

  private Stream<Setting> settings(String prefix, Method method, String meaning) {
    String name =
        method.isAnnotationPresent(WithParentName.class) ? prefix : prefix + "." + segment(method);
    return settings(name, method.getGenericReturnType(), method, meaning);
  }

  /**
   * Follows a group's settings by their own names, below the key of its map or the index of its
   * list.
   */
  private Stream<Setting> settings(String name, Type type, Method method, String meaning) {
    if (type instanceof ParameterizedType generic) {
      Class<?> raw = (Class<?>) generic.getRawType();
      Type[] arguments = generic.getActualTypeArguments();
      if (raw == Map.class) {
        return settings(name + ".<name>", arguments[1], method, meaning);
      }
      if (raw == Optional.class && isGroup(arguments[0])) {
        return settings(name, arguments[0], method, meaning);
      }
      if (Collection.class.isAssignableFrom(raw) && isGroup(arguments[0])) {
        return settings(name + "[0]", arguments[0], method, meaning);
      }
    }
    return isGroup(type)
        ? settings(name, (Class<?>) type)
        : Stream.of(new Setting(name, typeName(type), defaultOf(type, method), meaning));
  }

  private boolean isGroup(Type type) {
    return type instanceof Class<?> group
        && group.isInterface()
        && sources.containsKey(group.getName());
  }

  private static String typeName(Type type) {
    if (type instanceof ParameterizedType generic) {
      String argument = typeName(generic.getActualTypeArguments()[0]);
      return Collection.class.isAssignableFrom((Class<?>) generic.getRawType())
          ? "list of " + argument
          : argument;
    }
    Class<?> plain = (Class<?>) type;
    if (plain.isEnum()) {
      return Arrays.stream(plain.getEnumConstants())
          .map(
              constant ->
                  "`"
                      + ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-')
                      + "`")
          .collect(Collectors.joining(", "));
    }
    return switch (plain.getSimpleName()) {
      case "int", "Integer", "long", "Long", "OptionalInt", "OptionalLong" -> "number";
      case "String" -> "text";
      default -> plain.getSimpleName().toLowerCase(Locale.ROOT);
    };
  }

  private static String defaultOf(Type type, Method method) {
    WithDefault given = method.getAnnotation(WithDefault.class);
    if (given != null) {
      return "`" + given.value() + "`";
    }
    boolean optional =
        type.getTypeName().startsWith("java.util.Optional") || method.getReturnType() == Map.class;
    return optional ? "none" : "**required**";
  }

  private static String segment(Method method) {
    WithName given = method.getAnnotation(WithName.class);
    return given != null
        ? given.value()
        : method.getName().replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
  }

  private static String prefix(Class<?> mapping) {
    return mapping.getAnnotation(ConfigMapping.class).prefix();
  }

  private Sources.Type source(Class<?> type) {
    Sources.Type source = sources.get(type.getName());
    if (source == null) {
      throw new IllegalStateException(type.getName() + " has no source under " + Sources.MAIN);
    }
    return source;
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, ConfigurationReference.class.getClassLoader());
    } catch (ClassNotFoundException missing) {
      throw new IllegalStateException(name + " has a source and no class", missing);
    }
  }
}
