package org.tokenbroker.provider;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.tokenbroker.platform.CallerContext;
import org.tokenbroker.provider.ClientSecretsSafe.Read;
import org.tokenbroker.provider.KeyRing.Move;
import org.tokenbroker.provider.KeyRing.Refusal;
import org.tokenbroker.provider.RegistrationDesk.Flaw;
import org.tokenbroker.safe.SafeDestroy;
import org.tokenbroker.safe.SafeVersion;
import org.tokenbroker.safe.SafeWrite;
import org.tokenbroker.token.RegistrationId;

/**
 * What operators do with the signing keys of a registration (IV-6, IV-7).
 *
 * <ol>
 *   <li>A key that the ledger names has its private part in the safe, and no key signs that the
 *       ledger does not call active.
 *   <li>A private part goes only after the ledger says that its key is retired.
 *   <li>Of operators who work at the same time none loses a key: the safe is written by
 *       check-and-set, the ledger under a lock.
 *   <li>What a crash left half done is completed by the same request again.
 * </ol>
 */
@ApplicationScoped
public class KeyDesk {
  private static final int WRITE_ATTEMPTS = 5;

  private final Registrations registrations;
  private final SigningKeys keys;
  private final KeyIntake intake;
  private final ClientSecretsSafe secrets;
  private final Profiles profiles;
  private final InstantSource time;

  KeyDesk(
      Registrations registrations,
      SigningKeys keys,
      KeyIntake intake,
      ClientSecretsSafe secrets,
      Profiles profiles,
      InstantSource time) {
    this.registrations = registrations;
    this.keys = keys;
    this.intake = intake;
    this.secrets = secrets;
    this.profiles = profiles;
    this.time = time;
  }

  /** Outcome of asking for a change. */
  public sealed interface Turned {
    /**
     * @param anew false where it was so already
     */
    record Done(KeptKey key, boolean anew) implements Turned {}

    record Flawed(List<Flaw> flaws) implements Turned {}

    record Refused(Refusal why) implements Turned {}

    /** No such registration. */
    record Unknown() implements Turned {}

    /** The same request again completes what is missing. */
    record Unavailable() implements Turned {}
  }

  /** Outcome of looking. */
  public sealed interface Seen {
    /**
     * @param at the moment at which it is looked
     */
    record Keys(KeyRing ring, Instant at) implements Seen {
      /** A JWK Set (RFC 7517 §5) of what a provider is to find now. */
      public String keySet() {
        return ring.published(at).stream()
            .flatMap(key -> key.publicJwk().stream())
            .collect(Collectors.joining(",", "{\"keys\":[", "]}"));
      }
    }

    /** No such registration. */
    record Unknown() implements Seen {}

    record Unavailable() implements Seen {}
  }

  public Uni<Seen> look(RegistrationId id) {
    return keys.find(id)
        .chain(
            found ->
                switch (found) {
                  case SigningKeys.Found.Yes yes -> complete(id, yes.ring());
                  case SigningKeys.Found.Unknown unknown ->
                      Uni.createFrom().item(new Seen.Unknown());
                  case SigningKeys.Found.Unavailable unavailable ->
                      Uni.createFrom().item(new Seen.Unavailable());
                });
  }

  /**
   * Makes a key that only we know; with a certificate where the profile names keys by it, or the
   * operator wants one.
   */
  public Uni<Turned> generate(RegistrationId id, KeyWish wish) {
    return withProfile(
        id,
        known ->
            KeyRules.toGenerate(known.profile(), wish.algorithm())
                .map(algorithm -> order(known, wish, algorithm))
                .map(order -> intake.generate(id, order, known.ring()))
                .orElseGet(() -> flawed(List.of(KeyRules.ofGenerating(known.profile())))));
  }

  private KeyOrder order(Known known, KeyWish wish, String algorithm) {
    boolean certified = wish.certified() || KeyRules.wantsCertificate(known.profile());
    return new KeyOrder(
        algorithm,
        wish.rsaBits(),
        Optional.of(CertificateOrder.of(known.registration(), time.instant()))
            .filter(order -> certified),
        wish.keyId());
  }

  /**
   * Takes a key that an operator brings.
   *
   * @param algorithm absent: the first of the profile's, by name, that fits the key
   */
  public Uni<Turned> take(RegistrationId id, KeyImport brought, Optional<String> algorithm) {
    return withProfile(
        id,
        known ->
            read(brought)
                .chain(
                    read ->
                        switch (read) {
                          case KeyImport.Read.Key own ->
                              take(id, known.profile(), own.key(), algorithm);
                          case KeyImport.Read.Wrong wrong ->
                              flawed(List.of(new Flaw(wrong.field(), wrong.fix())));
                        }));
  }

  /** The operator has made it known to the provider. Idempotent. */
  public Uni<Turned> uploaded(RegistrationId id, String keyId) {
    Instant now = time.instant();
    return keys.change(id, ring -> ring.uploaded(keyId, now), now)
        .map(changed -> turned(changed, keyId));
  }

  /** It signs from now on. Idempotent; once done, the former key's private part is destroyed. */
  public Uni<Turned> activate(RegistrationId id, String keyId) {
    return secrets
        .read(id)
        .chain(
            read ->
                switch (read) {
                  case Read.Found found ->
                      activate(id, keyId, found.secrets().key(keyId).isPresent());
                  case Read.Absent absent ->
                      Uni.createFrom().item(new Turned.Refused(Refusal.SECRETS_MISSING));
                  case Read.Unavailable unavailable ->
                      Uni.createFrom().item(new Turned.Unavailable());
                });
  }

  /** It is not wanted any more: its private part is destroyed. Idempotent. */
  public Uni<Turned> withdraw(RegistrationId id, String keyId) {
    Instant now = time.instant();
    return keys.change(id, ring -> ring.withdrawn(keyId, now), now)
        .chain(changed -> tidied(id, changed, keyId));
  }

  /** The operator says that the provider knows this key; its private part is in the safe. */
  Uni<Turned> declare(RegistrationId id, SigningKey key, String algorithm) {
    Instant now = time.instant();
    return keys.change(id, ring -> ring.declared(key, algorithm, now), now)
        .chain(changed -> tidied(id, changed, key.keyId()));
  }

  private Uni<Turned> take(
      RegistrationId id, Profile profile, SigningKey key, Optional<String> algorithm) {
    List<Flaw> flaws = KeyRules.ofKey(profile, key, algorithm, "algorithm");
    return KeyRules.toSignWith(profile, key, algorithm)
        .filter(fit -> flaws.isEmpty())
        .map(fit -> intake.store(id, key, fit))
        .orElseGet(() -> flawed(flaws));
  }

  private Uni<Turned> activate(RegistrationId id, String keyId, boolean held) {
    Instant now = time.instant();
    Function<KeyRing, Move> decision =
        ring ->
            ring.activated(keyId, now) instanceof Move.Changed && !held
                ? new Move.Refused(Refusal.PRIVATE_PART_MISSING)
                : ring.activated(keyId, now);
    return keys.change(id, decision, now).chain(changed -> tidied(id, changed, keyId));
  }

  /** What is known of a registration when its keys are to change. */
  private record Known(Registration registration, Profile profile, KeyRing ring) {}

  private Uni<Turned> withProfile(RegistrationId id, Function<Known, Uni<Turned>> work) {
    return registrations
        .find(id)
        .chain(
            found ->
                switch (found) {
                  case Registrations.Found.Yes yes -> withProfile(yes.kept().registration(), work);
                  case Registrations.Found.Unknown unknown ->
                      Uni.createFrom().item(new Turned.Unknown());
                  case Registrations.Found.Unavailable unavailable ->
                      Uni.createFrom().item(new Turned.Unavailable());
                });
  }

  private Uni<Turned> withProfile(Registration registration, Function<Known, Uni<Turned>> work) {
    return profiles
        .find(registration.profile())
        .map(
            profile ->
                withRing(
                    registration.id(), ring -> work.apply(new Known(registration, profile, ring))))
        .orElseGet(() -> flawed(List.of(RegistrationDesk.NO_PROFILE)));
  }

  private Uni<Turned> withRing(RegistrationId id, Function<KeyRing, Uni<Turned>> work) {
    return keys.find(id)
        .chain(
            found ->
                switch (found) {
                  case SigningKeys.Found.Yes yes -> work.apply(yes.ring());
                  case SigningKeys.Found.Unknown unknown ->
                      Uni.createFrom().item(new Turned.Unknown());
                  case SigningKeys.Found.Unavailable unavailable ->
                      Uni.createFrom().item(new Turned.Unavailable());
                });
  }

  /** On a worker: whether a key is whole shows only when it signs. */
  static Uni<KeyImport.Read> read(KeyImport brought) {
    return CallerContext.keep(
        Uni.createFrom()
            .item(brought::read)
            .runSubscriptionOn(Infrastructure.getDefaultWorkerPool()));
  }

  private Uni<Turned> tidied(RegistrationId id, SigningKeys.Changed changed, String keyId) {
    return changed instanceof SigningKeys.Changed.Done done
        ? destroyRetired(id, done.ring(), WRITE_ATTEMPTS)
            .map(tidy -> tidy ? turned(changed, keyId) : new Turned.Unavailable())
        : Uni.createFrom().item(turned(changed, keyId));
  }

  /** False where the safe could not be asked or written. */
  private Uni<Boolean> destroyRetired(RegistrationId id, KeyRing ring, int attempts) {
    return secrets
        .read(id)
        .chain(
            read ->
                switch (read) {
                  case Read.Found(KeptSecrets held, SafeVersion version) -> {
                    KeptSecrets left = held.without(ring.retired());
                    yield left.equals(held)
                        ? destroyFormer(id, version)
                        : secrets
                            .write(id, left, version)
                            .chain(written -> destroyed(id, ring, written, attempts));
                  }
                  case Read.Absent absent -> Uni.createFrom().item(true);
                  case Read.Unavailable unavailable -> Uni.createFrom().item(false);
                });
  }

  private Uni<Boolean> destroyed(RegistrationId id, KeyRing ring, SafeWrite written, int attempts) {
    return switch (written) {
      case SafeWrite.Written(SafeVersion version) -> destroyFormer(id, version);
      case SafeWrite.Conflict conflict when attempts > 1 -> destroyRetired(id, ring, attempts - 1);
      case SafeWrite.Conflict conflict -> Uni.createFrom().item(false);
      case SafeWrite.Unavailable unavailable -> Uni.createFrom().item(false);
    };
  }

  /** A safe with versions still holds what was taken out. */
  private Uni<Boolean> destroyFormer(RegistrationId id, SafeVersion version) {
    return secrets.destroyBefore(id, version).map(SafeDestroy.Destroyed.class::isInstance);
  }

  /** Keys that were put before the ledger kept public halves are read from the safe. */
  private Uni<Seen> complete(RegistrationId id, KeyRing ring) {
    boolean whole =
        ring.keys().stream().filter(KeptKey::isLiving).allMatch(key -> key.publicJwk().isPresent());
    return whole
        ? Uni.createFrom().item(new Seen.Keys(ring, time.instant()))
        : secrets
            .read(id)
            .map(
                read ->
                    switch (read) {
                      case Read.Found found ->
                          new Seen.Keys(ring.completedBy(found.secrets()), time.instant());
                      case Read.Absent absent -> new Seen.Keys(ring, time.instant());
                      case Read.Unavailable unavailable -> new Seen.Unavailable();
                    });
  }

  private static Turned turned(SigningKeys.Changed changed, String keyId) {
    return switch (changed) {
      case SigningKeys.Changed.Done done ->
          done.ring()
              .find(keyId)
              .<Turned>map(key -> new Turned.Done(key, done.anew()))
              .orElseGet(() -> new Turned.Refused(Refusal.UNKNOWN_KEY));
      case SigningKeys.Changed.Refused refused -> new Turned.Refused(refused.why());
      case SigningKeys.Changed.Unknown unknown -> new Turned.Unknown();
      case SigningKeys.Changed.Unavailable unavailable -> new Turned.Unavailable();
    };
  }

  private static Uni<Turned> flawed(List<Flaw> flaws) {
    return Uni.createFrom().item(new Turned.Flawed(flaws));
  }
}
