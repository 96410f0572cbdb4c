package org.tokenbroker.connection.rest;

import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.tokenbroker.connection.EndingDesk;
import org.tokenbroker.connection.EndingDesk.Ended;
import org.tokenbroker.platform.LogContext;
import org.tokenbroker.platform.OperatorOnly;
import org.tokenbroker.platform.door.Callers;
import org.tokenbroker.token.ConnectionId;

/** Ending connections and what they were granted, for operators. */
@Path("/v1/connections")
@Tag(name = "Connections")
@Produces(MediaType.APPLICATION_JSON)
@OperatorOnly
public class EndingResource {
  private static final Logger AUDIT = Logger.getLogger("audit");

  private final EndingDesk desk;

  EndingResource(EndingDesk desk) {
    this.desk = desk;
  }

  @POST
  @Path("/{id}/revoke")
  @Operation(
      summary = "Revoke what a connection was granted",
      description =
          "Idempotent. It is neither refreshed nor served from then on, all versions of its credential or API key are destroyed, its consent links stop working,"
              + " and its tokens are revoked at the provider behind the answer. Id, tenant, metadata and access rules stay: a consent through a new link, or a new API key, brings it back in place.")
  @APIResponse(responseCode = "200", description = "What died")
  @APIResponse(responseCode = "404", description = "Unknown")
  @APIResponse(
      responseCode = "409",
      description =
          "revocation_not_possible: nothing was granted yet, nobody has claimed it, or it is of client credentials")
  public Uni<EndingView> revoke(@Context RoutingContext http, @PathParam("id") String id) {
    ConnectionId connection = ConnectionInput.id(id);
    LogContext.connection(connection);
    return desk.revoke(connection)
        .map(
            ended ->
                switch (ended) {
                  case Ended.Done done ->
                      audited(http, "connection_revocation", EndingView.ofRevoked(done));
                  case Ended.Unknown unknown -> throw ConnectionProblems.unknown();
                  case Ended.NotPossible(String fix) ->
                      throw ConnectionProblems.revocationNotPossible(fix);
                  case Ended.Unavailable unavailable -> throw ConnectionProblems.unavailable();
                });
  }

  @DELETE
  @Path("/{id}")
  @Operation(
      summary = "Delete a connection",
      description =
          "Unknown to everybody from then on; all versions of its credential are destroyed, and its tokens are revoked at the provider behind the answer.")
  @APIResponse(responseCode = "200", description = "What died")
  @APIResponse(responseCode = "404", description = "Unknown, or deleted before")
  public Uni<EndingView> delete(@Context RoutingContext http, @PathParam("id") String id) {
    ConnectionId connection = ConnectionInput.id(id);
    LogContext.connection(connection);
    return desk.delete(connection)
        .map(
            ended ->
                switch (ended) {
                  case Ended.Done done ->
                      audited(http, "connection_deletion", EndingView.ofDeleted(done));
                  case Ended.Unknown unknown -> throw ConnectionProblems.unknown();
                  case Ended.NotPossible neverSaid -> throw ConnectionProblems.notNow();
                  case Ended.Unavailable unavailable -> throw ConnectionProblems.unavailable();
                });
  }

  private static EndingView audited(RoutingContext http, String event, EndingView view) {
    AUDIT.infof(
        "event=%s outcome=%s caller=\"%s\" connection=%s in_safe=%s at_provider=%s",
        event, view.state(), Callers.of(http), view.id(), view.inSafe(), view.atProvider());
    return view;
  }
}
