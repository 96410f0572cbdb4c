package org.tokenbroker.serve.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.serve.Answer;
import org.tokenbroker.serve.Presentation;
import org.tokenbroker.token.AccessToken;
import org.tokenbroker.token.ApiKey;
import org.tokenbroker.token.Lifetime;
import org.tokenbroker.token.Secret;
import org.tokenbroker.token.Servable;

/**
 * A served access token or API key. Never holds a refresh token, nor a key or secret of our
 * client.
 *
 * @param accessToken the token or the key
 * @param tokenType RFC 6749 §7.1; of a key that is sent without a scheme {@code N_A}
 * @param expiresIn whole seconds of life left, counted when the answer is written; absent for a
 *     key: it has no end
 * @param expiresAt first moment at which it must not be used any more; absent for a key
 * @param refreshAfter when to come back for a newer one
 * @param generation rises with each new token or key of the connection
 * @param scope granted scopes, space-separated
 * @param header how to present it to the API; absent where it goes into the query
 * @param query how to present it to an API that wants it in the query; absent everywhere else
 * @param metadata public facts of the connection
 */
@RegisterForReflection
@Schema(name = "Token")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TokenBody(
    @JsonProperty("access_token") String accessToken,
    @JsonProperty("token_type") String tokenType,
    @JsonProperty("expires_in") @Nullable Long expiresIn,
    @JsonProperty("expires_at") @Nullable Instant expiresAt,
    @JsonProperty("refresh_after") Instant refreshAfter,
    @JsonProperty("generation") long generation,
    @JsonProperty("scope") String scope,
    @JsonProperty("header") @Nullable Header header,
    @JsonProperty("query") @Nullable Query query,
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

  /**
   * @param value before it is percent-encoded
   */
  @RegisterForReflection
  @Schema(name = "TokenQuery")
  public record Query(@JsonProperty("name") String name, @JsonProperty("value") String value) {
    @Override
    public String toString() {
      return "Query[" + name + "=***]";
    }
  }

  static TokenBody of(Answer.Token answer, Instant now) {
    Optional<Lifetime> life = life(answer.servable());
    return new TokenBody(
        answer.servable().value().reveal(),
        answer.type(),
        life.map(known -> known.remaining(now).toSeconds()).orElse(null),
        life.map(Lifetime::expiresAt).orElse(null),
        answer.refreshAfter(),
        answer.servable().generation().value(),
        answer.servable().scopes().toString(),
        answer.presentation() instanceof Presentation.Header(String name, Secret value)
            ? new Header(name, value.reveal())
            : null,
        answer.presentation() instanceof Presentation.QueryParameter(String name, Secret value)
            ? new Query(name, value.reveal())
            : null,
        answer.connection().publicMetadata());
  }

  /** Empty for a key: it has no end. */
  static Optional<Lifetime> life(Servable servable) {
    return switch (servable) {
      case AccessToken token -> Optional.of(token.lifetime());
      case ApiKey key -> Optional.empty();
    };
  }

  @Override
  public String toString() {
    return "TokenBody[generation=" + generation + ", expiresAt=" + expiresAt + "]";
  }
}
