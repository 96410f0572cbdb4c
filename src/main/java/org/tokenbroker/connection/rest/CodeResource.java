package org.tokenbroker.connection.rest;

import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.connection.CodeDesk;
import org.tokenbroker.connection.CodeDesk.Taken;
import org.tokenbroker.connection.ConnectionDesk.Flaw;
import org.tokenbroker.consent.CodeImport.Outcome;
import org.tokenbroker.platform.LogContext;
import org.tokenbroker.platform.OperatorOnly;
import org.tokenbroker.platform.door.Callers;
import org.tokenbroker.token.ConnectionId;

/** Authorization codes that were fetched by hand, for operators (IV-4). */
@Path("/v1/connections/{id}/authorization-code")
@Tag(name = "Connections")
@Produces(MediaType.APPLICATION_JSON)
@OperatorOnly
public class CodeResource {
  private static final Logger AUDIT = Logger.getLogger("audit");

  private final CodeDesk desk;

  CodeResource(CodeDesk desk) {
    this.desk = desk;
  }

  @POST
  @Operation(
      summary = "Bring an authorization code",
      description =
          "For codes that are fetched at the provider by hand, or that come back to a redirect URI"
              + " of the customer's own. It is exchanged at once and at most once: 204 says that its"
              + " grant is kept, in place of the former one; 202 that the safe takes it as soon as it"
              + " is back.")
  @APIResponse(responseCode = "204", description = "Its grant is kept")
  @APIResponse(responseCode = "202", description = "Exchanged; the safe takes its grant later")
  @APIResponse(responseCode = "404", description = "Unknown")
  @APIResponse(
      responseCode = "409",
      description =
          "code_not_possible; code_already_used; code_rejected: fetch a new one, or see the detail")
  @APIResponse(responseCode = "502", description = "outcome_unknown: fetch a new one")
  @APIResponse(responseCode = "503", description = "It was not spent: bring it again soon")
  public Uni<RestResponse<Void>> bring(
      @Context RoutingContext request, @PathParam("id") String id, @Nullable CodeRequest body) {
    ConnectionId connection = ConnectionInput.id(id);
    LogContext.connection(connection);
    return desk.take(connection, CodeInput.code(body))
        .invoke(taken -> audit(request, connection, taken))
        .map(CodeResource::answer);
  }

  private static RestResponse<Void> answer(Taken taken) {
    return switch (taken) {
      case Taken.Presented presented -> answer(presented.outcome());
      case Taken.Unknown unknown -> throw ConnectionProblems.unknown();
      case Taken.NotPossible not -> throw CodeProblems.notPossible(not.reason());
      case Taken.Unavailable unavailable -> throw ConnectionProblems.unavailable();
    };
  }

  private static RestResponse<Void> answer(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Kept kept -> RestResponse.noContent();
      case Outcome.Held held -> RestResponse.status(RestResponse.Status.ACCEPTED);
      case Outcome.Superseded superseded -> throw CodeProblems.superseded();
      case Outcome.NotWanted notWanted -> throw ConnectionProblems.notNow();
      case Outcome.Replayed replayed -> throw CodeProblems.replayed();
      case Outcome.Flawed flawed ->
          throw ConnectionProblems.flawed(List.of(new Flaw(flawed.field(), flawed.fix())));
      case Outcome.Failed failed -> throw CodeProblems.failed(failed);
      case Outcome.Unavailable unavailable -> throw ConnectionProblems.unavailable();
    };
  }

  /** Who, for which connection, and what came of it; never the code. */
  private static void audit(RoutingContext request, ConnectionId connection, Taken taken) {
    AUDIT.infof(
        "event=authorization_code outcome=%s caller=\"%s\" connection=%s",
        label(taken), Callers.of(request), connection);
  }

  private static String label(Taken taken) {
    return switch (taken) {
      case Taken.Presented presented -> label(presented.outcome());
      case Taken.Unknown unknown -> "unknown";
      case Taken.NotPossible not -> "not_possible";
      case Taken.Unavailable unavailable -> "unavailable";
    };
  }

  private static String label(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Kept kept -> "kept";
      case Outcome.Held held -> "held";
      case Outcome.Superseded superseded -> "superseded";
      case Outcome.NotWanted notWanted -> "not_wanted";
      case Outcome.Replayed replayed -> "replayed";
      case Outcome.Flawed flawed -> "invalid";
      case Outcome.Failed failed -> failed.failure().name().toLowerCase(Locale.ROOT);
      case Outcome.Unavailable unavailable -> "unavailable";
    };
  }
}
