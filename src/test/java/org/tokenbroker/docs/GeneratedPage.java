package org.tokenbroker.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A page of {@code src/docs} that the code dictates. The build compares it; with {@code
 * -Dregenerate} it writes it.
 *
 * @param file relative to the project
 */
record GeneratedPage(Path file) {

  static GeneratedPage named(String name) {
    return new GeneratedPage(Path.of("src", "docs", name));
  }

  void mustEqual(String generated) throws IOException {
    if (System.getProperty("regenerate") != null) {
      Files.writeString(file, generated);
    }
    assertThat(file)
        .as("%s follows from the code; -Dregenerate rewrites it", file)
        .exists()
        .content()
        .isEqualTo(generated);
  }
}
