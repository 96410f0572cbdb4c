package org.tokenbroker.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.Requirement;
import org.yaml.snakeyaml.Yaml;

/**
 * The schema, the defaults and the reference of the chart say the same; none has a value that
 * another lacks.
 */
class ChartReferenceTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode schema;
  private final JsonNode values;

  ChartReferenceTest() throws IOException {
    schema = JSON.readTree(Manifests.CHART.resolve("values.schema.json").toFile());
    values =
        JSON.valueToTree(new Yaml().load(Files.readString(Manifests.CHART.resolve("values.yaml"))));
  }

  @Test
  void everyValueHasADefaultAndADescription() {
    for (Row row : rows()) {
      assertThat(row.value().isMissingNode()).as("default of " + row.path()).isFalse();
      assertThat(row.description()).as("description of " + row.path()).isNotBlank();
    }
  }

  @Test
  void everyDefaultIsKnownToTheSchema() {
    assertThat(unknown(values, schema, "")).isEmpty();
  }

  @Test
  @Requirement("K-6")
  void theReadmeListsEveryValueWithItsDefault() throws IOException {
    List<String> expected = rows().stream().map(ChartReferenceTest::line).toList();
    Files.createDirectories(Path.of("target"));
    Files.write(Path.of("target", "chart-values.md"), expected);

    List<String> table =
        Files.readAllLines(Manifests.CHART.resolve("README.md")).stream()
            .filter(line -> line.startsWith("| `"))
            .toList();

    assertThat(table)
        .as("the table in helm/README.md; the right one is in target/chart-values.md")
        .isEqualTo(expected);
  }

  private static String line(Row row) {
    try {
      return "| `"
          + row.path()
          + "` | `"
          + JSON.writeValueAsString(row.value())
          + "` | "
          + row.description()
          + " |";
    } catch (JsonProcessingException unwritable) {
      throw new AssertionError(unwritable);
    }
  }

  private List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    collect(schema, values, "", rows);
    return rows;
  }

  private static void collect(JsonNode schema, JsonNode values, String path, List<Row> rows) {
    schema
        .path("properties")
        .properties()
        .forEach(
            property -> {
              String here = path + property.getKey();
              JsonNode below = property.getValue();
              JsonNode value = values.path(property.getKey());
              if (isGroup(below)) {
                collect(below, value, here + ".", rows);
              } else if (!here.equals("global")) {
                rows.add(new Row(here, value, below.path("description").asText()));
              }
            });
  }

  private static Set<String> unknown(JsonNode values, JsonNode schema, String path) {
    Set<String> unknown = new TreeSet<>();
    values
        .properties()
        .forEach(
            value -> {
              JsonNode below = schema.path("properties").path(value.getKey());
              if (below.isMissingNode()) {
                unknown.add(path + value.getKey());
              } else if (isGroup(below)) {
                unknown.addAll(unknown(value.getValue(), below, path + value.getKey() + "."));
              }
            });
    return unknown;
  }

  private static boolean isGroup(JsonNode schema) {
    return schema.has("properties") && schema.path("additionalProperties").isBoolean();
  }

  private record Row(String path, JsonNode value, String description) {}
}
