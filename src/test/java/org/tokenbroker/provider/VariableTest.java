package org.tokenbroker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.fixture.Requirement;

class VariableTest {
  private static final Variable ANYWHERE = location(Optional.of(".+"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "user@login.example",
        "login.example.",
        "[::1]/token",
        "https://login.example",
        "login.example/token?key=1",
        "login.example/../token",
        "login.example/%2e%2e/token"
      })
  @Requirement("MO-3")
  void aPlaceThatLeavesItsPlaceInTheUrlIsRefusedWhateverThePatternSays(String value) {
    assertThat(ANYWHERE.allows(value)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"login.example", "login.example:8443", "login.example/realms/a/token"})
  void aPlaceIsAHostWithPortAndPath(String value) {
    assertThat(ANYWHERE.allows(value)).isTrue();
  }

  @Test
  void theRuleSaysWhatAValueIsNotOnlyWhatItMatches() {
    assertThat(ANYWHERE.rule()).startsWith("must be a host").endsWith("and match .+");
    assertThat(location(Optional.empty()).rule()).doesNotContain("match");
    assertThat(
            new Variable(
                    Variable.Kind.SEGMENT,
                    List.of("eu", "us"),
                    Optional.empty(),
                    Optional.empty(),
                    false)
                .rule())
        .isEqualTo("must be one of eu, us");
  }

  private static Variable location(Optional<String> pattern) {
    return new Variable(Variable.Kind.LOCATION, List.of(), pattern, Optional.empty(), false);
  }
}
