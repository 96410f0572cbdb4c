package org.tokenbroker.provider.rest;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.platform.OperatorOnly;
import org.tokenbroker.provider.KeyDesk;
import org.tokenbroker.provider.KeyDesk.Seen;
import org.tokenbroker.provider.RegistrationDesk;
import org.tokenbroker.provider.RegistrationDesk.Put;
import org.tokenbroker.provider.Registrations;
import org.tokenbroker.provider.Registrations.Changed;
import org.tokenbroker.provider.Registrations.Found;
import org.tokenbroker.provider.Registrations.Kept;
import org.tokenbroker.provider.Registrations.Listing;
import org.tokenbroker.provider.Standings;

/** Registrations, for operators. */
@Path("/v1/registrations")
@Tag(
    name = "Registrations",
    description = "Our OAuth clients at providers. Operators only; secrets are write-only.")
@Produces(MediaType.APPLICATION_JSON)
@OperatorOnly
public class RegistrationResource {
  private final RegistrationDesk desk;
  private final KeyDesk keys;
  private final Registrations registrations;
  private final Standings standings;

  RegistrationResource(
      RegistrationDesk desk, KeyDesk keys, Registrations registrations, Standings standings) {
    this.desk = desk;
    this.keys = keys;
    this.registrations = registrations;
    this.standings = standings;
  }

  @PUT
  @Path("/{id}")
  @Operation(
      summary = "Create or replace a registration",
      description =
          "Idempotent. Secrets that are left out stay as they are; a faulty registration is tried again."
              + " Profile and variables cannot change while connections exist. One whose `missing_endpoints` is not"
              + " empty is kept but cannot be used.")
  public Uni<RestResponse<RegistrationView>> put(
      @PathParam("id") String id, @Nullable RegistrationRequest request) {
    return desk.put(RegistrationInput.order(id, request))
        .chain(
            put ->
                switch (put) {
                  case Put.Created created ->
                      view(created.kept())
                          .map(view -> RestResponse.status(RestResponse.Status.CREATED, view));
                  case Put.Replaced replaced -> view(replaced.kept()).map(RestResponse::ok);
                  case Put.Flawed flawed -> throw RegistrationProblems.flawed(flawed.flaws());
                  case Put.InUse inUse -> throw RegistrationProblems.inUse();
                  case Put.Unavailable unavailable -> throw RegistrationProblems.unavailable();
                });
  }

  @GET
  @Operation(
      summary = "List registrations",
      description = "Ordered by id. Pass `next` of an answer as `after` to go on.")
  public Uni<RegistrationPage> list(
      @QueryParam("profile") @Nullable String profile,
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @DefaultValue("50") String limit) {
    return registrations
        .list(
            RegistrationInput.profile(profile),
            RegistrationInput.after(after),
            RegistrationInput.limit(limit))
        .map(
            listing ->
                switch (listing) {
                  case Listing.Page page -> RegistrationPage.of(page, standings);
                  case Listing.Unavailable unavailable -> throw RegistrationProblems.unavailable();
                });
  }

  @GET
  @Path("/{id}")
  @Operation(summary = "Show a registration")
  public Uni<RegistrationView> get(@PathParam("id") String id) {
    return registrations
        .find(RegistrationInput.id(id))
        .chain(
            found ->
                switch (found) {
                  case Found.Yes yes -> view(yes.kept());
                  case Found.Unknown unknown -> throw RegistrationProblems.unknown();
                  case Found.Unavailable unavailable -> throw RegistrationProblems.unavailable();
                });
  }

  @GET
  @Path("/{id}/jwks")
  @Operation(
      summary = "Show the public signing keys",
      description =
          "A JWK Set (RFC 7517 §5) of the living keys, and of a superseded one for 15 minutes.")
  @Produces("application/jwk-set+json")
  public Uni<String> jwks(@PathParam("id") String id) {
    return keys.look(RegistrationInput.id(id))
        .map(
            seen ->
                switch (seen) {
                  case Seen.Keys looked -> looked.keySet();
                  case Seen.Unknown unknown -> throw RegistrationProblems.unknown();
                  case Seen.Unavailable unavailable -> throw RegistrationProblems.unavailable();
                });
  }

  @DELETE
  @Path("/{id}")
  @Operation(
      summary = "Delete a registration",
      description = "Refused while connections exist; its secrets are destroyed.")
  public Uni<RestResponse<Void>> delete(@PathParam("id") String id) {
    return desk.delete(RegistrationInput.id(id))
        .map(
            changed ->
                switch (changed) {
                  case Changed.Done done -> RestResponse.noContent();
                  case Changed.InUse inUse -> throw RegistrationProblems.inUse();
                  case Changed.Unknown unknown -> throw RegistrationProblems.unknown();
                  case Changed.Unavailable unavailable -> throw RegistrationProblems.unavailable();
                });
  }

  private Uni<RegistrationView> view(Kept kept) {
    return standings.of(kept.registration()).map(standing -> RegistrationView.of(kept, standing));
  }
}
