package org.tokenbroker.serve.rest;

import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
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
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Scopes;

/**
 * Tokens of a connection, for consumers. Shares the path of its class with the management of
 * connections, so that a method nobody knows is told from a path nobody knows.
 */
@Path("/v1/connections")
@Tag(name = "Tokens", description = "Access tokens, for consumers that an access rule allows.")
@Produces(MediaType.APPLICATION_JSON)
public class TokenResource {
  private final Serving serving;
  private final TokenAnswers answers;

  TokenResource(Serving serving, TokenAnswers answers) {
    this.serving = serving;
    this.answers = answers;
  }

  @GET
  @Path("/{id}/token")
  @Operation(
      summary = "Get a connection's access token",
      description =
          "From memory, without waiting, while the token has the life asked for. Unknown and forbidden connections get the same answer.")
  @APIResponse(
      responseCode = "200",
      description = "A token with the life asked for",
      content = @Content(schema = @Schema(implementation = TokenBody.class)))
  @APIResponse(
      responseCode = "304",
      description = "The token of If-None-Match is still the newest and has the life asked for")
  @APIResponse(responseCode = "404", description = "Unknown or forbidden")
  @APIResponse(
      responseCode = "409",
      description = "consent_required: its owner must agree again; scope_not_granted")
  @APIResponse(responseCode = "429", description = "This consumer asks too often")
  @APIResponse(responseCode = "503", description = "Nothing fresh enough; see Retry-After")
  public Uni<Response> get(
      @Context RoutingContext request,
      @PathParam("id") String id,
      @Parameter(
              description =
                  "Life that the token must have: 60, 60s, 2m, PT1M; empty counts as not given. Less than 60 s is raised to it, more than half the token's life is lowered to it.")
          @QueryParam("min_ttl")
          @Nullable String minTtl,
      @Parameter(description = "Scopes that the token must carry, space-separated")
          @QueryParam("scope")
          @Nullable String scope,
      @HeaderParam(HttpHeaders.IF_NONE_MATCH) @Nullable String ifNoneMatch) {
    Optional<ConnectionId> connection = connection(id);
    if (connection.isEmpty()) {
      return Uni.createFrom().item(answers.malformed(request));
    }
    TokenAnswers.concerns(id);
    return answers.answer(
        request,
        id,
        ifNoneMatch,
        consumer -> {
          TokenInput input = new TokenInput();
          MinimumLife minimum = input.minimumLife(minTtl);
          Scopes scopes = input.scopes(scope);
          input.refuseIfFlawed();
          return serving.token(
              new Ask(consumer, minimum, scopes), new Target.ById(connection.get()));
        });
  }

  /** Empty for an id that no connection can have. */
  static Optional<ConnectionId> connection(String id) {
    try {
      return Optional.of(new ConnectionId(id));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }
}
