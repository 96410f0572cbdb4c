package org.tokenbroker.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tokenbroker.connection.Health.ConsentCause;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.Rotation;
import org.tokenbroker.provider.TokenReply;
import org.tokenbroker.provider.TokenReply.Doubt;
import org.tokenbroker.provider.TokenReply.Obstacle;

/** Whether a refresh token that was perhaps spent is presented again (G-5, X-4). */
class UnknownOutcomeTest {
  private final RefreshScene scene = RefreshScene.due();

  @Test
  @Requirement({"G-5", "X-4"})
  void aPerhapsSpentTokenIsNotPresentedAgainWhileTheOldAccessTokenLives() {
    scene.replies(new TokenReply.Ambiguous(Doubt.TIMEOUT));
    scene.refresh();
    assertThat(scene.stored().pending()).isPresent();

    scene.time.advance(Duration.ofMinutes(2));
    scene.refresh();

    assertThat(scene.requests).hasSize(1);
    assertThat(scene.dueAt.orElseThrow())
        .isAfterOrEqualTo(
            scene
                .stored()
                .accessToken()
                .orElseThrow()
                .lifetime()
                .expiresAt()
                .minus(RefreshPolicy.LAST_CHANCE));
  }

  @Test
  @Requirement({"G-5", "X-4"})
  void aPerhapsSpentTokenIsPresentedOnceMoreNearTheEndAndThenNeverAgain() {
    scene.replies(new TokenReply.Ambiguous(Doubt.CUT));
    scene.refresh();
    scene.time.advance(Duration.ofMinutes(14).plusSeconds(40));

    scene.refresh();
    assertThat(scene.requests).hasSize(2);

    scene.time.advance(Duration.ofMinutes(2));
    assertThat(scene.refresh()).isEqualTo(new RefreshOutcome.Refused(ConsentCause.OUTCOME_UNKNOWN));
    assertThat(scene.requests).hasSize(2);
  }

  @Test
  @Requirement("G-5")
  void withinTheGraceWindowAPerhapsSpentTokenIsPresentedAgain() {
    scene.rotation = new Rotation.Grace(Duration.ofMinutes(5));
    scene.replies(new TokenReply.Ambiguous(Doubt.SERVER_ERROR));
    scene.refresh();
    scene.time.advance(Duration.ofMinutes(1));
    scene.replies(scene.granted("at-2", Optional.of("rt-2")));

    assertThat(scene.refresh()).isInstanceOf(RefreshOutcome.Refreshed.class);
  }

  @Test
  @Requirement("G-5")
  void whereTokensAreNotRotatedAnUnknownOutcomeIsRetriedFreely() {
    scene.rotation = new Rotation.None();
    scene.replies(new TokenReply.Ambiguous(Doubt.TIMEOUT));
    for (int i = 1; i <= 4; i++) {
      scene.refresh();
      assertThat(scene.requests).hasSize(i);
      scene.time.advance(Duration.ofSeconds(61));
    }
  }

  @Test
  @Requirement("X-4")
  void aCallThatNeverArrivedDoesNotMakeAnEarlierUnknownOutcomeForgotten() {
    scene.replies(new TokenReply.Ambiguous(Doubt.CUT));
    scene.refresh();
    scene.time.advance(Duration.ofMinutes(14).plusSeconds(40));
    scene.replies(new TokenReply.Unreachable(Obstacle.CONNECT));

    scene.refresh();

    assertThat(scene.stored().pending())
        .hasValueSatisfying(call -> assertThat(call.presentations()).isEqualTo(1));
  }
}
