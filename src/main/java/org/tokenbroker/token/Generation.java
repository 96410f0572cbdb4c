package org.tokenbroker.token;

/**
 * How often a connection's access token has been replaced. Rises by one with each new token and
 * never goes back, so that a consumer can tell "the API refused generation 7" (BE-16, G-12).
 *
 * @param value 0 before the first token, at least 1 after it
 */
public record Generation(long value) implements Comparable<Generation> {
  public static final Generation NONE = new Generation(0);

  public Generation {
    if (value < 0) {
      throw new IllegalArgumentException("a generation must not be negative");
    }
  }

  public Generation next() {
    return new Generation(value + 1);
  }

  public boolean isNewerThan(Generation other) {
    return value > other.value;
  }

  @Override
  public int compareTo(Generation other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
