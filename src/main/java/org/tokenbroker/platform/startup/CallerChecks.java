package org.tokenbroker.platform.startup;

import static org.tokenbroker.platform.startup.StartCheck.severe;
import static org.tokenbroker.platform.startup.StartCheck.waivable;

import java.util.List;

/**
 * Somebody may manage the broker, and SPIFFE ids are believed for named trust domains only (E2).
 */
public final class CallerChecks {
  private static final String OPERATORS = "token-broker.operators";
  private static final String ACCEPT = "token-broker.identity.accept";
  private static final String TRUST_DOMAINS = "token-broker.identity.trust-domains";

  /** In the order in which they are reported. */
  public static final List<StartCheck> ALL =
      List.of(
          severe("trust-domains", CallerChecks::spiffeIdsHaveATrustDomain),
          waivable("operators", CallerChecks::somebodyIsOperator));

  private CallerChecks() {}

  private static List<Violation> spiffeIdsHaveATrustDomain(Settings settings) {
    List<String> accepted = settings.list(ACCEPT);
    boolean spiffe = accepted.isEmpty() || accepted.stream().anyMatch("spiffe"::equalsIgnoreCase);
    return spiffe && settings.list(TRUST_DOMAINS).isEmpty()
        ? List.of(
            Rules.missing(
                TRUST_DOMAINS,
                "set it to the SPIFFE trust domains of your consumers, or set "
                    + ACCEPT
                    + " to dns or subject"))
        : List.of();
  }

  private static List<Violation> somebodyIsOperator(Settings settings) {
    return settings.list(OPERATORS).isEmpty()
        ? List.of(
            Rules.missing(
                OPERATORS,
                "set it to the identities that may use the management API, or list operators in "
                    + StartDecision.ALLOW))
        : List.of();
  }
}
