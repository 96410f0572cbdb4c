package org.tokenbroker.provider.catalog;

import org.yaml.snakeyaml.error.Mark;

/**
 * What is wrong in a profile file and how to mend it.
 *
 * @param file name of the file
 * @param line counted from 1
 * @param column counted from 1
 * @param path of the field, for example {@code endpoints.token} or {@code grants[1]}; empty for the
 *     whole file
 * @param message what the field must be; never repeats its value
 */
public record Violation(String file, int line, int column, String path, String message) {
  static Violation at(String file, Mark mark, String path, String message) {
    return new Violation(file, mark.getLine() + 1, mark.getColumn() + 1, path, message);
  }

  /** In the form that editors jump to. */
  @Override
  public String toString() {
    String place = file + ":" + line + ":" + column + ": ";
    return path.isEmpty() ? place + message : place + path + " " + message;
  }
}
