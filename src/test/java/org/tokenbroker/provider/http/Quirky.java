package org.tokenbroker.provider.http;

import java.net.URI;
import java.util.concurrent.atomic.AtomicLong;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.catalog.ProfileReader;
import org.tokenbroker.provider.catalog.Reading;

/** Profiles that say one quirk, read by the reader of the catalogue. */
final class Quirky {
  private static final AtomicLong NUMBER = new AtomicLong();

  private Quirky() {}

  /**
   * @param quirk YAML of the fields that differ; {@code BASE} in it is the server
   */
  static Profile profile(URI base, String quirk) {
    String yaml =
        """
        id: quirk-NUMBER
        name: Quirky
        grants: [authorization_code, client_credentials]
        client_authentication: [client_secret_basic, client_secret_post, none]
        """
            .replace("NUMBER", Long.toString(NUMBER.incrementAndGet()));
    String endpoints = quirk.contains("endpoints:") ? "" : "endpoints: {token: BASE/token}\n";
    String all = (yaml + endpoints + quirk).replace("BASE", base.toString());
    return switch (new ProfileReader(false, host -> true).read("quirk.yaml", all)) {
      case Reading.Accepted(Profile profile) -> profile;
      case Reading.Refused refused -> throw new AssertionError(refused.violations().toString());
    };
  }
}
