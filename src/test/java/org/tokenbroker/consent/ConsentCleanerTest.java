package org.tokenbroker.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokenbroker.fixture.Waited.value;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ConsentCleanerTest {
  private final Scene scene = new Scene();

  @Test
  void whatAnOwnerWhoNeverCameBackLeftIsDestroyed() {
    scene.leave();
    scene.time.advance(Duration.ofMinutes(12));

    value(scene.cleaner.sweep());

    assertThat(scene.safe.documents()).isEmpty();
    assertThat(scene.attempts.count()).isEqualTo(1);
  }

  @Test
  void anAttemptThatIsStillOnItsWayIsLeftAlone() {
    scene.leave();
    scene.time.advance(Duration.ofMinutes(10));

    value(scene.cleaner.sweep());

    assertThat(scene.safe.documents()).hasSize(1);
  }

  @Test
  void anOldAttemptIsForgottenOnlyOnceItsSecretsAreGone() {
    scene.leave();
    scene.time.advance(Duration.ofDays(2));
    scene.safe.goDown();

    value(scene.cleaner.sweep());
    int whileTheSafeIsDown = scene.attempts.count();
    scene.safe.comeBack();
    value(scene.cleaner.sweep());

    assertThat(whileTheSafeIsDown).isEqualTo(1);
    assertThat(scene.attempts.count()).isZero();
    assertThat(scene.safe.documents()).isEmpty();
  }

  @Test
  void aSweepWithoutADatabaseDoesNothing() {
    scene.leave();
    scene.time.advance(Duration.ofDays(2));
    scene.attempts.goDown();

    value(scene.cleaner.sweep());

    assertThat(scene.safe.documents()).hasSize(1);
  }
}
