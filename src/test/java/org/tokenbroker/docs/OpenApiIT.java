package org.tokenbroker.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("house-rule")
class OpenApiIT {

  /** What the packaging derived from the resources of the application. */
  private static final Path DERIVED =
      Path.of(System.getProperty("build.directory"), "openapi", "openapi.yaml");

  @Test
  void theDocumentInTheTreeFollowsFromTheCode() throws IOException {
    GeneratedPage.named("openapi.yaml").mustEqual(Files.readString(DERIVED));
  }

  @Test
  void theDocumentNamesTheServingContract() throws IOException {
    assertThat(Files.readString(DERIVED)).contains("/v1/connections/{id}/token", "min_ttl");
  }
}
