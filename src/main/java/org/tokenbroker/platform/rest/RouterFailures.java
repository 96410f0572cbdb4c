package org.tokenbroker.platform.rest;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/**
 * Problem documents for what fails before or beside JAX-RS: unreadable requests, bodies over the
 * limit, paths without a route.
 */
@ApplicationScoped
public class RouterFailures {
  private static final Logger LOG = Logger.getLogger(RouterFailures.class);

  private final ProblemWriter problems;

  RouterFailures(ProblemWriter problems) {
    this.problems = problems;
  }

  void register(@Observes Router router) {
    router.route().order(Integer.MIN_VALUE).failureHandler(this::failed);
    router.route().last().handler(request -> problems.write(request, Problems.ofStatus(404)));
  }

  private void failed(RoutingContext request) {
    Throwable failure = request.failure();
    if (failure != null && request.statusCode() >= 500) {
      LOG.errorf("A request failed unexpectedly.%n%s", Failures.describe(failure));
    }
    if (request.response().headWritten()) {
      request.request().connection().close();
      return;
    }
    problems.write(request, Problems.ofStatus(request.statusCode()));
  }
}
