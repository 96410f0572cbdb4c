package org.tokenbroker.safe.embedded;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.Optional;

/** Where the sandbox keeps the key of its safe. */
@ConfigMapping(prefix = "token-broker.sandbox")
public interface EmbeddedSafeConfig {
  /**
   * File with the key that encrypts the embedded safe: a Tink keyset in clear, readable by its
   * owner only. Created by the first start; without it the stored documents cannot be read any
   * more. Required in the sandbox build.
   */
  Optional<Path> keyFile();
}
