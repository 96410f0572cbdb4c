package org.tokenbroker.traceability;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The table <em>requirement → tests → result</em>, written beside the folder of the records: {@code
 * traceability.json} for programs, {@code traceability.md} for people. It names every id of the
 * design, also those without a test.
 */
public final class TraceabilityReport {

  /**
   * An id's tests; {@code passed} is true if there is at least one and none failed, was skipped or
   * aborted.
   */
  record Entry(List<String> tests, boolean passed) {}

  private final Path records;
  private final RequirementList requirements;
  private final SortedMap<String, TestRecord> tests;

  private TraceabilityReport(
      Path records, RequirementList requirements, SortedMap<String, TestRecord> tests) {
    this.records = records;
    this.requirements = requirements;
    this.tests = tests;
  }

  /**
   * Writes the report and fails on an unknown id.
   *
   * @param arguments the folder of the records
   * @throws IllegalStateException naming each id that the design does not have, with its tests
   */
  public static void main(String[] arguments) throws IOException {
    TraceabilityReport report = of(Path.of(arguments[0]));
    report.write();
    if (!report.unknown().isEmpty()) {
      throw new IllegalStateException(
          "@Requirement names ids that the design does not have: " + report.unknown());
    }
  }

  static TraceabilityReport of(Path records) throws IOException {
    SortedMap<String, TestRecord> tests = new TreeMap<>();
    if (Files.isDirectory(records)) {
      try (Stream<Path> files = Files.list(records)) {
        for (Path file : files.filter(path -> path.toString().endsWith(".tsv")).toList()) {
          Files.readAllLines(file).stream()
              .map(TestRecord::parse)
              .forEach(test -> tests.merge(test.test(), test, TraceabilityReport::both));
        }
      }
    }
    return new TraceabilityReport(records, RequirementList.ofTheTests(), tests);
  }

  Map<String, Entry> entries() {
    Map<String, Entry> entries = new LinkedHashMap<>();
    requirements.ids().forEach(id -> entries.put(id, entry(id)));
    return entries;
  }

  /** Ids that the design does not have, each with the tests that name it. */
  SortedMap<String, List<String>> unknown() {
    return tests.values().stream()
        .flatMap(test -> test.requirements().stream().map(id -> Map.entry(id, test.test())))
        .filter(claim -> !requirements.ids().contains(claim.getKey()))
        .collect(
            Collectors.groupingBy(
                Map.Entry::getKey,
                TreeMap::new,
                Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
  }

  void write() throws IOException {
    ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    replace(
        records.resolveSibling("traceability.json"), mapper.writeValueAsString(entries()) + "\n");
    replace(records.resolveSibling("traceability.md"), markdown());
  }

  private Entry entry(String id) {
    List<TestRecord> claiming =
        tests.values().stream().filter(test -> test.requirements().contains(id)).toList();
    return new Entry(
        claiming.stream().map(TestRecord::test).toList(),
        !claiming.isEmpty() && claiming.stream().allMatch(TestRecord::passed));
  }

  private String markdown() {
    Map<String, Entry> entries = entries();
    long proven = entries.values().stream().filter(Entry::passed).count();
    StringBuilder page = new StringBuilder();
    page.append("# Which test proves which requirement\n\n");
    page.append("Proven: ")
        .append(proven)
        .append(" of ")
        .append(entries.size())
        .append(" statements.\n\n");
    page.append("| id | statement | tests | result |\n| --- | --- | --- | --- |\n");
    entries.forEach(
        (id, entry) -> {
          page.append("| ")
              .append(id)
              .append(" | ")
              .append(requirements.titles().get(id))
              .append(" | ");
          page.append(
              entry.tests().stream()
                  .map(TraceabilityReport::shortName)
                  .collect(Collectors.joining("<br>")));
          page.append(" | ").append(result(entry)).append(" |\n");
        });
    return page.toString();
  }

  private static String result(Entry entry) {
    if (entry.tests().isEmpty()) {
      return "no test yet";
    }
    return entry.passed() ? "passed" : "**failed**";
  }

  private static String shortName(String test) {
    return "`" + test.substring(test.lastIndexOf('.') + 1) + "`";
  }

  private static TestRecord both(TestRecord one, TestRecord other) {
    Stream<String> requirements =
        Stream.concat(one.requirements().stream(), other.requirements().stream());
    return new TestRecord(
        one.test(), one.passed() && other.passed(), requirements.collect(Collectors.toSet()));
  }

  /** Several test JVMs may end at once: each replaces the file as a whole. */
  private static void replace(Path file, String text) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID());
    Files.writeString(draft, text);
    Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
