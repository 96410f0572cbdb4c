package org.tokenbroker.provider.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokenbroker.fixture.Waited.value;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.Certificates;
import org.tokenbroker.fixture.MigratedDatabase;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.KeptKey;
import org.tokenbroker.provider.KeyRing;
import org.tokenbroker.provider.KeyRing.Move;
import org.tokenbroker.provider.KeyState;
import org.tokenbroker.provider.RegistrationCensus;
import org.tokenbroker.provider.RegistrationCensus.Faulty;
import org.tokenbroker.provider.RegistrationCensus.Seen;
import org.tokenbroker.provider.RegistrationFault;
import org.tokenbroker.sandbox.KeyMaterial;
import org.tokenbroker.token.RegistrationId;

class PgRegistrationCensusTest {
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

  private final MigratedDatabase database = ProviderStores.freshDatabase();
  private final PgRegistrations registrations = new PgRegistrations(database.sessions());
  private final PgSigningKeys keys = new PgSigningKeys(database.sessions());
  private final PgRegistrationCensus census = new PgRegistrationCensus(database.sessions());

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  @Requirement({"IV-10", "G-6"})
  void onlyFaultyRegistrationsAreNamed() {
    RegistrationId faulty = registered("faulty", "acme");
    registered("healthy", "acme");
    RegistrationId mended = registered("mended", "other");
    refuse(faulty, RegistrationFault.INVALID_CLIENT, NOW);
    refuse(mended, RegistrationFault.UNAUTHORIZED_CLIENT, NOW);
    value(registrations.accepted(mended, NOW));

    Seen seen = look();

    assertThat(seen.faulty())
        .containsExactly(new Faulty(faulty, "acme", RegistrationFault.INVALID_CLIENT));
    assertThat(seen.faultyByProvider()).isEqualTo(Map.of("acme", 1L));
  }

  /** A provider that forgets all of us must not make a series for each of thousands. */
  @Test
  @Requirement("IV-10")
  void allAreCountedAndTheLongestFaultyOnesNamed() {
    int all = RegistrationCensus.MOST_NAMED + 3;
    for (int number = 0; number < all; number++) {
      refuse(
          registered("r-" + number, "acme"),
          RegistrationFault.INVALID_CLIENT,
          NOW.minusSeconds(number));
    }

    Seen seen = look();

    assertThat(seen.faulty())
        .hasSize(RegistrationCensus.MOST_NAMED)
        .extracting(named -> named.id().value())
        .startsWith("r-" + (all - 1))
        .doesNotContain("r-0", "r-1", "r-2");
    assertThat(seen.faultyByProvider()).isEqualTo(Map.of("acme", (long) all));
  }

  @Test
  @Requirement("IV-7")
  void theFirstCertificateThatEndsIsSeenAmongKeysThatSign() throws JoseException {
    KeyMaterial material = Certificates.shared().consumer("census").material();
    sign(registered("certified", "acme"), certified(material), new KeyState.Active(NOW));
    sign(registered("on-its-way", "other"), certified(material), new KeyState.Uploaded(NOW));
    sign(
        registered("bare", "third"),
        EcJwkGenerator.generateJwk(EllipticCurves.P256),
        new KeyState.Active(NOW));

    assertThat(look().certificateEnds())
        .isEqualTo(Map.of("acme", material.certificate().getNotAfter().toInstant()));
  }

  private Seen look() {
    return value(census.look()).orElseThrow();
  }

  private void refuse(RegistrationId id, RegistrationFault why, Instant since) {
    value(registrations.faulty(id, why, since, Duration.ofMinutes(5)));
  }

  private static PublicJsonWebKey certified(KeyMaterial material) throws JoseException {
    PublicJsonWebKey key =
        PublicJsonWebKey.Factory.newPublicJwk(material.certificate().getPublicKey());
    key.setCertificateChain(material.chain());
    return key;
  }

  private void sign(RegistrationId id, PublicJsonWebKey key, KeyState state) {
    KeptKey kept = new KeptKey("a", "ES256", Optional.of(key.toJson()), state, NOW);
    value(keys.change(id, ring -> new Move.Changed(new KeyRing(true, List.of(kept))), NOW));
  }

  private RegistrationId registered(String name, String profile) {
    return ProviderStores.registered(registrations, name, profile, NOW);
  }
}
