package org.tokenbroker.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("house-rule")
class ConfigurationReferenceTest {

  @Test
  void thePageInTheTreeFollowsFromTheCode() throws IOException {
    GeneratedPage.named("configuration.md").mustEqual(ConfigurationReference.ofTheBroker().page());
  }

  @Test
  void everySettingTellsItsMeaning() throws IOException {
    assertThat(ConfigurationReference.ofTheBroker().settings())
        .isNotEmpty()
        .allSatisfy(setting -> assertThat(setting.meaning()).as(setting.name()).isNotBlank());
  }
}
