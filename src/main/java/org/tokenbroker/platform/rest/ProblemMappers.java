package org.tokenbroker.platform.rest;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import jakarta.inject.Inject;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.tokenbroker.platform.Problem;
import org.tokenbroker.platform.ProblemException;

/**
 * Every failure of a REST route becomes a problem document (RFC 9457) with a stable code and no
 * text from elsewhere.
 */
public class ProblemMappers {
  private static final Logger LOG = Logger.getLogger(ProblemMappers.class);

  private final AllowedMethods methods;

  @Inject
  ProblemMappers(AllowedMethods methods) {
    this.methods = methods;
  }

  @ServerExceptionMapper
  public Response problem(ProblemException failure) {
    return answer(failure.problem());
  }

  @ServerExceptionMapper
  public Response mismatch(MismatchedInputException failure) {
    return answer(Problems.ofJson(failure));
  }

  @ServerExceptionMapper
  public Response json(JacksonException failure) {
    return answer(Problems.ofJson(failure));
  }

  /** RFC 9110 §15.5.6: names the methods that the path knows. */
  @ServerExceptionMapper
  public Response method(NotAllowedException failure, UriInfo uri) {
    Response.ResponseBuilder answer = builder(Problems.ofStatus(405));
    methods.at(uri.getPath()).ifPresent(known -> answer.header(HttpHeaders.ALLOW, known));
    return answer.build();
  }

  @ServerExceptionMapper
  public Response framework(WebApplicationException failure) {
    Response given = failure.getResponse();
    if (given.getStatusInfo().getFamily() == Response.Status.Family.REDIRECTION) {
      return given;
    }
    if (failure.getCause() instanceof JacksonException json) {
      return answer(Problems.ofJson(json));
    }
    if (given.getStatus() >= 500) {
      return anything(failure);
    }
    return answer(Problems.ofStatus(given.getStatus()));
  }

  @ServerExceptionMapper
  public Response anything(Throwable failure) {
    LOG.errorf("A request failed unexpectedly.%n%s", Failures.describe(failure));
    return answer(Problems.INTERNAL_ERROR);
  }

  private static Response answer(Problem problem) {
    return builder(problem).build();
  }

  private static Response.ResponseBuilder builder(Problem problem) {
    return Response.status(problem.status())
        .type(Problem.MEDIA_TYPE)
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .entity(problem);
  }
}
