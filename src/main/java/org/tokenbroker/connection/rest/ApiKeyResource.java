package org.tokenbroker.connection.rest;

import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.connection.ApiKeyDesk;
import org.tokenbroker.connection.ApiKeyDesk.Replaced;
import org.tokenbroker.connection.Connection;
import org.tokenbroker.platform.LogContext;
import org.tokenbroker.platform.OperatorOnly;
import org.tokenbroker.platform.door.Callers;
import org.tokenbroker.token.ConnectionId;

/** API keys of connections, for operators: they go in, and come out to consumers only. */
@Path("/v1/connections")
@Tag(name = "Connections")
@Produces(MediaType.APPLICATION_JSON)
@OperatorOnly
public class ApiKeyResource {
  private static final Logger AUDIT = Logger.getLogger("audit");

  private final ApiKeyDesk desk;

  ApiKeyResource(ApiKeyDesk desk) {
    this.desk = desk;
  }

  @PUT
  @Path("/{id}/api-key")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Put an API key in place of the former one",
      description =
          "Idempotent: the same key again keeps its generation, and makes an ailing connection active. Every replica serves the new key within 5 s. This API never gives a key back.")
  @APIResponse(responseCode = "200", description = "The connection, without its key")
  @APIResponse(responseCode = "404", description = "Unknown")
  @APIResponse(
      responseCode = "409",
      description =
          "api_key_not_possible: another grant_type, or not of the operator's own organization")
  public Uni<ConnectionView> put(
      @Context RoutingContext http, @PathParam("id") String id, @Nullable ApiKeyRequest request) {
    ConnectionId connection = ConnectionInput.id(id);
    LogContext.connection(connection);
    ConnectionInput.KeyOrder order = ConnectionInput.keyOrder(request);
    return desk.replace(connection, order.key(), order.scopes())
        .map(
            replaced ->
                switch (replaced) {
                  case Replaced.Done(Connection now) -> audited(http, now);
                  case Replaced.Unknown unknown -> throw ConnectionProblems.unknown();
                  case Replaced.NotPossible(String reason) ->
                      throw ConnectionProblems.noKeyPossible(reason);
                  case Replaced.Unavailable unavailable -> throw ConnectionProblems.unavailable();
                });
  }

  private static ConnectionView audited(RoutingContext http, Connection connection) {
    AUDIT.infof(
        "event=api_key outcome=put caller=\"%s\" connection=%s generation=%s",
        Callers.of(http), connection.id(), connection.issued());
    return ConnectionView.of(connection);
  }
}
