package org.tokenbroker.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.tokenbroker.connection.Credential;
import org.tokenbroker.connection.Credential.RefreshToken;
import org.tokenbroker.connection.Health.Ailment;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.Rotation;
import org.tokenbroker.provider.TokenReply;
import org.tokenbroker.provider.TokenRequest;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.Secret;

/** A success answer that brings a new refresh token and no access token. */
class RefreshWithoutAccessTokenTest {
  private final RefreshScene scene = RefreshScene.due();

  @Test
  @Requirement({"G-1", "MO-10"})
  void theNewRefreshTokenIsKeptAndPresentedNextAndNobodyIsAskedToAgreeAgain() {
    Credential before = scene.stored();
    scene.replies(alone("rt-2"));

    assertThat(scene.refresh()).isEqualTo(new RefreshOutcome.Failed(Ailment.MISCONFIGURED));

    Credential kept = scene.stored();
    assertThat(scene.storedRefreshToken()).isEqualTo("rt-2");
    assertThat(kept.refreshTokenNumber()).isEqualTo(2);
    assertThat(kept.accessToken()).as("goes on").isEqualTo(before.accessToken());
    assertThat(kept.pending()).isEmpty();

    scene.time.advance(Duration.ofMinutes(2));
    scene.replies(scene.granted("at-2", Optional.of("rt-3")));

    assertThat(scene.refresh()).isInstanceOf(RefreshOutcome.Refreshed.class);
    assertThat(scene.requests)
        .last()
        .satisfies(
            request ->
                assertThat(((TokenRequest.RefreshToken) request).refreshToken())
                    .isEqualTo(Secret.of("rt-2")));
    assertThat(scene.stored().generation()).isEqualTo(new Generation(2));
  }

  @Test
  @Requirement("G-1")
  void whileTheSafeIsAwayItIsNotForgotten() {
    scene.provider =
        () -> {
          scene.safe.goDown();
          return Uni.createFrom().item(alone("rt-2"));
        };
    UniAssertSubscriber<RefreshOutcome> refreshing = scene.begin(false);
    assertThat(scene.writer.undurable()).isEqualTo(1);

    scene.safe.comeBack();
    scene.pause.elapse();

    refreshing.assertCompleted();
    assertThat(scene.storedRefreshToken()).isEqualTo("rt-2");
  }

  @Test
  @Requirement({"G-1", "G-14"})
  void aNewerAgreementStays() {
    Credential.Grant newer =
        new Credential.Grant("grant-2", scene.time.instant(), Optional.empty());
    scene.provider =
        () -> {
          scene.put(
              new Credential(
                  Optional.of(newer),
                  scene.stored().accessToken(),
                  Optional.of(new RefreshToken(Secret.of("rt-of-newer"), 2, Optional.empty())),
                  Optional.empty(),
                  Optional.empty()));
          return Uni.createFrom().item(alone("rt-2"));
        };

    assertThat(scene.refresh()).isEqualTo(new RefreshOutcome.Overtaken());

    assertThat(scene.storedRefreshToken()).isEqualTo("rt-of-newer");
  }

  @Test
  @Requirement("G-13")
  void ofAConnectionThatWasDeletedMeanwhileItIsRevoked() {
    scene.provider =
        () -> {
          RefreshScene.now(scene.credentials.destroy(RefreshScene.ID));
          scene.deleted = true;
          return Uni.createFrom().item(alone("rt-2"));
        };

    scene.refresh();

    assertThat(scene.outbox.ids()).hasSize(1);
    assertThat(scene.safe.documents().values())
        .singleElement()
        .extracting(copy -> copy.document().fields().values())
        .asInstanceOf(InstanceOfAssertFactories.COLLECTION)
        .containsExactly("rt-2");
  }

  @Test
  void whereTokensAreNotRotatedTheSameOneStays() {
    scene.rotation = new Rotation.None();
    scene.replies(alone("rt-1"));

    scene.refresh();

    assertThat(scene.stored().refreshTokenNumber()).isEqualTo(1);
    assertThat(scene.stored().pending()).isEmpty();
  }

  private static TokenReply alone(String refreshToken) {
    return new TokenReply.WithoutAccessToken(Secret.of(refreshToken), Optional.empty());
  }
}
