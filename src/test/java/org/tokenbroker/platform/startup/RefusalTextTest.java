package org.tokenbroker.platform.startup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class RefusalTextTest {
  private static final Violation ONE = new Violation("a.b", "is missing", "set it");

  @Test
  void everySettingIsNamedWithItsFix() {
    assertThat(RefusalText.of(List.of(ONE, new Violation("c.d", "is unsafe", "remove it"))))
        .startsWith("token-broker does not start: 2 settings to mend.")
        .contains("a.b\n      is missing; set it", "c.d\n      is unsafe; remove it");
  }

  @Test
  void itPointsToAHeadingThatIsThere() throws IOException {
    Matcher pointer =
        Pattern.compile("See \"(?<heading>.+)\" in (?<page>.+)\\.\n")
            .matcher(RefusalText.of(List.of(ONE)));

    assertThat(pointer.find()).isTrue();
    assertThat(Files.readAllLines(Path.of("src", "docs", pointer.group("page"))))
        .anyMatch(line -> line.matches("#+ " + Pattern.quote(pointer.group("heading"))));
  }
}
