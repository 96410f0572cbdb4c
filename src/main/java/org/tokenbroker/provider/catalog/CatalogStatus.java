package org.tokenbroker.provider.catalog;

import java.time.Instant;
import java.util.List;

/**
 * How the catalogue stands, for the health view.
 *
 * @param profiles how many profiles are in use
 * @param changedAt when the set of profiles in use or of refused files last changed
 * @param violations what is wrong with the files that are refused; empty when all is well
 */
public record CatalogStatus(int profiles, Instant changedAt, List<Violation> violations) {
  public boolean isWell() {
    return violations.isEmpty();
  }
}
