package org.tokenbroker.platform.startup;

/**
 * One configured value and where it was given.
 *
 * @param value as configured, expressions resolved; never blank. May be a secret, so {@link
 *     #toString} leaves it out
 */
public record Setting(String value, Origin origin) {
  public Setting {
    if (value.isBlank()) {
      throw new IllegalArgumentException("a blank setting counts as missing");
    }
  }

  /** Where a value was given; decides whether others on the machine can read it. */
  public enum Origin {
    /** The defaults inside the application. */
    SHIPPED,
    /** A system property: everyone who may list processes reads it. */
    COMMAND_LINE,
    ENVIRONMENT,
    /** A file outside the application, for example a mounted Secret. */
    FILE
  }

  @Override
  public String toString() {
    return "Setting[" + origin + "]";
  }
}
