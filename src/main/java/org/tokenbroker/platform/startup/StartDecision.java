package org.tokenbroker.platform.startup;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Whether this replica may start with its settings. */
public sealed interface StartDecision {
  /** Names of the checks that an operator lets fail, comma-separated. */
  String ALLOW = "token-broker.start.allow";

  /**
   * @param waived names of the checks that failed and were waived, sorted
   */
  record Start(List<String> waived) implements StartDecision {}

  /**
   * @param violations all of them, in the order of the checks; at least one
   */
  record Refuse(List<Violation> violations) implements StartDecision {}

  /**
   * Runs every check, so that a wrong configuration costs one restart and not one for each mistake.
   */
  static StartDecision of(Settings settings, List<StartCheck> checks) {
    Set<String> allowed = new TreeSet<>(settings.list(ALLOW));
    List<Violation> violations = new ArrayList<>(needlessWaivers(allowed, checks));
    List<String> waived = new ArrayList<>();
    for (StartCheck check : checks) {
      List<Violation> found = check.rule().violations(settings);
      boolean waivable =
          switch (check.waiver()) {
            case NEVER -> false;
            case BY_NAME -> allowed.contains(check.name());
          };
      if (!waivable) {
        violations.addAll(found);
      } else if (!found.isEmpty()) {
        waived.add(check.name());
      }
    }
    return violations.isEmpty()
        ? new Start(waived.stream().sorted().toList())
        : new Refuse(List.copyOf(violations));
  }

  private static List<Violation> needlessWaivers(Set<String> allowed, List<StartCheck> checks) {
    Set<String> waivable =
        checks.stream()
            .filter(check -> check.waiver() == StartCheck.Waiver.BY_NAME)
            .map(StartCheck::name)
            .collect(Collectors.toCollection(TreeSet::new));
    return allowed.stream()
        .filter(name -> !waivable.contains(name))
        .map(
            name ->
                new Violation(
                    ALLOW,
                    "lists a name that is no check which may be waived",
                    "list only names out of: " + String.join(", ", waivable)))
        .distinct()
        .toList();
  }
}
