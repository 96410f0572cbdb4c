package org.tokenbroker.platform.rest;

import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.tokenbroker.platform.OperatorOnly;
import org.tokenbroker.platform.Problem;
import org.tokenbroker.platform.ProblemException;
import org.tokenbroker.platform.door.Callers;
import org.tokenbroker.platform.identity.Operators;
import org.tokenbroker.platform.identity.PeerIdentity;

/** Keeps the management API to operators. */
public class OperatorFilter {
  private static final Logger AUDIT = Logger.getLogger("audit");

  private final Operators operators;

  @Inject
  OperatorFilter(Operators operators) {
    this.operators = operators;
  }

  @OperatorOnly
  @ServerRequestFilter
  public void check(RoutingContext request) {
    PeerIdentity caller = Callers.of(request);
    if (!operators.contains(caller)) {
      AUDIT.infof("event=management outcome=denied caller=%s", caller);
      throw new ProblemException(
          Problem.of(
              403,
              "operators_only",
              "The management API is for operators.",
              "The caller is not in token-broker.operators."));
    }
  }
}
