package org.tokenbroker.serve.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.tokenbroker.serve.Answer;
import org.tokenbroker.token.Lifetime;

/**
 * A served token. Never holds a refresh token, key or secret of a client.
 *
 * @param tokenType RFC 6749 §7.1
 * @param expiresIn whole seconds of life left, counted when the answer is written
 * @param expiresAt first moment at which it must not be used any more
 * @param refreshAfter when to come back for a newer one
 * @param generation rises with each new token of the connection
 * @param scope granted scopes, space-separated
 * @param header how to present it to the API
 * @param metadata public facts of the connection
 */
@RegisterForReflection
@Schema(name = "Token")
public record TokenBody(
    @JsonProperty("access_token") String accessToken,
    @JsonProperty("token_type") String tokenType,
    @JsonProperty("expires_in") long expiresIn,
    @JsonProperty("expires_at") Instant expiresAt,
    @JsonProperty("refresh_after") Instant refreshAfter,
    @JsonProperty("generation") long generation,
    @JsonProperty("scope") String scope,
    @JsonProperty("header") Header header,
    @JsonProperty("metadata") Map<String, String> metadata) {

  /**
   * @param value scheme and token, as it is sent
   */
  @RegisterForReflection
  @Schema(name = "TokenHeader")
  public record Header(@JsonProperty("name") String name, @JsonProperty("value") String value) {
    @Override
    public String toString() {
      return "Header[" + name + ": ***]";
    }
  }

  static TokenBody of(Answer.Token answer, Instant now) {
    Lifetime lifetime = answer.token().lifetime();
    return new TokenBody(
        answer.token().value().reveal(),
        answer.token().type(),
        lifetime.remaining(now).toSeconds(),
        lifetime.expiresAt(),
        answer.refreshAfter(),
        answer.token().generation().value(),
        answer.token().scopes().toString(),
        new Header(answer.header().name(), answer.header().value().reveal()),
        answer.connection().publicMetadata());
  }

  @Override
  public String toString() {
    return "TokenBody[generation=" + generation + ", expiresAt=" + expiresAt + "]";
  }
}
