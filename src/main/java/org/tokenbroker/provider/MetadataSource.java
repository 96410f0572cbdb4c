package org.tokenbroker.provider;

import io.smallrye.mutiny.Uni;
import java.net.URI;
import java.util.Optional;

/** Fetches documents that issuers publish about themselves. */
public interface MetadataSource {
  /** A document larger than this many bytes is not read any further (C20). */
  int BODY_LIMIT = 1024 * 1024;

  /**
   * One GET, without a redirect followed, within the limits and addresses of all calls to
   * providers.
   *
   * @param profile whose budget it counts towards
   * @return absent where no answer came
   */
  Uni<Optional<TokenAnswer>> fetch(Profile profile, URI location);
}
