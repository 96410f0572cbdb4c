package org.tokenbroker.platform.door;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;
import org.tokenbroker.platform.Problem;
import org.tokenbroker.platform.identity.Identification;
import org.tokenbroker.platform.identity.Identification.Known;
import org.tokenbroker.platform.identity.Identification.Refused;
import org.tokenbroker.platform.rest.ProblemWriter;
import org.tokenbroker.platform.rest.RequestIds;

/**
 * Stands before every route of both doors: names the request, keeps each route to its door, knows
 * the caller.
 */
@ApplicationScoped
public class Doorkeeper {
  private static final Logger LOG = Logger.getLogger(Doorkeeper.class);

  private final Callers callers;
  private final ProblemWriter problems;

  Doorkeeper(Callers callers, ProblemWriter problems) {
    this.callers = callers;
    this.problems = problems;
  }

  void stand(@Observes Filters filters) {
    filters.register(this::admit, Integer.MAX_VALUE);
  }

  private void admit(RoutingContext request) {
    RequestIds.assign(request);
    Door door = Door.of(request.request().isSSL());
    if (!door.answers(request.normalizedPath())) {
      problems.write(request, Problem.of(404, "not_found", "There is nothing here.", ""));
      return;
    }
    switch (door) {
      case BROWSERS -> request.next();
      case WORKLOADS -> admitKnown(request);
    }
  }

  private void admitKnown(RoutingContext request) {
    Identification identification = callers.recognise(request);
    switch (identification) {
      case Known known -> request.next();
      case Refused(Identification.Refusal reason) -> refuse(request, reason);
    }
  }

  private void refuse(RoutingContext request, Identification.Refusal reason) {
    LOG.infof("A client certificate was refused: %s", reason);
    request.response().putHeader("Connection", "close");
    request.addEndHandler(ended -> request.request().connection().close());
    problems.write(
        request,
        Problem.of(
            403,
            "certificate_refused",
            "The client certificate does not identify a caller.",
            reason.detail() + "."));
  }
}
