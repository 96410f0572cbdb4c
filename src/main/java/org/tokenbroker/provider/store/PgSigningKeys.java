package org.tokenbroker.provider.store;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;
import org.tokenbroker.platform.PgFailures;
import org.tokenbroker.platform.PgSessions;
import org.tokenbroker.provider.ClientAuthenticationMethod;
import org.tokenbroker.provider.KeptKey;
import org.tokenbroker.provider.KeyCertificate;
import org.tokenbroker.provider.KeyRing;
import org.tokenbroker.provider.KeyRing.Move;
import org.tokenbroker.provider.KeyState;
import org.tokenbroker.provider.Registrations.SecretKind;
import org.tokenbroker.provider.SigningKeys;
import org.tokenbroker.token.RegistrationId;

/** Signing keys in PostgreSQL. A change holds the lock of its registration's row. */
@ApplicationScoped
public class PgSigningKeys implements SigningKeys {
  private static final String LOCK =
      "SELECT " + RegistrationRow.COLUMNS + " FROM registration WHERE id = :id FOR UPDATE";

  private static final String PUT =
      """
      INSERT INTO signing_key (registration, key_id, algorithm, public_jwk, state, since, published_until, certificate_ends_at, created_at)
      VALUES (:registration, :keyId, :algorithm, NULLIF(:publicJwk, ''), :state, :since,
              CASE WHEN :retired THEN CAST(:publishedUntil AS timestamptz) END,
              CASE WHEN :certified THEN CAST(:certificateEnds AS timestamptz) END, :createdAt)
      ON CONFLICT (registration, key_id) DO UPDATE SET
        algorithm = EXCLUDED.algorithm, public_jwk = EXCLUDED.public_jwk, state = EXCLUDED.state, since = EXCLUDED.since,
        published_until = EXCLUDED.published_until, certificate_ends_at = EXCLUDED.certificate_ends_at""";

  private static final String FORGET =
      "DELETE FROM signing_key WHERE registration = :registration AND NOT key_id = ANY (:known)";

  /** A key that is not the former one any more is a reason to try a refused client again. */
  private static final String FOLLOW =
      """
      UPDATE registration SET
        signing_algorithm = NULLIF(:algorithm, ''), signing_key_id = NULLIF(:keyId, ''), secrets_held = :held,
        fault = CASE WHEN :same THEN fault END, fault_since = CASE WHEN :same THEN fault_since END,
        probe_at = CASE WHEN :same THEN probe_at END,
        version = version + 1, updated_at = :now
      WHERE id = :id""";

  private final PgSessions sessions;

  PgSigningKeys(PgSessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public Uni<Found> find(RegistrationId id) {
    return sessions
        .withSession(session -> found(session, id))
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(new Found.Unavailable());
  }

  @Override
  public Uni<Changed> change(RegistrationId id, Function<KeyRing, Move> decision, Instant now) {
    return sessions
        .withTransaction(session -> changed(session, id, decision, now))
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(new Changed.Unavailable());
  }

  private static Uni<Found> found(Mutiny.Session session, RegistrationId id) {
    return session
        .find(RegistrationRow.class, id.value())
        .chain(
            row ->
                row == null
                    ? Uni.createFrom().item(new Found.Unknown())
                    : ring(session, row).map(Found.Yes::new));
  }

  private static Uni<Changed> changed(
      Mutiny.Session session, RegistrationId id, Function<KeyRing, Move> decision, Instant now) {
    return session
        .createNativeQuery(LOCK, RegistrationRow.class)
        .setParameter("id", id.value())
        .getSingleResultOrNull()
        .chain(
            row ->
                row == null
                    ? Uni.createFrom().item(new Changed.Unknown())
                    : ring(session, row)
                        .chain(ring -> changed(session, row, ring, decision.apply(ring), now)));
  }

  private static Uni<Changed> changed(
      Mutiny.Session session, RegistrationRow row, KeyRing before, Move move, Instant now) {
    return switch (move) {
      case Move.Changed(KeyRing after) ->
          write(session, row, before, after, now).replaceWith(new Changed.Done(after, true));
      case Move.Unchanged(KeyRing same) -> Uni.createFrom().item(new Changed.Done(same, false));
      case Move.Refused(KeyRing.Refusal why) -> Uni.createFrom().item(new Changed.Refused(why));
    };
  }

  private static Uni<KeyRing> ring(Mutiny.Session session, RegistrationRow row) {
    boolean signs =
        row.clientAuthentication.equals(ClientAuthenticationMethod.PRIVATE_KEY_JWT.name());
    return session
        .createSelectionQuery(
            "from SigningKeyRow where registration = :id order by createdAt, keyId",
            SigningKeyRow.class)
        .setParameter("id", row.id)
        .getResultList()
        .map(rows -> new KeyRing(signs, rows.stream().map(SigningKeyRow::kept).toList()));
  }

  /** The retired ones first: at most one row says that its key is active. */
  private static Uni<Void> write(
      Mutiny.Session session, RegistrationRow row, KeyRing before, KeyRing after, Instant now) {
    Uni<Void> written = forget(session, row, after);
    for (KeptKey key : changedKeys(before, after)) {
      written = written.chain(() -> put(session, row, key));
    }
    return written.chain(() -> follow(session, row, before, after, now));
  }

  private static List<KeptKey> changedKeys(KeyRing before, KeyRing after) {
    return after.keys().stream()
        .filter(key -> !before.keys().contains(key))
        .sorted(Comparator.comparing(KeptKey::isActive))
        .toList();
  }

  private static Uni<Void> forget(Mutiny.Session session, RegistrationRow row, KeyRing after) {
    return session
        .createNativeQuery(FORGET)
        .setParameter("registration", row.id)
        .setParameter("known", after.keys().stream().map(KeptKey::keyId).toArray(String[]::new))
        .executeUpdate()
        .replaceWithVoid();
  }

  private static Uni<Void> put(Mutiny.Session session, RegistrationRow row, KeptKey key) {
    Optional<Instant> certificateEnds = key.certificate().map(KeyCertificate::notAfter);
    return session
        .createNativeQuery(PUT)
        .setParameter("registration", row.id)
        .setParameter("keyId", key.keyId())
        .setParameter("algorithm", key.algorithm())
        .setParameter("publicJwk", key.publicJwk().orElse(""))
        .setParameter("state", SigningKeyRow.Name.of(key.state()).name())
        .setParameter("since", key.state().since())
        .setParameter("retired", !key.isLiving())
        .setParameter("publishedUntil", publishedUntil(key.state()))
        .setParameter("certified", certificateEnds.isPresent())
        .setParameter("certificateEnds", certificateEnds.orElse(key.createdAt()))
        .setParameter("createdAt", key.createdAt())
        .executeUpdate()
        .replaceWithVoid();
  }

  private static Uni<Void> follow(
      Mutiny.Session session, RegistrationRow row, KeyRing before, KeyRing after, Instant now) {
    Optional<KeptKey> active = after.active();
    return session
        .createNativeQuery(FOLLOW)
        .setParameter("id", row.id)
        .setParameter("algorithm", active.map(KeptKey::algorithm).orElse(""))
        .setParameter("keyId", active.map(KeptKey::keyId).orElse(""))
        .setParameter("held", held(row, after))
        .setParameter("same", before.active().equals(active))
        .setParameter("now", now)
        .executeUpdate()
        .replaceWithVoid();
  }

  private static String[] held(RegistrationRow row, KeyRing after) {
    Set<SecretKind> held = EnumSet.noneOf(SecretKind.class);
    held.addAll(row.kept().held());
    held.remove(SecretKind.PRIVATE_KEY);
    if (after.keys().stream().anyMatch(KeptKey::isLiving)) {
      held.add(SecretKind.PRIVATE_KEY);
    }
    return held.stream().map(SecretKind::name).sorted().toArray(String[]::new);
  }

  private static Instant publishedUntil(KeyState state) {
    return state instanceof KeyState.Retired retired ? retired.publishedUntil() : state.since();
  }
}
