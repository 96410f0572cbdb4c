package org.tokenbroker.platform.health;

import java.util.regex.Pattern;

/** How a dependency is. */
public sealed interface DependencyState {
  /** It did what it was asked. */
  record Up() implements DependencyState {}

  /**
   * It did not.
   *
   * @param reason one of the few snake_case names that the dependency's chapter has for this;
   *     cannot hold a sentence, so no text of the other side gets into a health answer
   */
  record Down(String reason) implements DependencyState {
    private static final Pattern NAME = Pattern.compile("[a-z0-9_]{1,64}");

    public Down {
      if (!NAME.matcher(reason).matches()) {
        throw new IllegalArgumentException("a reason is a snake_case name");
      }
    }
  }
}
