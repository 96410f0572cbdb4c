package org.tokenbroker.traceability;

import java.util.Set;
import java.util.TreeSet;

/**
 * What one run says about one test.
 *
 * @param test {@code fully.qualified.Class#method}
 * @param passed true if every execution of the method succeeded, and there was one
 * @param requirements the ids that the test claims to prove, known or not
 */
record TestRecord(String test, boolean passed, Set<String> requirements) {
  TestRecord {
    requirements = new TreeSet<>(requirements);
  }

  String line() {
    return test + "\t" + passed + "\t" + String.join(",", requirements);
  }

  static TestRecord parse(String line) {
    String[] parts = line.split("\t", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("not a test record: " + line);
    }
    return new TestRecord(parts[0], Boolean.parseBoolean(parts[1]), Set.of(parts[2].split(",")));
  }
}
