package org.tokenbroker.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokenbroker.provider.KeyScene.ecKey;
import static org.tokenbroker.provider.KeyScene.privatePart;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.KeyRing.Move;

@Requirement("IV-7")
class KeyRingTest {
  private static final Instant BEFORE = Instant.parse("2026-03-01T12:00:00Z");
  private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");

  /** From each state, what each step leads to. */
  @ParameterizedTest
  @CsvSource({
    "Generated, uploaded,  Uploaded",
    "Generated, activated, refused NOT_UPLOADED",
    "Generated, withdrawn, Retired",
    "Uploaded,  uploaded,  unchanged",
    "Uploaded,  activated, Active",
    "Uploaded,  withdrawn, Retired",
    "Active,    uploaded,  unchanged",
    "Active,    activated, unchanged",
    "Active,    withdrawn, refused IN_USE",
    "Retired,   uploaded,  refused RETIRED",
    "Retired,   activated, refused RETIRED",
    "Retired,   withdrawn, unchanged"
  })
  void eachStepIsAllowedFromItsStatesOnly(String from, String step, String outcome) {
    KeyRing ring = new KeyRing(true, List.of(key("key", state(from))));

    Move move =
        switch (step) {
          case "uploaded" -> ring.uploaded("key", NOW);
          case "activated" -> ring.activated("key", NOW);
          case "withdrawn" -> ring.withdrawn("key", NOW);
          default -> throw new AssertionError(step);
        };

    assertThat(told(move)).isEqualTo(outcome);
  }

  @Test
  void oneKeyAtMostSigns() {
    KeyRing ring =
        new KeyRing(true, List.of(key("old", state("Active")), key("new", state("Uploaded"))));

    KeyRing after = ((Move.Changed) ring.activated("new", NOW)).ring();

    assertThat(after.active().map(KeptKey::keyId)).contains("new");
    assertThat(after.find("old").orElseThrow().state())
        .isEqualTo(new KeyState.Retired(NOW, NOW.plus(KeyState.OVERLAP)));
    assertThat(after.retired()).containsExactly("old");
  }

  @Test
  void theNewestRetiredKeysAreRemembered() {
    KeyRing ring = new KeyRing(true, List.of());
    Instant time = BEFORE;
    for (int number = 0; number < KeyRing.MOST_RETIRED + 5; number++) {
      time = time.plusSeconds(1);
      SigningKey key = SigningKey.of(privatePart(ecKey("key-" + number))).orElseThrow();
      ring = ((Move.Changed) ring.declared(key, "ES256", time)).ring();
    }

    assertThat(ring.retired())
        .hasSize(KeyRing.MOST_RETIRED)
        .contains("key-13")
        .doesNotContain("key-0");
    assertThat(ring.active().map(KeptKey::keyId)).contains("key-14");
  }

  private static String told(Move move) {
    return switch (move) {
      case Move.Changed changed ->
          changed.ring().find("key").orElseThrow().state().getClass().getSimpleName();
      case Move.Unchanged unchanged -> "unchanged";
      case Move.Refused refused -> "refused " + refused.why();
    };
  }

  private static KeyState state(String name) {
    return switch (name) {
      case "Generated" -> new KeyState.Generated(BEFORE);
      case "Uploaded" -> new KeyState.Uploaded(BEFORE);
      case "Active" -> new KeyState.Active(BEFORE);
      case "Retired" -> new KeyState.Retired(BEFORE, BEFORE);
      default -> throw new AssertionError(name);
    };
  }

  private static KeptKey key(String keyId, KeyState state) {
    return new KeptKey(keyId, "ES256", Optional.of("{}"), state, BEFORE);
  }
}
