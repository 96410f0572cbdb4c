package org.tokenbroker.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** Calls that the pages for people name are calls of the API. */
class NamedCallsTest {
  private static final Path DOCS = Path.of("src", "docs");
  private static final Pattern CALL = Pattern.compile("`(GET|POST|PUT|DELETE) (/v1/[^`? ]*)");

  @Test
  void everyCallThatIsNamedIsOneOfTheApi() throws IOException {
    Set<String> known = known();
    List<String> named = named();

    assertThat(named).hasSizeGreaterThan(10);
    assertThat(known).containsAll(named);
  }

  private static List<String> named() throws IOException {
    try (Stream<Path> pages = Files.list(DOCS)) {
      return Stream.concat(pages, Stream.of(Path.of("README.md")))
          .filter(page -> page.toString().endsWith(".md"))
          .flatMap(page -> CALL.matcher(read(page)).results())
          .map(NamedCallsTest::call)
          .toList();
    }
  }

  private static String call(MatchResult found) {
    return found.group(1) + " " + found.group(2);
  }

  private static Set<String> known() throws IOException {
    Map<String, Map<String, Map<String, Object>>> document =
        new Yaml().load(Files.readString(DOCS.resolve("openapi.yaml")));
    return document.getOrDefault("paths", Map.of()).entrySet().stream()
        .flatMap(
            path ->
                path.getValue().keySet().stream()
                    .map(method -> method.toUpperCase(Locale.ROOT) + " " + path.getKey()))
        .collect(Collectors.toSet());
  }

  private static String read(Path page) {
    try {
      return Files.readString(page);
    } catch (IOException unreadable) {
      throw new AssertionError(unreadable);
    }
  }
}
