package org.tokenbroker.provider;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The signing keys of one registration, and what may be done with them (IV-7). Pure.
 *
 * <ol>
 *   <li>At most two of them live: one that signs and one on its way, or two on their way.
 *   <li>At most one signs. It goes on until another one takes over.
 *   <li>A key that was retired stays known for a while, so that its name is not given twice.
 * </ol>
 *
 * @param signs whether the registration proves itself by its active key now
 * @param keys in the order of their creation
 */
public record KeyRing(boolean signs, List<KeptKey> keys) {
  static final int MOST_LIVING = 2;
  static final int MOST_RETIRED = 10;

  public KeyRing {
    keys = List.copyOf(keys);
  }

  /** Outcome of asking for a change. */
  public sealed interface Move {
    record Changed(KeyRing ring) implements Move {}

    /** It is so already. */
    record Unchanged(KeyRing ring) implements Move {}

    record Refused(Refusal why) implements Move {}
  }

  /** Why a change is not made. */
  public enum Refusal {
    UNKNOWN_KEY,
    /** Two keys live already. */
    TWO_LIVING,
    /** Another key has that name, or had it. */
    KEY_ID_TAKEN,
    /** Nobody said yet that the provider knows the key. */
    NOT_UPLOADED,
    /** It was retired: its private part is gone. */
    RETIRED,
    /** The registration signs with it. */
    IN_USE,
    /** The safe does not hold its private part. */
    PRIVATE_PART_MISSING,
    /** The safe holds nothing of the registration. */
    SECRETS_MISSING
  }

  public Optional<KeptKey> find(String keyId) {
    return keys.stream().filter(key -> key.keyId().equals(keyId)).findFirst();
  }

  public Optional<KeptKey> active() {
    return keys.stream().filter(KeptKey::isActive).findFirst();
  }

  /** Names of keys whose private part is to be destroyed. */
  public Set<String> retired() {
    return keys.stream()
        .filter(key -> !key.isLiving())
        .map(KeptKey::keyId)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** What a provider that reads our key set is to find. */
  public List<KeptKey> published(Instant now) {
    return keys.stream().filter(key -> key.isPublished(now)).toList();
  }

  /** The same keys, and what the safe tells of their public halves. */
  KeyRing completedBy(KeptSecrets secrets) {
    return new KeyRing(
        signs,
        keys.stream()
            .map(
                known ->
                    secrets
                        .key(known.keyId())
                        .map(key -> known.signing(key, known.algorithm()))
                        .orElse(known))
            .toList());
  }

  public boolean isFull() {
    return keys.stream().filter(KeptKey::isLiving).count() >= MOST_LIVING;
  }

  /** A key was made or brought; only we know it. */
  public Move generated(SigningKey key, String algorithm, Instant now) {
    Optional<KeptKey> known = find(key.keyId());
    if (known.isPresent()) {
      return known.get().isOf(key) && known.get().isLiving()
          ? new Move.Unchanged(this)
          : new Move.Refused(Refusal.KEY_ID_TAKEN);
    }
    return isFull() ? new Move.Refused(Refusal.TWO_LIVING) : changed(adding(key, algorithm, now));
  }

  /** Somebody made it known to the provider. */
  public Move uploaded(String keyId, Instant now) {
    return move(
        keyId,
        key ->
            switch (key.state()) {
              case KeyState.Generated generated ->
                  changed(replacing(key.in(generated.uploaded(now))));
              case KeyState.Uploaded uploaded -> new Move.Unchanged(this);
              case KeyState.Active active -> new Move.Unchanged(this);
              case KeyState.Retired retired -> new Move.Refused(Refusal.RETIRED);
            });
  }

  /** It signs from now on; the key that signed before is retired. */
  public Move activated(String keyId, Instant now) {
    return move(
        keyId,
        key ->
            switch (key.state()) {
              case KeyState.Generated generated -> new Move.Refused(Refusal.NOT_UPLOADED);
              case KeyState.Uploaded uploaded ->
                  changed(superseding(now).replacing(key.in(uploaded.activated(now))));
              case KeyState.Active active -> new Move.Unchanged(this);
              case KeyState.Retired retired -> new Move.Refused(Refusal.RETIRED);
            });
  }

  /** It is not wanted any more. The key that signs stays until another one takes over. */
  public Move withdrawn(String keyId, Instant now) {
    return move(
        keyId,
        key ->
            switch (key.state()) {
              case KeyState.Generated generated ->
                  changed(replacing(key.in(generated.withdrawn(now))));
              case KeyState.Uploaded uploaded ->
                  changed(replacing(key.in(uploaded.withdrawn(now))));
              case KeyState.Active active ->
                  signs
                      ? new Move.Refused(Refusal.IN_USE)
                      : changed(replacing(key.in(active.withdrawn(now))));
              case KeyState.Retired retired -> new Move.Unchanged(this);
            });
  }

  /** There is no client any more that could prove itself: nothing of its keys is kept. */
  public Move abandoned() {
    return keys.isEmpty()
        ? new Move.Unchanged(this)
        : new Move.Changed(new KeyRing(signs, List.of()));
  }

  /**
   * An operator says that the provider knows this key and that it is to sign: all steps at once.
   *
   * @param algorithm that it signs with from now on
   */
  public Move declared(SigningKey key, String algorithm, Instant now) {
    Optional<KeptKey> known = find(key.keyId());
    if (known.filter(other -> !other.isLiving() || !other.isOf(key)).isPresent()) {
      return new Move.Refused(Refusal.KEY_ID_TAKEN);
    }
    KeyRing freed = known.filter(KeptKey::isActive).isPresent() ? this : superseding(now);
    if (known.isEmpty() && freed.isFull()) {
      return new Move.Refused(Refusal.TWO_LIVING);
    }
    KeyRing with = known.isPresent() ? freed : freed.adding(key, algorithm, now);
    KeyRing signing = with.signingWith(key, algorithm, now);
    return signing.equals(this) ? new Move.Unchanged(this) : changed(signing);
  }

  private KeyRing signingWith(SigningKey key, String algorithm, Instant now) {
    return find(key.keyId())
        .map(known -> known.signing(key, algorithm))
        .map(known -> known.in(active(known.state(), now)))
        .map(this::replacing)
        .orElse(this);
  }

  private static KeyState active(KeyState state, Instant now) {
    return switch (state) {
      case KeyState.Generated generated -> generated.uploaded(now).activated(now);
      case KeyState.Uploaded uploaded -> uploaded.activated(now);
      case KeyState.Active active -> active;
      case KeyState.Retired retired -> retired;
    };
  }

  private Move move(String keyId, Function<KeptKey, Move> change) {
    return find(keyId).map(change).orElseGet(() -> new Move.Refused(Refusal.UNKNOWN_KEY));
  }

  private static Move changed(KeyRing ring) {
    return new Move.Changed(ring.forgetting());
  }

  /** The oldest retired keys are forgotten. */
  private KeyRing forgetting() {
    Set<String> remembered =
        keys.stream()
            .filter(key -> !key.isLiving())
            .sorted(Comparator.comparing((KeptKey key) -> key.state().since()).reversed())
            .limit(MOST_RETIRED)
            .map(KeptKey::keyId)
            .collect(Collectors.toSet());
    return new KeyRing(
        signs,
        keys.stream().filter(key -> key.isLiving() || remembered.contains(key.keyId())).toList());
  }

  private KeyRing adding(SigningKey key, String algorithm, Instant now) {
    List<KeptKey> more = new ArrayList<>(keys);
    more.add(
        new KeptKey(
            key.keyId(),
            algorithm,
            Optional.of(key.publicJwk(algorithm)),
            new KeyState.Generated(now),
            now));
    return new KeyRing(signs, more);
  }

  private KeyRing superseding(Instant now) {
    return new KeyRing(signs, keys.stream().map(key -> superseded(key, now)).toList());
  }

  private static KeptKey superseded(KeptKey key, Instant now) {
    return key.state() instanceof KeyState.Active active ? key.in(active.superseded(now)) : key;
  }

  private KeyRing replacing(KeptKey changed) {
    return new KeyRing(
        signs,
        keys.stream().map(key -> key.keyId().equals(changed.keyId()) ? changed : key).toList());
  }
}
