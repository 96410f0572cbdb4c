package org.tokenbroker.serve.rest;

import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.serve.MinimumLife;
import org.tokenbroker.serve.Rejection;
import org.tokenbroker.serve.Serving;
import org.tokenbroker.serve.Serving.Ask;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Scopes;

/** Reports of tokens that an API refused, from consumers. */
@Path("/v1/connections")
@Tag(name = "Tokens")
@Produces(MediaType.APPLICATION_JSON)
public class TokenReportResource {
  private final Serving serving;
  private final TokenAnswers answers;

  TokenReportResource(Serving serving, TokenAnswers answers) {
    this.serving = serving;
    this.answers = answers;
  }

  @POST
  @Path("/{id}/token/report")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Report that an API refused the token",
      description =
          "Answers with a newer token, where there is one or one can be had now. A generation causes one refresh at most. A refusal for lack of scope causes none.")
  @APIResponse(
      responseCode = "200",
      description = "A newer token",
      content = @Content(schema = @Schema(implementation = TokenBody.class)))
  @APIResponse(responseCode = "404", description = "Unknown or forbidden")
  @APIResponse(
      responseCode = "409",
      description = "consent_required; insufficient_scope: a newer token would not help")
  @APIResponse(responseCode = "429", description = "This consumer asks too often")
  @APIResponse(responseCode = "503", description = "No newer token now; see Retry-After")
  public Uni<Response> report(
      @Context RoutingContext request, @PathParam("id") String id, @Nullable ReportBody body) {
    Optional<ConnectionId> connection = TokenResource.connection(id);
    if (connection.isEmpty()) {
      return Uni.createFrom().item(answers.malformed(request));
    }
    TokenAnswers.concerns(id);
    return answers.answer(
        request,
        id,
        null,
        consumer -> {
          TokenInput input = new TokenInput();
          Optional<Rejection> rejection = input.rejection(body);
          input.refuseIfFlawed();
          Ask ask = new Ask(consumer, MinimumLife.standard(), Scopes.none());
          return serving.newerThan(ask, connection.get(), rejection.orElseThrow());
        });
  }
}
