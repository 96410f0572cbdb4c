package org.tokenbroker.provider.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokenbroker.fixture.Waited.value;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.MigratedDatabase;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.KeptKey;
import org.tokenbroker.provider.KeyRing;
import org.tokenbroker.provider.KeyRing.Move;
import org.tokenbroker.provider.KeyState;
import org.tokenbroker.provider.Registration;
import org.tokenbroker.provider.RegistrationFault;
import org.tokenbroker.provider.RegistrationHealth;
import org.tokenbroker.provider.Registrations;
import org.tokenbroker.provider.Registrations.Kept;
import org.tokenbroker.provider.Registrations.SecretKind;
import org.tokenbroker.provider.SigningKeys.Changed;
import org.tokenbroker.provider.SigningKeys.Found;
import org.tokenbroker.token.RegistrationId;

class PgSigningKeysTest {
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final MigratedDatabase DATABASE = ProviderStores.freshDatabase();
  private static final PgRegistrations REGISTRATIONS = new PgRegistrations(DATABASE.sessions());
  private static final PgSigningKeys KEYS = new PgSigningKeys(DATABASE.sessions());

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  @Test
  void everyStateIsReadBackAsItWasWritten() {
    RegistrationId id = registered("states");
    List<KeptKey> all =
        List.of(
            key("a", new KeyState.Retired(NOW, NOW.plusSeconds(900)), Optional.of("{}")),
            key("b", new KeyState.Active(NOW), Optional.of("{\"kty\":\"EC\"}")),
            key("c", new KeyState.Uploaded(NOW), Optional.empty()),
            key("d", new KeyState.Generated(NOW), Optional.empty()));

    Changed changed = changed(id, ring -> new Move.Changed(new KeyRing(true, all)));

    assertThat(changed).isEqualTo(new Changed.Done(new KeyRing(true, all), true));
    assertThat(value(KEYS.find(id))).isEqualTo(new Found.Yes(new KeyRing(true, all)));
  }

  @Test
  @Requirement("IV-7")
  void whatARegistrationSignsWithFollowsItsActiveKey() {
    RegistrationId id = registered("follows");
    assertThat(kept(id).registration().signing()).isEmpty();

    changed(id, ring -> holding(key("a", new KeyState.Active(NOW), Optional.empty())));

    assertThat(kept(id).registration().signing()).contains(new Registration.Signing("ES256", "a"));
    assertThat(kept(id).registration().version()).isEqualTo(2);
    assertThat(kept(id).held()).contains(SecretKind.PRIVATE_KEY);
    changed(
        id,
        ring ->
            holding(
                key("a", new KeyState.Retired(NOW, NOW), Optional.empty()),
                key("b", new KeyState.Active(NOW), Optional.empty())));
    assertThat(kept(id).registration().signing()).contains(new Registration.Signing("ES256", "b"));
  }

  @Test
  @Requirement("IV-10")
  void anotherActiveKeyEndsAFaultAndOneOnItsWayDoesNot() {
    RegistrationId id = registered("fault");
    value(REGISTRATIONS.faulty(id, RegistrationFault.INVALID_CLIENT, NOW, Duration.ofMinutes(5)));

    changed(id, ring -> holding(key("a", new KeyState.Generated(NOW), Optional.empty())));
    assertThat(kept(id).registration().health()).isInstanceOf(RegistrationHealth.Faulty.class);
    changed(id, ring -> holding(key("a", new KeyState.Active(NOW), Optional.empty())));
    assertThat(kept(id).registration().health()).isEqualTo(new RegistrationHealth.Healthy());
  }

  /** As a replica of a version that knows no table of keys puts one during an upgrade. */
  @Test
  @Requirement("IV-7")
  void aKeyThatAnEarlierVersionPutsIsKnown() {
    RegistrationId id = registered("rolling");
    changed(
        id,
        ring ->
            holding(
                key("mine", new KeyState.Active(NOW), Optional.empty()),
                key("next", new KeyState.Uploaded(NOW), Optional.empty())));

    putsByEarlierVersion(id, "theirs");

    assertThat(ring(id).active().map(KeptKey::keyId)).contains("theirs");
    assertThat(ring(id).active().orElseThrow().publicJwk()).as("told by the safe").isEmpty();
    assertThat(ring(id).find("mine").orElseThrow().state()).isInstanceOf(KeyState.Retired.class);
    assertThat(ring(id).find("next").orElseThrow().state()).isInstanceOf(KeyState.Uploaded.class);
    putsByEarlierVersion(id, "mine");
    assertThat(ring(id).active().map(KeptKey::keyId)).contains("mine");
    assertThat(changed(id, ring -> ring.activated("next", NOW)))
        .isInstanceOfSatisfying(
            Changed.Done.class,
            done -> assertThat(done.ring().active().map(KeptKey::keyId)).contains("next"));
    assertThat(ring(id).active().map(KeptKey::keyId)).contains("next");
  }

  private static void putsByEarlierVersion(RegistrationId id, String keyId) {
    value(
        DATABASE
            .sessions()
            .withTransaction(
                session ->
                    session
                        .createNativeQuery(
                            "UPDATE registration SET signing_key_id = :key, signing_algorithm = 'ES256' WHERE id = :id")
                        .setParameter("key", keyId)
                        .setParameter("id", id.value())
                        .executeUpdate()));
  }

  @Test
  void changesAtTheSameTimeAreMadeOneAfterTheOther() {
    RegistrationId id = registered("many");

    List<Uni<Changed>> changes =
        IntStream.range(0, 12)
            .mapToObj(number -> KEYS.change(id, ring -> adding(ring, "key-" + number), NOW))
            .toList();
    List<Changed> outcomes = Uni.join().all(changes).andFailFast().await().atMost(PATIENCE);

    assertThat(outcomes).filteredOn(Changed.Done.class::isInstance).hasSize(2);
    assertThat(outcomes)
        .filteredOn(Changed.Refused.class::isInstance)
        .containsOnly(new Changed.Refused(KeyRing.Refusal.TWO_LIVING))
        .hasSize(10);
    assertThat(ring(id).keys()).hasSize(2);
  }

  @Test
  void keysGoWithTheirRegistration() {
    RegistrationId id = registered("gone");
    changed(id, ring -> holding(key("a", new KeyState.Active(NOW), Optional.empty())));

    value(REGISTRATIONS.delete(id));

    assertThat(value(KEYS.find(id))).isEqualTo(new Found.Unknown());
    assertThat(changed(id, Move.Unchanged::new)).isEqualTo(new Changed.Unknown());
    registered("gone");
    assertThat(ring(id).keys()).isEmpty();
  }

  @Test
  void aRefusalChangesNothing() {
    RegistrationId id = registered("refused");

    assertThat(changed(id, ring -> new Move.Refused(KeyRing.Refusal.RETIRED)))
        .isEqualTo(new Changed.Refused(KeyRing.Refusal.RETIRED));

    assertThat(kept(id).registration().version()).isEqualTo(1);
  }

  private static Move adding(KeyRing ring, String name) {
    if (ring.isFull()) {
      return new Move.Refused(KeyRing.Refusal.TWO_LIVING);
    }
    List<KeptKey> more = new java.util.ArrayList<>(ring.keys());
    more.add(key(name, new KeyState.Generated(NOW), Optional.empty()));
    return new Move.Changed(new KeyRing(true, more));
  }

  private static Move holding(KeptKey... keys) {
    return new Move.Changed(new KeyRing(true, List.of(keys)));
  }

  private static Changed changed(RegistrationId id, Function<KeyRing, Move> decision) {
    return value(KEYS.change(id, decision, NOW));
  }

  private static KeyRing ring(RegistrationId id) {
    return ((Found.Yes) value(KEYS.find(id))).ring();
  }

  private static Kept kept(RegistrationId id) {
    return ((Registrations.Found.Yes) value(REGISTRATIONS.find(id))).kept();
  }

  private static KeptKey key(String name, KeyState state, Optional<String> publicJwk) {
    return new KeptKey(name, "ES256", publicJwk, state, NOW);
  }

  private static RegistrationId registered(String name) {
    return ProviderStores.registered(REGISTRATIONS, name, "acme", NOW);
  }
}
