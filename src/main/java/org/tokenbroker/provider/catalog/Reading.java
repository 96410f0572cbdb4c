package org.tokenbroker.provider.catalog;

import java.util.List;
import org.tokenbroker.provider.Profile;

/** What became of one profile file. */
public sealed interface Reading {
  record Accepted(Profile profile) implements Reading {}

  /**
   * The file is refused whole.
   *
   * @param violations all of them, in the order of the file; not empty
   */
  record Refused(List<Violation> violations) implements Reading {}
}
