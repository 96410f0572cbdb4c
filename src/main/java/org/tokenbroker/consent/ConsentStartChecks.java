package org.tokenbroker.consent;

import java.util.List;
import org.tokenbroker.platform.startup.Rules;
import org.tokenbroker.platform.startup.StartCheck;

/** Owners reach the consent pages over TLS. */
public final class ConsentStartChecks {
  /** In the order in which they are reported. */
  public static final List<StartCheck> ALL =
      List.of(
          StartCheck.severe(
              "consent-public-url",
              Rules.https(
                  "token-broker.consent.public-url",
                  "set it to the https address at which browsers reach the consent pages")));

  private ConsentStartChecks() {}
}
