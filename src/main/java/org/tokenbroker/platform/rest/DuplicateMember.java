package org.tokenbroker.platform.rest;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where an object has two members of one name, which {@link StrictJson} refuses. Pure. */
final class DuplicateMember {
  private DuplicateMember() {}

  /** Names of the members on the way to it, from the top; absent where something else is wrong. */
  static Optional<List<String>> in(JacksonException failure) {
    return Stream.<Throwable>iterate(failure, Objects::nonNull, Throwable::getCause)
        .filter(JsonParseException.class::isInstance)
        .map(JsonParseException.class::cast)
        .findFirst()
        .flatMap(DuplicateMember::path);
  }

  private static Optional<List<String>> path(JsonParseException failure) {
    return Optional.ofNullable(failure.getProcessor())
        .map(JsonParser::getParsingContext)
        .filter(context -> isTwice(failure, context))
        .map(DuplicateMember::path);
  }

  /** Jackson has no type for it: its message for exactly this name is what tells. */
  private static boolean isTwice(JsonParseException failure, JsonStreamContext context) {
    return ("Duplicate field '" + context.getCurrentName() + "'")
        .equals(failure.getOriginalMessage());
  }

  private static List<String> path(@Nullable JsonStreamContext innermost) {
    Deque<String> path = new ArrayDeque<>();
    for (JsonStreamContext at = innermost; at != null; at = at.getParent()) {
      Optional.ofNullable(at.getCurrentName()).ifPresent(path::addFirst);
    }
    return List.copyOf(path);
  }
}
