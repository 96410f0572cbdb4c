package org.tokenbroker.platform.rest;

import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Problem documents for what fails before or beside JAX-RS: unreadable requests, bodies over the
 * limit, paths without a route.
 */
@ApplicationScoped
public class RouterFailures {
  private static final Logger LOG = Logger.getLogger(RouterFailures.class);

  private final ProblemWriter problems;
  private final long largestBody;

  RouterFailures(
      ProblemWriter problems,
      @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize largestBody) {
    this.problems = problems;
    this.largestBody = largestBody.asLongValue();
  }

  void register(@Observes Router router) {
    router.route().order(Integer.MIN_VALUE).failureHandler(this::failed);
    router.route().order(Integer.MIN_VALUE).handler(this::refuseAnnouncedExcess);
    router.route().last().handler(request -> problems.write(request, Problems.ofStatus(404)));
  }

  /** Before the server itself refuses it with an empty answer. The body is not read. */
  private void refuseAnnouncedExcess(RoutingContext request) {
    String announced = request.request().getHeader(HttpHeaders.CONTENT_LENGTH);
    if (announced == null || !exceeds(announced)) {
      request.next();
      return;
    }
    request.response().putHeader(HttpHeaders.CONNECTION, "close");
    request.response().endHandler(sent -> request.request().connection().close());
    problems.write(request, Problems.ofStatus(413));
  }

  private boolean exceeds(String announced) {
    return announced.matches("\\d{1,18}") && Long.parseLong(announced) > largestBody;
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
