package org.tokenbroker.event.rest;

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
import org.tokenbroker.event.WebhookAddresses;
import org.tokenbroker.event.WebhookDesk;
import org.tokenbroker.event.WebhookId;
import org.tokenbroker.event.Webhooks;
import org.tokenbroker.event.Webhooks.Found;
import org.tokenbroker.event.Webhooks.Listing;
import org.tokenbroker.platform.Fields;
import org.tokenbroker.platform.OperatorOnly;
import org.tokenbroker.platform.door.Callers;

/** Who is told of events, for operators. */
@Path("/v1/webhooks")
@Tag(
    name = "Webhooks",
    description =
        "Who is told of events, as signed CloudEvents. Operators only; secrets are write-only.")
@Produces(MediaType.APPLICATION_JSON)
@OperatorOnly
public class WebhookResource {
  private static final Logger AUDIT = Logger.getLogger("audit");

  private final WebhookDesk desk;
  private final Webhooks webhooks;
  private final WebhookAddresses addresses;

  WebhookResource(WebhookDesk desk, Webhooks webhooks, WebhookAddresses addresses) {
    this.desk = desk;
    this.webhooks = webhooks;
    this.addresses = addresses;
  }

  @PUT
  @Path("/{id}")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Create or replace a webhook",
      description =
          "Idempotent. It is told of what happens from now on, and what waits for it is tried at once. The first time needs a"
              + " `secret`; another one later replaces it, and the one before signs beside it for `token-broker.event.secret-overlap`.")
  public Uni<RestResponse<WebhookView>> put(
      @Context RoutingContext request,
      @PathParam("id") String id,
      @RequestBody(content = @Content(schema = @Schema(implementation = WebhookBody.class)))
          @Nullable JsonNode body) {
    WebhookInput.Wanted wanted = WebhookInput.wanted(id, body, addresses);
    return desk.put(wanted.webhook(), wanted.secret())
        .invoke(put -> audit(request, wanted.webhook().id(), label(put)))
        .map(
            put ->
                switch (put) {
                  case WebhookDesk.Put.Done done -> answer(done);
                  case WebhookDesk.Put.SecretMissing missing ->
                      throw Fields.invalid("secret", "must be given the first time");
                  case WebhookDesk.Put.Unavailable unavailable -> throw EventProblems.unavailable();
                });
  }

  @GET
  @Operation(
      summary = "List webhooks",
      description = "Ordered by id. Pass `next` of an answer as `after` to go on.")
  public Uni<WebhookPage> list(
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @DefaultValue("50") String limit) {
    WebhookInput.Page page = WebhookInput.page(after, limit);
    return webhooks
        .list(page.after(), page.limit())
        .map(
            listing ->
                switch (listing) {
                  case Listing.Page found -> WebhookPage.of(found);
                  case Listing.Unavailable unavailable -> throw EventProblems.unavailable();
                });
  }

  @GET
  @Path("/{id}")
  @Operation(summary = "Show a webhook and how its deliveries go")
  public Uni<WebhookView> get(@PathParam("id") String id) {
    return webhooks
        .find(WebhookInput.id(id))
        .map(
            found ->
                switch (found) {
                  case Found.Yes yes -> WebhookView.of(yes.kept());
                  case Found.Unknown unknown -> throw EventProblems.unknownWebhook();
                  case Found.Unavailable unavailable -> throw EventProblems.unavailable();
                });
  }

  @DELETE
  @Path("/{id}")
  @Operation(
      summary = "Delete a webhook",
      description = "What waits for it is not delivered any more; its secrets are destroyed.")
  public Uni<RestResponse<Void>> delete(
      @Context RoutingContext request, @PathParam("id") String id) {
    WebhookId webhook = WebhookInput.id(id);
    return desk.delete(webhook)
        .invoke(removal -> audit(request, webhook, label(removal)))
        .map(
            removal ->
                switch (removal) {
                  case DELETED -> RestResponse.noContent();
                  case UNKNOWN -> throw EventProblems.unknownWebhook();
                  case UNAVAILABLE -> throw EventProblems.unavailable();
                });
  }

  private static RestResponse<WebhookView> answer(WebhookDesk.Put.Done done) {
    WebhookView view = WebhookView.of(done.kept());
    return done.created()
        ? RestResponse.status(RestResponse.Status.CREATED, view)
        : RestResponse.ok(view);
  }

  private static String label(WebhookDesk.Put put) {
    return switch (put) {
      case WebhookDesk.Put.Done done -> done.created() ? "created" : "replaced";
      case WebhookDesk.Put.SecretMissing missing -> "refused";
      case WebhookDesk.Put.Unavailable unavailable -> "unavailable";
    };
  }

  private static String label(Webhooks.Removal removal) {
    return switch (removal) {
      case DELETED -> "deleted";
      case UNKNOWN -> "unknown";
      case UNAVAILABLE -> "unavailable";
    };
  }

  private static void audit(RoutingContext request, WebhookId webhook, String outcome) {
    AUDIT.infof(
        "event=webhook outcome=%s caller=\"%s\" webhook=%s", outcome, Callers.of(request), webhook);
  }
}
