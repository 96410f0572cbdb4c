package org.tokenbroker.platform.startup;

import java.util.List;

/**
 * One thing that must hold before the doors open.
 *
 * @param name stable kebab-case name; what {@code token-broker.start.allow} lists to waive it
 * @param waiver whether an operator may start anyway
 * @param rule pure: looks at nothing but the settings
 */
public record StartCheck(String name, Waiver waiver, Rule rule) {
  /** Whether an operator may start although the check fails. */
  public enum Waiver {
    /** The replica would be unsafe or could not work. */
    NEVER,
    /** Only when {@code token-broker.start.allow} lists the check's name. */
    BY_NAME
  }

  /** What a check looks at. */
  @FunctionalInterface
  public interface Rule {
    /** All violations found, empty where all is well. */
    List<Violation> violations(Settings settings);
  }

  /** A check that cannot be waived. */
  public static StartCheck severe(String name, Rule rule) {
    return new StartCheck(name, Waiver.NEVER, rule);
  }

  /** A check that {@code token-broker.start.allow} may waive by name. */
  public static StartCheck waivable(String name, Rule rule) {
    return new StartCheck(name, Waiver.BY_NAME, rule);
  }
}
