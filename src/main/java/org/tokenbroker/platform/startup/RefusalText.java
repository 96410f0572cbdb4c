package org.tokenbroker.platform.startup;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What an operator reads when a replica refuses to start: one block for each violation, no stack
 * trace.
 */
public final class RefusalText {
  private RefusalText() {}

  public static String of(List<Violation> violations) {
    String count = violations.size() == 1 ? "1 setting" : violations.size() + " settings";
    return violations.stream()
        .map(
            violation ->
                "  "
                    + violation.property()
                    + "\n      "
                    + violation.problem()
                    + "; "
                    + violation.fix())
        .collect(
            Collectors.joining(
                "\n",
                "token-broker does not start: " + count + " to mend.\n",
                "\nSee \"What a refusal to start means\" in operations.md.\n"));
  }
}
