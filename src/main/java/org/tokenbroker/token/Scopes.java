package org.tokenbroker.token;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Objects;
import java.util.SequencedSet;
import java.util.TreeSet;

/**
 * A set of OAuth scopes (RFC 6749 §3.3): order does not matter, names are case-sensitive.
 *
 * @param names scope tokens, each of the characters RFC 6749 §3.3 allows; may be empty
 */
public record Scopes(SequencedSet<String> names) {
  private static final String NO_SCOPE =
      "a scope must be printable ASCII without space, quote or backslash (RFC 6749 section 3.3)";
  private static final Scopes NONE = new Scopes(new TreeSet<>());

  /**
   * @throws IllegalArgumentException if a name is empty or holds a character outside RFC 6749 §3.3;
   *     the message does not repeat it
   */
  public Scopes {
    for (String name : names) {
      if (name.isEmpty() || !name.chars().allMatch(Scopes::isScopeCharacter)) {
        throw new IllegalArgumentException(NO_SCOPE);
      }
    }
    names = Collections.unmodifiableSequencedSet(new TreeSet<>(names));
  }

  public static Scopes none() {
    return NONE;
  }

  public static Scopes of(String... names) {
    return of(Arrays.asList(names));
  }

  /**
   * @throws IllegalArgumentException as above, and for a null among them: JSON arrays may hold some
   */
  public static Scopes of(Collection<String> names) {
    if (names.stream().anyMatch(Objects::isNull)) {
      throw new IllegalArgumentException(NO_SCOPE);
    }
    return new Scopes(new TreeSet<>(names));
  }

  /** Reads a space-separated list, as RFC 6749 §3.3 writes it; any run of white space separates. */
  public static Scopes parse(String text) {
    String trimmed = text.strip();
    return trimmed.isEmpty() ? NONE : of(trimmed.split("\\s+"));
  }

  public boolean isEmpty() {
    return names.isEmpty();
  }

  /** Whether every scope of the other set is in this one. */
  public boolean covers(Scopes other) {
    return names.containsAll(other.names);
  }

  /** The scopes of both. */
  public Scopes with(Scopes other) {
    SequencedSet<String> both = new TreeSet<>(names);
    both.addAll(other.names);
    return new Scopes(both);
  }

  /** Those that are not in the other set. */
  public Scopes without(Scopes other) {
    SequencedSet<String> rest = new TreeSet<>(names);
    rest.removeAll(other.names);
    return new Scopes(rest);
  }

  /** The space-separated form of RFC 6749 §3.3, sorted. */
  @Override
  public String toString() {
    return String.join(" ", names);
  }

  private static boolean isScopeCharacter(int c) {
    return c == 0x21 || (c >= 0x23 && c <= 0x5B) || (c >= 0x5D && c <= 0x7E);
  }
}
