package org.tokenbroker.provider;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tokenbroker.provider.RegistrationDesk.Flaw;
import org.tokenbroker.provider.RegistrationDesk.Order;
import org.tokenbroker.provider.RegistrationDesk.Put;
import org.tokenbroker.safe.SafeDestroy;
import org.tokenbroker.token.RegistrationId;

/**
 * Registrations at a provider that offers API keys and nothing else: there is no OAuth client to
 * prove, each key lies with its connection. What a client left that the registration was before is
 * of no use any more.
 */
@ApplicationScoped
class KeysOnly {
  private final SigningKeys keys;
  private final ClientSecretsSafe secrets;
  private final MoveRules moves;
  private final Entries entries;
  private final InstantSource time;

  KeysOnly(
      SigningKeys keys,
      ClientSecretsSafe secrets,
      MoveRules moves,
      Entries entries,
      InstantSource time) {
    this.keys = keys;
    this.secrets = secrets;
    this.moves = moves;
    this.entries = entries;
    this.time = time;
  }

  static boolean isOffered(Profile profile) {
    return profile.grants().equals(Set.of(GrantType.API_KEY));
  }

  Uni<Put> put(Order order) {
    List<Flaw> flaws = flaws(order);
    return flaws.isEmpty()
        ? moves
            .refusal(order, false)
            .chain(
                refused ->
                    refused
                        .map(put -> Uni.createFrom().item(put))
                        .orElseGet(() -> withoutSecrets(order)))
        : Uni.createFrom().item(new Put.Flawed(flaws));
  }

  private static List<Flaw> flaws(Order order) {
    List<Flaw> flaws = new ArrayList<>();
    if (order.authentication() != ClientAuthenticationMethod.NONE) {
      flaws.add(leftOut("client_authentication"));
    }
    flaws.addAll(leftOut("client_id", order.clientId()));
    flaws.addAll(leftOut("client_secret", order.clientSecret()));
    flaws.addAll(leftOut("private_key_jwk", order.privateKey()));
    return flaws;
  }

  private static List<Flaw> leftOut(String field, Optional<?> given) {
    return given.isPresent() ? List.of(leftOut(field)) : List.of();
  }

  private static Flaw leftOut(String field) {
    return new Flaw(
        field, "must be left out: the profile offers API keys only, there is no client");
  }

  private Uni<Put> withoutSecrets(Order order) {
    return secrets
        .destroy(order.id())
        .chain(
            destroyed ->
                switch (destroyed) {
                  case SafeDestroy.Destroyed done ->
                      entries.enter(order, Set.of()).chain(put -> withoutKeys(order, put));
                  case SafeDestroy.Unavailable unavailable ->
                      Uni.createFrom().item(new Put.Unavailable());
                });
  }

  private Uni<Put> withoutKeys(Order order, Put put) {
    return switch (put) {
      case Put.Created created -> Uni.createFrom().item(created);
      case Put.Replaced replaced -> abandoned(order.id(), replaced);
      case Put.Flawed flawed -> Uni.createFrom().item(flawed);
      case Put.InUse inUse -> Uni.createFrom().item(inUse);
      case Put.Unavailable unavailable -> Uni.createFrom().item(unavailable);
    };
  }

  private Uni<Put> abandoned(RegistrationId id, Put.Replaced replaced) {
    return keys.change(id, KeyRing::abandoned, time.instant())
        .chain(
            changed ->
                switch (changed) {
                  case SigningKeys.Changed.Done done when done.anew() ->
                      entries.again(id, Put.Replaced::new);
                  case SigningKeys.Changed.Done done -> Uni.createFrom().item(replaced);
                  case SigningKeys.Changed.Refused refused -> Uni.createFrom().item(replaced);
                  case SigningKeys.Changed.Unknown unknown ->
                      Uni.createFrom().item(new Put.Unavailable());
                  case SigningKeys.Changed.Unavailable unavailable ->
                      Uni.createFrom().item(new Put.Unavailable());
                });
  }
}
