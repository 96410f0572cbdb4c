package org.tokenbroker.connection.rest;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.consent.ClaimInvitations;
import org.tokenbroker.consent.ClaimInvitations.Outcome;
import org.tokenbroker.platform.OperatorOnly;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.TenantId;

/** Claim links, for operators. */
@Path("/v1/registrations")
@Tag(name = "Connections")
@Produces(MediaType.APPLICATION_JSON)
@OperatorOnly
public class ClaimLinkResource {
  private static final String DEFAULT_LINK_LIFE = "P7D";

  private final ClaimInvitations invitations;

  ClaimLinkResource(ClaimInvitations invitations) {
    this.invitations = invitations;
  }

  @POST
  @Path("/{id}/claim-link")
  @Operation(
      summary = "Make a claim link",
      description =
          "For a provider whose installs start there. The customer opens it before or after the install, in the same browser; one install becomes the tenant's. The link is a secret and works once."
              + " valid_for is an ISO 8601 duration of at most P30D.")
  @APIResponse(
      responseCode = "201",
      description = "The link",
      content = @Content(schema = @Schema(implementation = ConsentLink.class)))
  @APIResponse(responseCode = "404", description = "Unknown")
  @APIResponse(
      responseCode = "409",
      description = "claim_link_not_possible: installs of this provider do not start there")
  public Uni<RestResponse<ConsentLink>> claimLink(
      @PathParam("id") String id,
      @QueryParam("valid_for") @DefaultValue(DEFAULT_LINK_LIFE) String validFor,
      @Nullable ClaimRequest request) {
    Duration life = ConnectionInput.linkLife(validFor);
    TenantId tenant = ConnectionInput.tenant(request);
    return invitations
        .invite(tenant, registration(id), life)
        .map(
            outcome ->
                switch (outcome) {
                  case Outcome.Invited invited ->
                      RestResponse.status(
                          RestResponse.Status.CREATED, ConsentLink.of(invited.invitation()));
                  case Outcome.NoSuchRegistration unknown -> throw ConnectionProblems.unknown();
                  case Outcome.NotPossible not ->
                      throw ConnectionProblems.claimLinkNotPossible(not.reason());
                  case Outcome.Unavailable unavailable -> throw ConnectionProblems.unavailable();
                });
  }

  /** An id of another form names nothing. */
  private static RegistrationId registration(String id) {
    try {
      return new RegistrationId(id);
    } catch (IllegalArgumentException malformed) {
      throw ConnectionProblems.unknown();
    }
  }
}
