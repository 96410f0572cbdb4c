package org.tokenbroker.event;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The place of an event among all events. What comes later has a higher one, and nothing ever comes
 * in between: whoever has read up to a place has missed nothing before it.
 *
 * @param number at least 0; 0 is before the first event
 */
public record Place(long number) implements Comparable<Place> {
  public static final Place START = new Place(0);

  private static final Pattern FORM = Pattern.compile("[0-9]{19}");

  public Place {
    if (number < 0) {
      throw new IllegalArgumentException("a place must not be negative");
    }
  }

  /**
   * Reads what {@link #toString} wrote.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public static Place parse(String text) {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "must be the sequence of an event, or the next of an earlier answer");
    }
    try {
      return new Place(Long.parseLong(text));
    } catch (NumberFormatException tooLarge) {
      throw new IllegalArgumentException(
          "must be the sequence of an event, or the next of an earlier answer", tooLarge);
    }
  }

  @Override
  public int compareTo(Place other) {
    return Long.compare(number, other.number);
  }

  /** As CloudEvents want a {@code sequence}: places compare like their texts. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%019d", number);
  }
}
