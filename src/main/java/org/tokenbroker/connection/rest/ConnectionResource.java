package org.tokenbroker.connection.rest;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.connection.ConnectionDesk;
import org.tokenbroker.connection.ConnectionDesk.Created;
import org.tokenbroker.connection.ConnectionDesk.Invited;
import org.tokenbroker.connection.Ledger;
import org.tokenbroker.connection.Ledger.LedgerWrite;
import org.tokenbroker.connection.Ledger.Listing;
import org.tokenbroker.connection.LedgerRead;
import org.tokenbroker.platform.LogContext;
import org.tokenbroker.platform.OperatorOnly;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.TenantId;

/** Connections, for operators. */
@Path("/v1/connections")
@Tag(
    name = "Connections",
    description = "What customers' consents, and client credentials, gave us. Operators only.")
@Produces(MediaType.APPLICATION_JSON)
@OperatorOnly
public class ConnectionResource {
  private static final String DEFAULT_LINK_LIFE = "P7D";

  private final ConnectionDesk desk;
  private final Ledger ledger;

  ConnectionResource(ConnectionDesk desk, Ledger ledger) {
    this.desk = desk;
    this.ledger = ledger;
  }

  @PUT
  @Path("/{id}")
  @Operation(
      summary = "Create a connection",
      description =
          "Idempotent: the same request again answers 200 and changes nothing; another connection under that id answers 409.")
  public Uni<RestResponse<ConnectionView>> put(
      @PathParam("id") String id, @Nullable ConnectionRequest request) {
    return desk.create(ConnectionInput.order(id, request))
        .map(
            created ->
                switch (created) {
                  case Created.Made made ->
                      RestResponse.status(
                          RestResponse.Status.CREATED, ConnectionView.of(made.connection()));
                  case Created.Already already ->
                      RestResponse.ok(ConnectionView.of(already.connection()));
                  case Created.Taken taken -> throw ConnectionProblems.taken();
                  case Created.Flawed flawed -> throw ConnectionProblems.flawed(flawed.flaws());
                  case Created.Unavailable unavailable -> throw ConnectionProblems.unavailable();
                });
  }

  @GET
  @Operation(
      summary = "List connections",
      description =
          "Ordered by id. Pass `next` of an answer as `after` to go on. `consent_ends_before` (a time in UTC) finds those whose owner has to agree again before then.")
  public Uni<ConnectionPage> list(
      @QueryParam("tenant") @Nullable String tenant,
      @QueryParam("registration") @Nullable String registration,
      @QueryParam("provider") @Nullable String provider,
      @QueryParam("state") @Nullable String state,
      @QueryParam("consent_ends_before") @Nullable String consentEndsBefore,
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @DefaultValue("50") String limit) {
    Ledger.Filter filter =
        ConnectionInput.filter(tenant, registration, provider, state, consentEndsBefore);
    Optional<ConnectionId> from = ConnectionInput.after(after);
    return ledger
        .list(filter, from, ConnectionInput.limit(limit))
        .map(
            listing ->
                switch (listing) {
                  case Listing.Page page -> ConnectionPage.of(page);
                  case Listing.Unavailable unavailable -> throw ConnectionProblems.unavailable();
                });
  }

  @GET
  @Path("/{id}")
  @Operation(summary = "Show a connection")
  public Uni<ConnectionView> get(@PathParam("id") String id) {
    return ledger
        .find(concerned(id))
        .map(
            read ->
                switch (read) {
                  case LedgerRead.Found found -> ConnectionView.of(found.connection());
                  case LedgerRead.Unknown unknown -> throw ConnectionProblems.unknown();
                  case LedgerRead.Unavailable unavailable -> throw ConnectionProblems.unavailable();
                });
  }

  @POST
  @Path("/{id}/consent")
  @Operation(
      summary = "Make a consent link",
      description =
          "For the first consent and for each one after it; a consent replaces the former grant in place. The link is a secret."
              + " With a redirect_uri of the customer's own, the code and its state come in by POST …/authorization-code."
              + " valid_for is an ISO 8601 duration of at most P30D.")
  @APIResponse(
      responseCode = "201",
      description = "The link",
      content = @Content(schema = @Schema(implementation = ConsentLink.class)))
  @APIResponse(responseCode = "404", description = "Unknown")
  @APIResponse(responseCode = "409", description = "consent_not_possible: see the detail")
  public Uni<RestResponse<ConsentLink>> consent(
      @PathParam("id") String id,
      @QueryParam("valid_for") @DefaultValue(DEFAULT_LINK_LIFE) String validFor,
      @QueryParam("redirect_uri") @Nullable String redirectUri) {
    Duration life = ConnectionInput.linkLife(validFor);
    return desk.invite(concerned(id), life, ConnectionInput.redirectUri(redirectUri))
        .map(
            invited ->
                switch (invited) {
                  case Invited.Link link ->
                      RestResponse.status(
                          RestResponse.Status.CREATED, ConsentLink.of(link.invitation()));
                  case Invited.Unknown unknown -> throw ConnectionProblems.unknown();
                  case Invited.NotPossible not ->
                      throw ConnectionProblems.notPossible(not.reason());
                  case Invited.Unavailable unavailable -> throw ConnectionProblems.unavailable();
                });
  }

  @POST
  @Path("/{id}/claim")
  @Operation(
      summary = "Claim an install for a tenant",
      description =
          "Idempotent. An unclaimed connection becomes the tenant's and active; another tenant's answers 409.")
  public Uni<ConnectionView> claim(@PathParam("id") String id, @Nullable ClaimRequest request) {
    TenantId tenant = ConnectionInput.tenant(request);
    return desk.claim(concerned(id), tenant)
        .map(
            written ->
                switch (written) {
                  case LedgerWrite.Done done -> ConnectionView.of(done.connection());
                  case LedgerWrite.Unknown unknown -> throw ConnectionProblems.unknown();
                  case LedgerWrite.NotNow notNow ->
                      throw notNow.connection().tenant().isPresent()
                          ? ConnectionProblems.claimed()
                          : ConnectionProblems.notClaimable();
                  case LedgerWrite.Unavailable unavailable ->
                      throw ConnectionProblems.unavailable();
                });
  }

  @POST
  @Path("/{id}/disable")
  @Operation(
      summary = "Disable a connection",
      description = "Idempotent. It is neither refreshed nor served until it is enabled.")
  public Uni<ConnectionView> disable(@PathParam("id") String id) {
    return desk.disable(concerned(id)).map(ConnectionResource::changed);
  }

  @POST
  @Path("/{id}/enable")
  @Operation(
      summary = "Enable a connection",
      description = "Idempotent. It goes back to the state it had.")
  public Uni<ConnectionView> enable(@PathParam("id") String id) {
    return desk.enable(concerned(id)).map(ConnectionResource::changed);
  }

  private static ConnectionView changed(LedgerWrite written) {
    return switch (written) {
      case LedgerWrite.Done done -> ConnectionView.of(done.connection());
      case LedgerWrite.Unknown unknown -> throw ConnectionProblems.unknown();
      case LedgerWrite.NotNow notNow -> throw ConnectionProblems.notNow();
      case LedgerWrite.Unavailable unavailable -> throw ConnectionProblems.unavailable();
    };
  }

  /** Names the connection on the log lines of the request. */
  private static ConnectionId concerned(String id) {
    ConnectionId connection = ConnectionInput.id(id);
    LogContext.connection(connection);
    return connection;
  }
}
