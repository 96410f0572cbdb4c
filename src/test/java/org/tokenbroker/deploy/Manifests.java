package org.tokenbroker.deploy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.yaml.snakeyaml.Yaml;

/** What the chart renders: the objects, and ways into them. */
record Manifests(List<Node> objects) {
  static final Path CHART = Path.of("helm");
  static final List<String> EXAMPLES = List.of("minimal", "cert-manager", "token");

  /** Renders with {@code ci/<example>-values.yaml}. */
  static Manifests of(String example) {
    return of(example, UnaryOperator.identity());
  }

  /** Renders with {@code ci/<example>-values.yaml} and some more values. */
  static Manifests of(String example, UnaryOperator<TemplateCommand> more) {
    String yaml =
        more.apply(command().withValuesFile(CHART.resolve("ci/" + example + "-values.yaml")))
            .call();
    List<Node> objects = new ArrayList<>();
    new Yaml()
        .loadAll(yaml)
        .forEach(document -> Optional.ofNullable(document).map(Node::new).ifPresent(objects::add));
    return new Manifests(List.copyOf(objects));
  }

  static TemplateCommand command() {
    return new Helm(CHART)
        .template()
        .withKubeVersion("1.31.0")
        .withName("tb")
        .withNamespace("tokens");
  }

  List<String> kinds() {
    return objects.stream().map(object -> object.at("kind").text()).sorted().toList();
  }

  /** The one object of that kind. */
  Node only(String kind) {
    List<Node> found = all(kind);
    if (found.size() != 1) {
      throw new AssertionError("expected one " + kind + ", rendered " + found.size());
    }
    return found.getFirst();
  }

  List<Node> all(String kind) {
    return objects.stream().filter(object -> object.at("kind").text().equals(kind)).toList();
  }

  Node named(String kind, String name) {
    return all(kind).stream()
        .filter(object -> object.at("metadata.name").text().equals(name))
        .findFirst()
        .orElseThrow();
  }

  Node pod() {
    return only("Deployment").at("spec.template.spec");
  }

  Node container() {
    return pod().at("containers").each().getFirst();
  }

  /** A place in a rendered object. */
  record Node(Object value) {
    /**
     * @param path names separated by dots; each must exist
     */
    Node at(String path) {
      Object here = value;
      for (String name : path.split("\\.")) {
        Object next = here instanceof Map<?, ?> map ? map.get(name) : null;
        if (next == null) {
          throw new AssertionError("nothing at " + path);
        }
        here = next;
      }
      return new Node(here);
    }

    boolean has(String name) {
      return value instanceof Map<?, ?> map && map.containsKey(name);
    }

    String text() {
      return String.valueOf(value);
    }

    List<Node> each() {
      return ((List<?>) value).stream().map(Node::new).toList();
    }

    Node named(String name) {
      return each().stream()
          .filter(node -> node.at("name").text().equals(name))
          .findFirst()
          .orElseThrow();
    }
  }
}
