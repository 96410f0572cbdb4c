package org.tokenbroker.serve.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.platform.OperatorOnly;
import org.tokenbroker.platform.Problem;
import org.tokenbroker.platform.ProblemException;
import org.tokenbroker.platform.door.Callers;
import org.tokenbroker.serve.AccessRule;
import org.tokenbroker.serve.AccessRuleId;
import org.tokenbroker.serve.AccessRuleStore;
import org.tokenbroker.serve.AccessRuleStore.OneRead;
import org.tokenbroker.serve.AccessRuleStore.PageRead;
import org.tokenbroker.serve.RuleBook;

/**
 * Access rules, for operators. A change is in force on this replica when it is answered, on the
 * others within 5 s.
 */
@Path("/v1/access-rules")
@Tag(
    name = "Access rules",
    description = "Which consumer may fetch which connections, with which scopes. Operators only.")
@Produces(MediaType.APPLICATION_JSON)
@OperatorOnly
public class AccessRuleResource {
  static final Problem UNKNOWN = Problem.of(404, "not_found", "There is no such access rule.", "");

  private static final Problem UNAVAILABLE =
      Problem.of(
          503,
          "store_unavailable",
          "PostgreSQL did not answer.",
          "The change may or may not have happened: try again in a few seconds.");
  private static final Logger AUDIT = Logger.getLogger("audit");

  private final AccessRuleStore store;
  private final RuleBook book;

  AccessRuleResource(AccessRuleStore store, RuleBook book) {
    this.store = store;
    this.book = book;
  }

  @PUT
  @Path("/{id}")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Create or replace an access rule",
      description = "Idempotent. 201 when it was created, 200 when it was replaced.")
  public Uni<RestResponse<AccessRuleView>> put(
      @Context RoutingContext request,
      @PathParam("id") String id,
      @RequestBody(content = @Content(schema = @Schema(implementation = AccessRuleView.class)))
          @Nullable JsonNode body) {
    AccessRule rule = AccessRuleInput.rule(id, body);
    return store
        .put(rule)
        .call(book::refreshed)
        .map(
            write -> {
              audit(request, rule.id(), write);
              return switch (write) {
                case CREATED ->
                    RestResponse.status(RestResponse.Status.CREATED, AccessRuleView.of(rule));
                case REPLACED -> RestResponse.ok(AccessRuleView.of(rule));
                case UNAVAILABLE -> throw new ProblemException(UNAVAILABLE);
              };
            });
  }

  @GET
  @Path("/{id}")
  @Operation(summary = "Show an access rule")
  public Uni<AccessRuleView> get(@PathParam("id") String id) {
    return store
        .find(AccessRuleInput.id(id))
        .map(
            read ->
                switch (read) {
                  case OneRead.Found(AccessRule rule) -> AccessRuleView.of(rule);
                  case OneRead.Unknown unknown -> throw new ProblemException(UNKNOWN);
                  case OneRead.Unavailable unavailable -> throw new ProblemException(UNAVAILABLE);
                });
  }

  @GET
  @Operation(
      summary = "List access rules",
      description = "Ordered by id. Pass `next` of an answer as `after` to go on.")
  public Uni<AccessRulePage> list(
      @QueryParam("consumer") @Nullable String consumer,
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @DefaultValue("50") String limit) {
    AccessRuleInput.Page page = AccessRuleInput.page(consumer, after, limit);
    return store
        .list(page.consumer(), page.after(), page.limit())
        .map(
            read ->
                switch (read) {
                  case PageRead.Page found -> AccessRulePage.of(found);
                  case PageRead.Unavailable unavailable -> throw new ProblemException(UNAVAILABLE);
                });
  }

  @DELETE
  @Path("/{id}")
  @Operation(summary = "Delete an access rule")
  public Uni<RestResponse<Void>> delete(
      @Context RoutingContext request, @PathParam("id") String id) {
    AccessRuleId rule = AccessRuleInput.id(id);
    return store
        .delete(rule)
        .call(book::refreshed)
        .map(
            write -> {
              audit(request, rule, write);
              return switch (write) {
                case DELETED -> RestResponse.noContent();
                case UNKNOWN -> throw new ProblemException(UNKNOWN);
                case UNAVAILABLE -> throw new ProblemException(UNAVAILABLE);
              };
            });
  }

  private static void audit(RoutingContext request, AccessRuleId rule, Enum<?> write) {
    AUDIT.infof(
        "event=access_rule outcome=%s caller=\"%s\" rule=%s",
        Outcome.label(write), Callers.of(request), rule);
  }
}
