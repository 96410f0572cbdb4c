package org.tokenbroker.provider;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.tokenbroker.provider.KeyDesk.Turned;
import org.tokenbroker.provider.RegistrationDesk.Flaw;
import org.tokenbroker.provider.RegistrationDesk.Order;
import org.tokenbroker.provider.RegistrationDesk.Put;
import org.tokenbroker.provider.Registrations.Kept;
import org.tokenbroker.provider.Registrations.SecretKind;
import org.tokenbroker.safe.SafeVersion;
import org.tokenbroker.safe.SafeWrite;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Secret;

/**
 * How an OAuth client comes in: its secrets into the safe, then its entry into the ledger, then the
 * key that signs. Should a later step fail, the same request again completes all.
 */
@ApplicationScoped
class ClientIntake {
  private final SigningKeys keys;
  private final KeyDesk keyDesk;
  private final ClientSecretsSafe secrets;
  private final OrderRules rules;
  private final MoveRules moves;
  private final Entries entries;

  ClientIntake(
      SigningKeys keys,
      KeyDesk keyDesk,
      ClientSecretsSafe secrets,
      OrderRules rules,
      MoveRules moves,
      Entries entries) {
    this.keys = keys;
    this.keyDesk = keyDesk;
    this.secrets = secrets;
    this.rules = rules;
    this.moves = moves;
    this.entries = entries;
  }

  Uni<Put> put(Order order) {
    return secrets
        .read(order.id())
        .chain(
            read ->
                switch (read) {
                  case ClientSecretsSafe.Read.Found found ->
                      withRing(order, Optional.of(found.secrets()), found.version());
                  case ClientSecretsSafe.Read.Absent absent ->
                      withRing(order, Optional.empty(), absent.version());
                  case ClientSecretsSafe.Read.Unavailable unavailable ->
                      Uni.createFrom().item(new Put.Unavailable());
                });
  }

  private Uni<Put> withRing(Order order, Optional<KeptSecrets> before, SafeVersion version) {
    return keys.find(order.id())
        .chain(
            found ->
                switch (found) {
                  case SigningKeys.Found.Yes yes -> put(order, before, version, yes.ring());
                  case SigningKeys.Found.Unknown unknown ->
                      put(order, before, version, new KeyRing(false, List.of()));
                  case SigningKeys.Found.Unavailable unavailable ->
                      Uni.createFrom().item(new Put.Unavailable());
                });
  }

  private Uni<Put> put(
      Order order, Optional<KeptSecrets> before, SafeVersion version, KeyRing ring) {
    Optional<Secret> clientId = order.clientId().or(() -> before.map(KeptSecrets::clientId));
    Optional<Secret> clientSecret =
        order.clientSecret().or(() -> before.flatMap(KeptSecrets::clientSecret));
    Optional<SigningKey> key = toSign(order, before, ring);
    List<Flaw> flaws = rules.flaws(order, clientId, clientSecret);
    key.ifPresent(own -> flaws.addAll(rules.ofKey(order, own, before, ring)));
    if (!flaws.isEmpty() || clientId.isEmpty()) {
      return Uni.createFrom().item(new Put.Flawed(flaws));
    }
    KeptSecrets held =
        new KeptSecrets(
            clientId.get(), clientSecret, before.map(KeptSecrets::keys).orElse(List.of()));
    KeptSecrets after = key.map(held::with).orElse(held);
    return moves
        .refusal(order, carriesOver(order, before, ring))
        .chain(
            refused ->
                refused
                    .map(put -> Uni.createFrom().item(put))
                    .orElseGet(() -> store(order, key, before, after, version)));
  }

  /**
   * The key that signs from now on: the one that is given, or the active one where another
   * algorithm is asked of it.
   */
  private static Optional<SigningKey> toSign(
      Order order, Optional<KeptSecrets> before, KeyRing ring) {
    return order
        .privateKey()
        .or(
            () ->
                ring.active()
                    .filter(active -> order.signingAlgorithm().isPresent())
                    .filter(active -> !order.signingAlgorithm().get().equals(active.algorithm()))
                    .flatMap(active -> before.flatMap(held -> held.key(active.keyId()))));
  }

  /** Whether anything that was given before would stay in use. */
  private static boolean carriesOver(Order order, Optional<KeptSecrets> before, KeyRing ring) {
    boolean clientId = before.isPresent() && order.clientId().isEmpty();
    boolean clientSecret =
        before.flatMap(KeptSecrets::clientSecret).isPresent() && order.clientSecret().isEmpty();
    return clientId || clientSecret || ring.keys().stream().anyMatch(KeptKey::isLiving);
  }

  private Uni<Put> store(
      Order order,
      Optional<SigningKey> key,
      Optional<KeptSecrets> before,
      KeptSecrets after,
      SafeVersion version) {
    return write(order.id(), before, after, version)
        .chain(
            written ->
                switch (written) {
                  case SafeWrite.Written done ->
                      entries.enter(order, kinds(after)).chain(put -> sign(put, order, key));
                  case SafeWrite.Conflict conflict -> Uni.createFrom().item(new Put.Unavailable());
                  case SafeWrite.Unavailable unavailable ->
                      Uni.createFrom().item(new Put.Unavailable());
                });
  }

  private Uni<SafeWrite> write(
      RegistrationId id, Optional<KeptSecrets> before, KeptSecrets after, SafeVersion version) {
    return before.equals(Optional.of(after))
        ? Uni.createFrom().item(new SafeWrite.Written(version))
        : secrets.write(id, after, version);
  }

  private static Set<SecretKind> kinds(KeptSecrets held) {
    Set<SecretKind> kinds = EnumSet.of(SecretKind.CLIENT_ID);
    held.clientSecret().ifPresent(secret -> kinds.add(SecretKind.CLIENT_SECRET));
    if (!held.keys().isEmpty()) {
      kinds.add(SecretKind.PRIVATE_KEY);
    }
    return kinds;
  }

  private Uni<Put> sign(Put put, Order order, Optional<SigningKey> key) {
    return switch (put) {
      case Put.Created created -> signed(order, key, created, Put.Created::new);
      case Put.Replaced replaced -> signed(order, key, replaced, Put.Replaced::new);
      case Put.Flawed flawed -> Uni.createFrom().item(flawed);
      case Put.InUse inUse -> Uni.createFrom().item(inUse);
      case Put.Unavailable unavailable -> Uni.createFrom().item(unavailable);
    };
  }

  private Uni<Put> signed(
      Order order, Optional<SigningKey> key, Put otherwise, Function<Kept, Put> done) {
    return key.map(own -> keyDesk.declare(order.id(), own, rules.algorithm(order, own)))
        .map(declared -> declared.chain(turned -> signed(order.id(), turned, done)))
        .orElseGet(() -> Uni.createFrom().item(otherwise));
  }

  private Uni<Put> signed(RegistrationId id, Turned turned, Function<Kept, Put> done) {
    return switch (turned) {
      case Turned.Done signing -> entries.again(id, done);
      case Turned.Refused refused ->
          Uni.createFrom().item(new Put.Flawed(List.of(KeyRules.flaw(refused.why()))));
      case Turned.Flawed flawed -> Uni.createFrom().item(new Put.Flawed(flawed.flaws()));
      case Turned.Unknown unknown -> Uni.createFrom().item(new Put.Unavailable());
      case Turned.Unavailable unavailable -> Uni.createFrom().item(new Put.Unavailable());
    };
  }
}
