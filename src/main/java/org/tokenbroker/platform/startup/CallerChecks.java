package org.tokenbroker.platform.startup;

import static org.tokenbroker.platform.startup.StartCheck.severe;
import static org.tokenbroker.platform.startup.StartCheck.waivable;

import java.util.List;
import org.tokenbroker.platform.identity.PeerIdentity;
import org.tokenbroker.platform.identity.SpiffeId;

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
          severe("trust-domain-form", CallerChecks::trustDomainsAreNames),
          waivable("operators", CallerChecks::somebodyIsOperator),
          severe("operator-form", CallerChecks::operatorsAreIdentities));

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

  private static List<Violation> trustDomainsAreNames(Settings settings) {
    return settings.list(TRUST_DOMAINS).stream().allMatch(SpiffeId::isTrustDomain)
        ? List.of()
        : List.of(
            new Violation(
                TRUST_DOMAINS,
                "holds something that is no SPIFFE trust domain",
                "write names only, in lower case, for example cluster.example.org"));
  }

  /** A distinguished name holds commas of its own, so such a list cannot be taken apart here. */
  private static List<Violation> operatorsAreIdentities(Settings settings) {
    List<String> operators = settings.list(OPERATORS);
    boolean fit =
        operators.stream().anyMatch(operator -> operator.startsWith("subject:"))
            || operators.stream().allMatch(operator -> PeerIdentity.parse(operator).isPresent());
    return fit
        ? List.of()
        : List.of(
            new Violation(
                OPERATORS,
                "holds something that is no exact identity",
                "write " + PeerIdentity.FORMS + "; there are no wildcards"));
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
