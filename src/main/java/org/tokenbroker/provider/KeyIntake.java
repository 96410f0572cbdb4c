package org.tokenbroker.provider;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.tokenbroker.platform.CallerContext;
import org.tokenbroker.provider.ClientSecretsSafe.Read;
import org.tokenbroker.provider.KeyDesk.Turned;
import org.tokenbroker.provider.KeyRing.Refusal;
import org.tokenbroker.safe.SafeVersion;
import org.tokenbroker.safe.SafeWrite;
import org.tokenbroker.token.RegistrationId;

/**
 * How a new signing key comes in: its private part into the safe, then its name into the ledger. A
 * private part whose name did not get there is taken up by the next request for such a key.
 */
@ApplicationScoped
class KeyIntake {
  private static final int WRITE_ATTEMPTS = 5;

  private final SigningKeys keys;
  private final ClientSecretsSafe secrets;
  private final InstantSource time;

  KeyIntake(SigningKeys keys, ClientSecretsSafe secrets, InstantSource time) {
    this.keys = keys;
    this.secrets = secrets;
    this.time = time;
  }

  /**
   * @param ring as it was just now
   */
  Uni<Turned> generate(RegistrationId id, KeyOrder order, KeyRing ring) {
    return secrets
        .read(id)
        .chain(
            read ->
                switch (read) {
                  case Read.Found found -> generate(id, order, ring, found.secrets());
                  case Read.Absent absent -> refused(Refusal.SECRETS_MISSING);
                  case Read.Unavailable unavailable -> unavailable();
                });
  }

  private Uni<Turned> generate(RegistrationId id, KeyOrder order, KeyRing ring, KeptSecrets held) {
    return held.keys().stream()
        .filter(key -> order.isMetBy(key, ring))
        .findFirst()
        .map(key -> name(id, key, order.algorithm()))
        .orElseGet(
            () ->
                ring.isFull()
                    ? refused(Refusal.TWO_LIVING)
                    : made(order).chain(key -> store(id, key, order.algorithm())));
  }

  /** On a worker: an RSA key takes up to seconds. */
  private static Uni<SigningKey> made(KeyOrder order) {
    return CallerContext.keep(
        Uni.createFrom()
            .item(order::make)
            .runSubscriptionOn(Infrastructure.getDefaultWorkerPool()));
  }

  Uni<Turned> store(RegistrationId id, SigningKey key, String algorithm) {
    return store(id, key, algorithm, WRITE_ATTEMPTS);
  }

  private Uni<Turned> store(RegistrationId id, SigningKey key, String algorithm, int attempts) {
    return secrets
        .read(id)
        .chain(
            read ->
                switch (read) {
                  case Read.Found found when !found.secrets().agreesOn(key) ->
                      refused(Refusal.KEY_ID_TAKEN);
                  case Read.Found found when found.secrets().keys().contains(key) ->
                      name(id, key, algorithm);
                  case Read.Found found ->
                      secrets
                          .write(id, found.secrets().with(key), found.version())
                          .chain(written -> stored(id, key, algorithm, written, attempts));
                  case Read.Absent absent -> refused(Refusal.SECRETS_MISSING);
                  case Read.Unavailable unavailable -> unavailable();
                });
  }

  private Uni<Turned> stored(
      RegistrationId id, SigningKey key, String algorithm, SafeWrite written, int attempts) {
    return switch (written) {
      case SafeWrite.Written done -> name(id, key, algorithm);
      case SafeWrite.Conflict conflict when attempts > 1 -> store(id, key, algorithm, attempts - 1);
      case SafeWrite.Conflict conflict -> unavailable();
      case SafeWrite.Unavailable unavailable -> unavailable();
    };
  }

  private Uni<Turned> name(RegistrationId id, SigningKey key, String algorithm) {
    return keys.change(id, ring -> ring.generated(key, algorithm, time.instant()), time.instant())
        .chain(
            changed ->
                switch (changed) {
                  case SigningKeys.Changed.Done done -> done(done, key);
                  case SigningKeys.Changed.Refused refused ->
                      giveBack(id, key).chain(() -> refused(refused.why()));
                  case SigningKeys.Changed.Unknown unknown ->
                      Uni.createFrom().item(new Turned.Unknown());
                  case SigningKeys.Changed.Unavailable unavailable -> unavailable();
                });
  }

  /**
   * What the ledger did not take goes again. Should that fail, the private part lies there without
   * a name until the next request for such a key takes it up.
   */
  private Uni<Void> giveBack(RegistrationId id, SigningKey key) {
    return secrets
        .read(id)
        .chain(
            read ->
                switch (read) {
                  case Read.Found(KeptSecrets held, SafeVersion version)
                      when held.keys().contains(key) ->
                      secrets
                          .write(id, held.without(Set.of(key.keyId())), version)
                          .replaceWithVoid();
                  case Read.Found other -> Uni.createFrom().voidItem();
                  case Read.Absent absent -> Uni.createFrom().voidItem();
                  case Read.Unavailable unavailable -> Uni.createFrom().voidItem();
                });
  }

  private static Uni<Turned> done(SigningKeys.Changed.Done done, SigningKey key) {
    Optional<KeptKey> kept = done.ring().find(key.keyId());
    return Uni.createFrom()
        .item(
            kept.<Turned>map(own -> new Turned.Done(own, done.anew()))
                .orElseGet(Turned.Unavailable::new));
  }

  private static Uni<Turned> refused(Refusal why) {
    return Uni.createFrom().item(new Turned.Refused(why));
  }

  private static Uni<Turned> unavailable() {
    return Uni.createFrom().item(new Turned.Unavailable());
  }
}
