package org.tokenbroker.serve.rest;

import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.serve.MinimumLife;
import org.tokenbroker.serve.Serving;
import org.tokenbroker.serve.Serving.Ask;
import org.tokenbroker.serve.Target;
import org.tokenbroker.token.Scopes;

/** Tokens for consumers that know the tenant, but not the connection. */
@Path("/v1/token")
@Tag(name = "Tokens")
@Produces(MediaType.APPLICATION_JSON)
public class TokenLookupResource {
  private final Serving serving;
  private final TokenAnswers answers;

  TokenLookupResource(Serving serving, TokenAnswers answers) {
    this.serving = serving;
    this.answers = answers;
  }

  @GET
  @Operation(
      summary = "Get a tenant's access token",
      description =
          "Of the tenant's connection at a provider, or under a registration. Where it has several, `scope` tells which: the one with the fewest granted scopes that cover those asked for. Where that leaves none or more than one, and beyond 20 connections, the answer is that of an unknown one. No conditional requests: what is meant may change.")
  @APIResponse(
      responseCode = "200",
      description = "A token with the life asked for",
      content = @Content(schema = @Schema(implementation = TokenBody.class)))
  @APIResponse(responseCode = "404", description = "Unknown, ambiguous or forbidden")
  @APIResponse(
      responseCode = "409",
      description = "consent_required: its owner must agree again; scope_not_granted")
  @APIResponse(responseCode = "429", description = "This consumer asks too often")
  @APIResponse(responseCode = "503", description = "Nothing fresh enough; see Retry-After")
  public Uni<Response> get(
      @Context RoutingContext request,
      @QueryParam("tenant") @Nullable String tenant,
      @Parameter(description = "Id of the provider's profile; this or registration")
          @QueryParam("provider")
          @Nullable String provider,
      @QueryParam("registration") @Nullable String registration,
      @QueryParam("min_ttl") @Nullable String minTtl,
      @QueryParam("scope") @Nullable String scope) {
    TokenInput input = new TokenInput();
    Optional<Target.Lookup> lookup = input.lookup(tenant, provider, registration);
    MinimumLife minimum = input.minimumLife(minTtl);
    Scopes scopes = input.scopes(scope);
    return answers.answer(
        request,
        lookup.map(Object::toString).orElse("malformed"),
        null,
        consumer -> {
          input.refuseIfFlawed();
          return serving.token(new Ask(consumer, minimum, scopes), lookup.orElseThrow());
        });
  }
}
