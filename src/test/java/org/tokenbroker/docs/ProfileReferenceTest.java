package org.tokenbroker.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.tokenbroker.docs.ProfileReference.Field;

@Tag("house-rule")
class ProfileReferenceTest {
  @Test
  void thePageInTheTreeFollowsFromTheCode() throws IOException {
    GeneratedPage.named("profile.md").mustEqual(ProfileReference.ofTheBroker().page());
  }

  @Test
  void everyFieldTellsItsMeaningAndItsDefault() throws IOException {
    List<Field> fields = ProfileReference.ofTheBroker().fields();

    assertThat(fields)
        .hasSizeGreaterThan(80)
        .allSatisfy(field -> assertThat(field.meaning()).as(field.path()).isNotBlank());
    assertThat(fields.stream().filter(field -> !field.section()))
        .allSatisfy(
            field ->
                assertThat(field.meaning()).as(field.path()).containsPattern("default|required"));
  }
}
