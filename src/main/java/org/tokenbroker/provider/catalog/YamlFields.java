package org.tokenbroker.provider.catalog;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * The fields of one YAML mapping, each taken once and by its type. Whatever is left when it is
 * closed is unknown. Every violation is collected; a field that violates reads as absent.
 */
final class YamlFields implements AutoCloseable {
  private final String file;
  private final String path;
  private final Node owner;
  private final Map<String, NodeTuple> open = new LinkedHashMap<>();
  private final Set<String> present;
  private final Consumer<Violation> violations;

  /**
   * @param path of the mapping; empty for the file's top
   */
  YamlFields(String file, String path, Node node, Consumer<Violation> violations) {
    this.file = file;
    this.path = path;
    this.owner = node;
    this.violations = violations;
    if (node instanceof MappingNode mapping) {
      mapping.getValue().forEach(this::open);
    } else {
      report(node, path, "must be a mapping of fields");
    }
    this.present = Set.copyOf(open.keySet());
  }

  private void open(NodeTuple tuple) {
    if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
      report(tuple.getKeyNode(), path, "must have plain names as keys");
    } else if (open.putIfAbsent(key.getValue(), tuple) != null) {
      report(key, child(key.getValue()), "is there twice; keep one");
    }
  }

  Optional<Field<String>> text(String name) {
    return take(name).flatMap(node -> scalar(node, child(name), Tag.STR, "must be text"));
  }

  Optional<Field<String>> number(String name) {
    return take(name).flatMap(node -> scalar(node, child(name), Tag.INT, "must be a whole number"));
  }

  boolean flag(String name, boolean unless) {
    return take(name)
        .flatMap(node -> scalar(node, child(name), Tag.BOOL, "must be true or false"))
        .map(field -> field.value().equalsIgnoreCase("true"))
        .orElse(unless);
  }

  /** The elements of a list of texts; absent where there is no list. */
  Optional<List<Field<String>>> texts(String name) {
    return take(name).flatMap(node -> elements(node, child(name)));
  }

  private Optional<List<Field<String>>> elements(Node node, String list) {
    if (!(node instanceof SequenceNode sequence)) {
      report(node, list, "must be a list, for example [a, b]");
      return Optional.empty();
    }
    List<Field<String>> elements = new ArrayList<>();
    for (Node element : sequence.getValue()) {
      String at = list + "[" + elements.size() + "]";
      elements.add(
          scalar(element, at, Tag.STR, "must be text").orElse(new Field<>("", at, element)));
    }
    return Optional.of(elements);
  }

  /** A list of mappings, each read and closed; empty where it is absent. */
  <T> List<T> sections(String name, Function<YamlFields, T> reading) {
    List<T> sections = new ArrayList<>();
    take(name)
        .ifPresent(
            node -> {
              if (node instanceof SequenceNode sequence) {
                for (Node element : sequence.getValue()) {
                  String at = child(name) + "[" + sections.size() + "]";
                  sections.add(read(at, element, reading));
                }
              } else {
                report(node, child(name), "must be a list of mappings");
              }
            });
    return List.copyOf(sections);
  }

  /** A mapping of free names to mappings; empty where it is absent. */
  <T> Map<String, T> tableOfSections(String name, Function<YamlFields, T> reading) {
    return section(
        name,
        fields -> {
          Map<String, T> table = new LinkedHashMap<>();
          for (String key : List.copyOf(fields.open.keySet())) {
            table.put(key, fields.section(key, reading));
          }
          return table;
        });
  }

  /** A mapping of free names to texts; empty where it is absent. */
  Map<String, Field<String>> table(String name) {
    return section(
        name,
        fields -> {
          Map<String, Field<String>> table = new LinkedHashMap<>();
          for (String key : List.copyOf(fields.open.keySet())) {
            fields.text(key).ifPresent(value -> table.put(key, value));
          }
          return table;
        });
  }

  /** A mapping of free names to what their texts read as, without those that violate. */
  <T> Map<String, T> table(String name, BiFunction<String, Field<String>, Optional<T>> reading) {
    Map<String, T> good = new LinkedHashMap<>();
    table(name)
        .forEach(
            (key, field) -> reading.apply(key, field).ifPresent(value -> good.put(key, value)));
    return Map.copyOf(good);
  }

  /** What the elements of a list read as, without those that violate; empty where it is absent. */
  <T> List<T> list(String name, Function<Field<String>, Optional<T>> reading) {
    return texts(name).orElse(List.of()).stream()
        .flatMap(element -> reading.apply(element).stream())
        .toList();
  }

  /** Reads a nested mapping and closes it; one that is absent reads as empty. */
  <T> T section(String name, Function<YamlFields, T> reading) {
    return read(child(name), take(name).orElseGet(this::nothing), reading);
  }

  private <T> T read(String at, Node node, Function<YamlFields, T> reading) {
    try (YamlFields fields = new YamlFields(file, at, node, violations)) {
      return reading.apply(fields);
    }
  }

  private Node nothing() {
    return new MappingNode(
        Tag.MAP, true, List.of(), owner.getStartMark(), owner.getEndMark(), FlowStyle.BLOCK);
  }

  /** Whether the field holds a mapping; does not take it. */
  boolean isSection(String name) {
    NodeTuple tuple = open.get(name);
    return tuple != null && tuple.getValueNode() instanceof MappingNode;
  }

  /** Whether the field holds this text; does not take it. */
  boolean is(String name, String text) {
    NodeTuple tuple = open.get(name);
    return tuple != null
        && tuple.getValueNode() instanceof ScalarNode scalar
        && scalar.getValue().equals(text);
  }

  /** Whether the field is there, well-formed or not. */
  boolean has(String name) {
    return present.contains(name);
  }

  /** Reports a field that should be there; one that is there but violates was reported already. */
  void missing(String name, String message) {
    if (!present.contains(name)) {
      report(owner, child(name), message);
    }
  }

  /** Reports a field as a whole. */
  void violated(String name, String message) {
    report(owner, child(name), message);
  }

  /** Its value where it is good; what is not is reported. */
  <T> Optional<T> checked(Field<T> field, boolean good, String message) {
    if (!good) {
      violated(field, message);
    }
    return good ? Optional.of(field.value()) : Optional.empty();
  }

  void violated(Field<?> field, String message) {
    report(field.node(), field.path(), message);
  }

  @Override
  public void close() {
    open.forEach((name, tuple) -> report(tuple.getKeyNode(), child(name), "is not a known field"));
    open.clear();
  }

  private Optional<Node> take(String name) {
    return Optional.ofNullable(open.remove(name)).map(NodeTuple::getValueNode);
  }

  private Optional<Field<String>> scalar(Node node, String at, Tag tag, String message) {
    if (node instanceof ScalarNode scalar && node.getTag().equals(tag)) {
      return Optional.of(new Field<>(scalar.getValue(), at, node));
    }
    boolean quotable = tag.equals(Tag.STR) && node instanceof ScalarNode;
    report(node, at, quotable ? message + "; put it in quotes" : message);
    return Optional.empty();
  }

  private void report(Node node, String at, String message) {
    violations.accept(Violation.at(file, node.getStartMark(), at, message));
  }

  private String child(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /** A value and where it stands. */
  record Field<T>(T value, String path, Node node) {}
}
