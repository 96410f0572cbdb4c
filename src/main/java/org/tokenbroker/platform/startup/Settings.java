package org.tokenbroker.platform.startup;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What start checks see of the configuration and of the file system. */
public interface Settings {
  /** A missing and a blank property are the same: empty. */
  Optional<Setting> find(String property);

  /**
   * All property names that have a value. A name that only an environment variable gives may have a
   * dot where the property has a dash.
   */
  Set<String> names();

  /** Whether a regular file lies there that this process may read. */
  boolean readable(String path);

  default boolean has(String property) {
    return find(property).isPresent();
  }

  /** The value of a flag; anything but {@code true} is false, as in the configuration itself. */
  default boolean enabled(String property) {
    return find(property).map(Setting::value).filter("true"::equalsIgnoreCase).isPresent();
  }

  /**
   * The elements of a list, given either comma-separated or by index ({@code property[0]}, {@code
   * property[1]}, …).
   */
  default List<String> list(String property) {
    Optional<Setting> plain = find(property);
    if (plain.isPresent()) {
      return Stream.of(plain.get().value().split(","))
          .map(String::strip)
          .filter(e -> !e.isEmpty())
          .toList();
    }
    return IntStream.iterate(0, index -> has(property + "[" + index + "]"), index -> index + 1)
        .mapToObj(index -> find(property + "[" + index + "]").orElseThrow().value())
        .toList();
  }
}
