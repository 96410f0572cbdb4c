package org.tokenbroker.traceability;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Every requirement of the design: its id and a title, in the order of the design.
 *
 * <p>An id is, in {@code requirements.md}, the bold word that opens a list item ({@code - **MO-1**
 * …}); in {@code reliability.md}, the first cell of a table row ({@code | C1 | …}) and, in the list
 * item <em>Invariants</em>, each {@code I1 …;}. The title is the statement's first sentence without
 * its markup.
 */
public record RequirementList(Map<String, String> titles) {
  static final String RESOURCE = "/requirements.txt";

  private static final Pattern LIST_ITEM =
      Pattern.compile("(?m)^- \\*\\*([A-Z]+-\\d+)\\*\\* (.+)$");
  private static final Pattern TABLE_ROW = Pattern.compile("(?m)^\\| ([A-Z]\\d+) \\| ([^|]+) \\|");
  private static final Pattern INVARIANTS =
      Pattern.compile("(?ms)^- \\*\\*Invariants\\*\\*(.+?)(?=^- )");
  private static final Pattern INVARIANT = Pattern.compile("\\b(I\\d+) ([^;.]+)");
  private static final Pattern FIRST_SENTENCE = Pattern.compile("^.+?(?:\\.(?= [A-Z])|$)");

  public RequirementList {
    titles = Collections.unmodifiableMap(new LinkedHashMap<>(titles));
  }

  /** The list that the tests and the build go by. */
  public static RequirementList ofTheTests() {
    try (InputStream resource = RequirementList.class.getResourceAsStream(RESOURCE)) {
      if (resource == null) {
        throw new IllegalStateException("the test resource " + RESOURCE + " is missing");
      }
      String text = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
      return new RequirementList(
          unique(
              text.lines()
                  .filter(line -> !line.isBlank() && !line.startsWith("#"))
                  .map(RequirementList::entry)));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** The list that the design's documents in {@code folder} give. */
  static RequirementList ofTheDesign(Path folder) throws IOException {
    String requirements = Files.readString(folder.resolve("requirements.md"));
    String reliability = Files.readString(folder.resolve("reliability.md"));
    return new RequirementList(
        unique(
            Stream.of(
                    LIST_ITEM.matcher(requirements).results(),
                    TABLE_ROW.matcher(reliability).results(),
                    INVARIANTS
                        .matcher(reliability)
                        .results()
                        .flatMap(
                            section ->
                                INVARIANT
                                    .matcher(section.group(1).replaceAll("\\s+", " "))
                                    .results()))
                .flatMap(matches -> matches)
                .map(RequirementList::entry)));
  }

  public Set<String> ids() {
    return titles.keySet();
  }

  /** The text of the resource. */
  String text() {
    return titles.entrySet().stream()
        .map(entry -> entry.getKey() + " " + entry.getValue() + "\n")
        .collect(Collectors.joining());
  }

  private static Map.Entry<String, String> entry(MatchResult match) {
    String plain = match.group(2).replaceAll("[*`]| \\[[VK]]", "").strip();
    String title =
        FIRST_SENTENCE.matcher(plain).results().findFirst().map(MatchResult::group).orElse(plain);
    return Map.entry(match.group(1), title.replaceAll("\\.$", ""));
  }

  private static Map.Entry<String, String> entry(String line) {
    String[] parts = line.split(" ", 2);
    if (parts.length != 2) {
      throw new IllegalStateException(RESOURCE + ": a line is 'id title', not '" + line + "'");
    }
    return Map.entry(parts[0], parts[1]);
  }

  private static Map<String, String> unique(Stream<Map.Entry<String, String>> entries) {
    Map<String, String> titles = new LinkedHashMap<>();
    entries.forEach(
        entry -> {
          if (titles.putIfAbsent(entry.getKey(), entry.getValue()) != null) {
            throw new IllegalStateException("the id " + entry.getKey() + " is given twice");
          }
        });
    return titles;
  }
}
