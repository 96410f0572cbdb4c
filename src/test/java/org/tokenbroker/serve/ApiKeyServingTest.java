package org.tokenbroker.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokenbroker.serve.Given.CART;
import static org.tokenbroker.serve.Given.NOON;
import static org.tokenbroker.serve.Given.active;
import static org.tokenbroker.serve.Given.key;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tokenbroker.connection.Health;
import org.tokenbroker.connection.Health.Ailment;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.serve.AccessRule.Selector;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;

/** What consumers get of a connection that is an API key. */
class ApiKeyServingTest {
  private static final Health REFUSED = new Health.Ailing(Ailment.KEY_REFUSED, 1, NOON);

  static List<Health> holdingAKey() {
    return List.of(active(), REFUSED);
  }

  static List<Health> withdrawn() {
    return List.of(new Health.Unclaimed(NOON), new Health.Disabled(active(), NOON));
  }

  @ParameterizedTest
  @MethodSource("holdingAKey")
  @Requirement({"X-1", "MK-1", "BE-1"})
  void aKeyIsServedWithTheHeaderThatItsApiWants(Health health) {
    ServeScene scene = ServeScene.keyed(health, key(1));

    scene.resource("Authentication", "Bearer");
    Answer.Token withScheme = served(scene.token());
    scene.resource("x-api-key", "");
    Answer.Token bare = served(scene.token());

    assertThat(withScheme.presentation())
        .isEqualTo(new Presentation.Header("Authentication", Secret.of("Bearer api-key-1")));
    assertThat(withScheme.type()).isEqualTo("Bearer");
    assertThat(bare.presentation())
        .isEqualTo(new Presentation.Header("x-api-key", Secret.of("api-key-1")));
    assertThat(bare.type()).isEqualTo("N_A");
    assertThat(bare.connection().metadata()).containsEntry("administration", "7");
  }

  @Test
  @Requirement({"MK-3", "G-3"})
  void aKeyHasNoEndAndIsReadFromMemory() {
    ServeScene scene = ServeScene.keyed(active(), key(1));
    scene.token();
    scene.forgetCounts();

    scene.time.advance(Duration.ofDays(4000));
    IntStream.range(0, 100)
        .forEach(
            read -> assertThat(generation(scene.tokenWithLife(Duration.ofDays(100)))).isEqualTo(1));

    assertThat(scene.engineReads()).isZero();
    assertThat(scene.refreshes).isEmpty();
  }

  @Test
  @Requirement("G-10")
  void aCacheComesBackWithinAMinuteForAKeyThatWasReplaced() {
    ServeScene scene = ServeScene.keyed(active(), key(1));

    assertThat(served(scene.token()).refreshAfter())
        .isAfter(NOON)
        .isBeforeOrEqualTo(NOON.plus(Duration.ofMinutes(1)));
  }

  @Test
  @Requirement("MK-3")
  void aReplacedKeyIsServedAndTheFormerOneNoMore() {
    ServeScene scene = ServeScene.keyed(active(), key(1));
    scene.token();

    scene.put(active(), key(2));
    scene.tokens.changed(Given.ID);

    assertThat(served(scene.token()).servable()).isEqualTo(key(2));
  }

  @Test
  @Requirement("E6")
  void aRuleThatDoesNotSaySoLetsNoKeyOut() {
    ServeScene scene = ServeScene.keyed(active(), key(1));
    scene.rules =
        new AccessRuleStore.AllRead.Found(
            List.of(Given.rule(CART, new Selector.OneConnection(Given.ID))));

    assertThat(scene.token()).isEqualTo(new Answer.Unknown(Answer.Unknown.Reason.KEY_NOT_EXPORTED));
    assertThat(scene.report(CART, refused(1, 401)))
        .isEqualTo(new Answer.Unknown(Answer.Unknown.Reason.KEY_NOT_EXPORTED));
    assertThat(scene.refusedKeys).isEmpty();
  }

  @Test
  void theScopesOfAKeyAreCheckedLikeThoseOfAToken() {
    ServeScene scene = ServeScene.keyed(active(), key(1));

    assertThat(generation(scene.token(CART, Scopes.of("read")))).isEqualTo(1);
    assertThat(scene.token(CART, Scopes.of("write"))).isEqualTo(new Answer.ScopeNotGranted());
  }

  static List<Health> withoutAKey() {
    return List.of(new Health.PendingConsent(NOON), new Health.Revoked(NOON));
  }

  @ParameterizedTest
  @MethodSource("withoutAKey")
  void untilAKeyIsPutAnOperatorIsAsked(Health health) {
    ServeScene scene = ServeScene.keyed(health, key(1));

    assertThat(scene.token()).isEqualTo(new Answer.KeyRequired());
    assertThat(scene.report(CART, refused(1, 401))).isEqualTo(new Answer.KeyRequired());
    assertThat(scene.refreshes).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("withdrawn")
  void aWithdrawnKeyIsServedToNobody(Health health) {
    ServeScene scene = ServeScene.keyed(health, key(1));

    assertThat(scene.token()).isEqualTo(new Answer.Unknown(Answer.Unknown.Reason.NOT_SERVED));
    assertThat(scene.report(CART, refused(1, 401)))
        .isEqualTo(new Answer.Unknown(Answer.Unknown.Reason.NOT_SERVED));
  }

  @Test
  @Requirement({"MK-3", "G-12"})
  void aRefusedKeyIsNotedButNeverRenewed() {
    ServeScene scene = ServeScene.keyed(active(), key(3));

    assertThat(scene.report(CART, refused(3, 401))).isEqualTo(new Answer.KeyRequired());

    assertThat(scene.refusedKeys).containsExactly(new Generation(3));
    assertThat(scene.refreshes).isEmpty();
  }

  @Test
  void aKeyThatWasNotedAsRefusedIsNotNotedAgain() {
    ServeScene scene = ServeScene.keyed(REFUSED, key(3));
    scene.token();
    scene.forgetCounts();

    assertThat(scene.report(CART, refused(3, 401))).isEqualTo(new Answer.KeyRequired());

    assertThat(scene.refusedKeys).isEmpty();
    assertThat(scene.engineReads()).isZero();
  }

  @Test
  @Requirement("G-3")
  void oneConsumersReportKeepsNobodyFromTheKey() {
    ServeScene scene = ServeScene.keyed(active(), key(3));
    scene.report(CART, refused(3, 401));

    assertThat(generation(scene.token())).isEqualTo(3);
  }

  @Test
  @Requirement("G-12")
  void aReportOfAFormerKeyIsAnsweredWithTheNewOne() {
    ServeScene scene = ServeScene.keyed(active(), key(3));

    assertThat(generation(scene.report(CART, refused(2, 401)))).isEqualTo(3);
    assertThat(scene.refusedKeys).isEmpty();
  }

  @Test
  @Requirement("G-12")
  void aKeyThatWasReplacedUnheardIsFoundBeforeItIsNoted() {
    ServeScene scene = ServeScene.keyed(active(), key(3));
    scene.token();

    scene.put(active(), key(4));

    assertThat(generation(scene.report(CART, refused(3, 401)))).isEqualTo(4);
    assertThat(scene.refusedKeys).isEmpty();
  }

  @Test
  @Requirement("MO-12")
  void aMissingScopeIsNotTheKeysFault() {
    ServeScene scene = ServeScene.keyed(active(), key(3));

    assertThat(scene.report(CART, refused(3, 403))).isEqualTo(new Answer.ScopeProblem());
    assertThat(scene.refusedKeys).isEmpty();
  }

  private static Rejection refused(long generation, int status) {
    return new Rejection(new Generation(generation), OptionalInt.of(status), Optional.empty());
  }

  private static Answer.Token served(Answer answer) {
    assertThat(answer).isInstanceOf(Answer.Token.class);
    return (Answer.Token) answer;
  }

  private static long generation(Answer answer) {
    return served(answer).servable().generation().value();
  }
}
