package org.tokenbroker.connection.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.tokenbroker.connection.Connection;
import org.tokenbroker.connection.EndingDesk;
import org.tokenbroker.connection.EndingDesk.Ended;
import org.tokenbroker.connection.States;
import org.tokenbroker.connection.Term;

/**
 * What died (G-13). Holds no secret.
 *
 * @param state {@code deleted}; or {@code revoked}, unless its owner agreed anew meanwhile
 * @param died what is served and used no more: of {@code access_token}, {@code refresh_token} and
 *     {@code api_key}, what it had
 * @param inSafe {@code destroyed}: all versions; {@code being_destroyed}: a refresh is still under
 *     way or the safe does not answer, and it is tried again by itself
 * @param atProvider {@code told}, {@code told_later}, {@code no_endpoint}, {@code key_stays} or
 *     {@code nothing}
 */
@RegisterForReflection
public record EndingView(
    String id,
    String state,
    Instant since,
    List<String> died,
    @JsonProperty("in_safe") String inSafe,
    @JsonProperty("at_provider") String atProvider) {

  static EndingView ofRevoked(Ended.Done done) {
    return of(
        done,
        States.name(done.connection().health()),
        done.connection().health().since(),
        held(done.connection()));
  }

  static EndingView ofDeleted(Ended.Done done) {
    boolean hadSomething = EndingDesk.holdsSomething(done.connection().health());
    return of(
        done,
        "deleted",
        done.connection().updatedAt(),
        hadSomething ? held(done.connection()) : List.of());
  }

  private static EndingView of(Ended.Done done, String state, Instant since, List<String> died) {
    return new EndingView(
        done.connection().id().value(),
        state,
        since,
        died,
        done.erased() ? "destroyed" : "being_destroyed",
        done.atProvider().name().toLowerCase(Locale.ROOT));
  }

  private static List<String> held(Connection connection) {
    return switch (connection.grant()) {
      case AUTHORIZATION_CODE ->
          connection.term().map(Term::refreshable).orElse(true)
              ? List.of("access_token", "refresh_token")
              : List.of("access_token");
      case CLIENT_CREDENTIALS ->
          connection.held().map(token -> List.of("access_token")).orElse(List.of());
      case API_KEY -> List.of("api_key");
    };
  }
}
