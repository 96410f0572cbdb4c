package org.tokenbroker.provider.catalog;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.Optional;

/** The catalogue of provider profiles. */
@ConfigMapping(prefix = "token-broker.catalog")
public interface CatalogConfig {
  /**
   * Folder of profile files ({@code *.yaml}, {@code *.yml}), one profile each; a mounted ConfigMap,
   * for example. They are read again every few seconds: a file that is not valid is refused whole,
   * its last good version stays in use, and the log says what is wrong with it. Without a folder
   * there are only the profiles that the broker ships.
   */
  Optional<Path> directory();
}
