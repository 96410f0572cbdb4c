package org.tokenbroker.serve;

import java.util.List;
import java.util.Optional;
import org.tokenbroker.token.Scopes;

/**
 * Which of several connections of a tenant is meant by scopes: distinct scope sets are distinct
 * tokens (IV-8), and nobody gets more than needed. Pure.
 */
final class Narrowest {
  private Narrowest() {}

  /**
   * The one with the fewest scopes that cover those that are asked for. Empty where none does,
   * where two are equally narrow, and where nothing is asked for: then nothing tells them apart.
   */
  static Optional<Snapshot> of(List<Snapshot> candidates, Scopes asked) {
    List<Snapshot> covering =
        candidates.stream()
            .filter(candidate -> !asked.isEmpty() && candidate.scopes().covers(asked))
            .toList();
    int fewest = covering.stream().mapToInt(Narrowest::width).min().orElse(0);
    List<Snapshot> narrowest =
        covering.stream().filter(candidate -> width(candidate) == fewest).toList();
    return narrowest.size() == 1 ? Optional.of(narrowest.getFirst()) : Optional.empty();
  }

  private static int width(Snapshot candidate) {
    return candidate.scopes().names().size();
  }
}
