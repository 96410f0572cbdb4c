package org.tokenbroker.connection;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.tokenbroker.connection.Revocations.Order;
import org.tokenbroker.safe.SafeDocument;
import org.tokenbroker.safe.SafePath;
import org.tokenbroker.safe.SafeVersion;
import org.tokenbroker.safe.SafeWrite;
import org.tokenbroker.safe.SecretSafe;
import org.tokenbroker.token.AccessToken;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Secret;

/**
 * Puts tokens into the outbox, from which {@link Disconnection} revokes them: first the copy in the
 * safe, then the order that names it. Either may be repeated.
 */
@ApplicationScoped
class RevocationOrders {
  static final String REFRESH_TOKEN = "refresh_token";
  static final String ACCESS_TOKEN = "access_token";

  private static final String FACT = "fact.";
  private static final String FOLDER = "revocations";
  private static final Duration AGAIN = Duration.ofSeconds(5);
  private static final Duration KEEP_TRYING = Duration.ofHours(48);

  private final SecretSafe safe;
  private final Revocations revocations;
  private final Pause pause;
  private final InstantSource time;

  RevocationOrders(SecretSafe safe, Revocations revocations, Pause pause, InstantSource time) {
    this.safe = safe;
    this.revocations = revocations;
    this.pause = pause;
    this.time = time;
  }

  /**
   * What is to be revoked; holds at most one of each kind, and the facts that say where.
   *
   * @param fields by the names of the copy in the safe
   */
  record Tokens(Map<String, String> fields) {
    static Tokens of(Credential credential) {
      return of(
          credential.accessToken().map(AccessToken::value),
          credential.refreshToken().map(Credential.RefreshToken::value),
          credential.facts());
    }

    static Tokens of(
        Optional<Secret> accessToken, Optional<Secret> refreshToken, Map<String, String> facts) {
      Map<String, String> fields = new HashMap<>();
      facts.forEach((name, fact) -> fields.put(FACT + name, fact));
      refreshToken.ifPresent(token -> fields.put(REFRESH_TOKEN, token.reveal()));
      accessToken.ifPresent(token -> fields.put(ACCESS_TOKEN, token.reveal()));
      return new Tokens(Map.copyOf(fields));
    }

    /** The facts of a copy. */
    static Map<String, String> facts(SafeDocument copy) {
      Map<String, String> facts = new HashMap<>();
      copy.fields()
          .forEach(
              (name, value) -> {
                if (name.startsWith(FACT)) {
                  facts.put(name.substring(FACT.length()), value);
                }
              });
      return facts;
    }

    boolean isEmpty() {
      return !fields.containsKey(ACCESS_TOKEN) && !fields.containsKey(REFRESH_TOKEN);
    }

    @Override
    public String toString() {
      return "Tokens" + fields.keySet();
    }
  }

  /**
   * Whether the outbox has them.
   *
   * @param id the same for the same tokens, so that a repeated copy is recognised
   */
  Uni<Boolean> put(String id, RegistrationId registration, Tokens tokens) {
    Order order = new Order(id, registration, 0, time.instant().plus(KEEP_TRYING));
    return safe.write(path(order), new SafeDocument(tokens.fields()), SafeVersion.ABSENT)
        .chain(
            written ->
                switch (written) {
                  case SafeWrite.Written done -> revocations.order(order, time.instant());
                  case SafeWrite.Conflict copiedBefore -> revocations.order(order, time.instant());
                  case SafeWrite.Unavailable unavailable -> Uni.createFrom().item(false);
                });
  }

  /** {@link #put} again and again until the outbox has them: nothing else holds them. */
  Uni<Void> putSurely(String id, RegistrationId registration, Tokens tokens) {
    return put(id, registration, tokens)
        .chain(
            ordered ->
                ordered
                    ? Uni.createFrom().voidItem()
                    : pause.of(AGAIN).chain(() -> putSurely(id, registration, tokens)));
  }

  static SafePath path(Order order) {
    return SafePath.of(FOLDER, order.id());
  }
}
