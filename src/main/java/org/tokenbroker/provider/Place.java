package org.tokenbroker.provider;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A place in a JSON document: the name of a top-level member, or a JSON Pointer (RFC 6901) that
 * starts with {@code /}. In a pointer {@code *} stands for each element of an array.
 *
 * @param text as it stands in the profile; not blank
 */
public record Place(String text) {
  private static final Pattern FORM = Pattern.compile("[^/\\s][^/]*|(/([^~]|~[01])*)+");

  public Place {
    if (!isPlace(text)) {
      throw new IllegalArgumentException("a place is the name of a member or a JSON Pointer");
    }
  }

  /** Whether a text names a place. */
  public static boolean isPlace(String text) {
    return text.length() <= 256 && FORM.matcher(text).matches();
  }

  /** What stands there, {@code null} members left out; in the order of the document. */
  public List<JsonNode> all(JsonNode document) {
    return steps()
        .reduce(
            Stream.of(document),
            (nodes, step) -> nodes.flatMap(node -> down(node, step)),
            Stream::concat)
        .filter(node -> !node.isMissingNode() && !node.isNull())
        .toList();
  }

  /** The first thing that stands there. */
  public Optional<JsonNode> first(JsonNode document) {
    return all(document).stream().findFirst();
  }

  /** The first thing that stands at the first of several places that hold something. */
  public static Optional<JsonNode> first(List<Place> places, JsonNode document) {
    return places.stream().flatMap(place -> place.first(document).stream()).findFirst();
  }

  private Stream<String> steps() {
    return text.startsWith("/")
        ? Stream.of(text.substring(1).split("/", -1))
            .map(step -> step.replace("~1", "/").replace("~0", "~"))
        : Stream.of(text);
  }

  private static Stream<JsonNode> down(JsonNode node, String step) {
    if (!node.isArray()) {
      return Stream.of(node.path(step));
    }
    if (step.equals("*")) {
      return StreamSupport.stream(node.spliterator(), false);
    }
    return step.matches("\\d{1,6}") ? Stream.of(node.path(Integer.parseInt(step))) : Stream.empty();
  }

  @Override
  public String toString() {
    return text;
  }
}
