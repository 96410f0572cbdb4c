package org.tokenbroker.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokenbroker.serve.Given.CART;
import static org.tokenbroker.serve.Given.HOUR;
import static org.tokenbroker.serve.Given.STRANGER;
import static org.tokenbroker.serve.Given.ailing;
import static org.tokenbroker.serve.Given.needsConsent;
import static org.tokenbroker.serve.Given.token;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.tokenbroker.connection.Health;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.refresh.Freshener.Freshened;
import org.tokenbroker.refresh.Freshener.Reason;
import org.tokenbroker.serve.Answer.NothingFresh.Cause;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;

/** What a consumer gets, and what it costs. */
class ServingTest {
  private static final Duration LONG = Duration.ofMinutes(50);
  private static final Duration LAST_MINUTES = Duration.ofMinutes(3);
  private static final Duration TOO_LITTLE = Duration.ofSeconds(59);

  @Test
  @Requirement({"X-1", "MO-11"})
  void aTokenComesWithTheHeaderThatItsApiWants() {
    ServeScene scene = ServeScene.with(token(1, LONG));

    assertThat(served(scene.token()).presentation())
        .isEqualTo(header("Authorization", "Bearer access-token-1"));
    assertThat(served(scene.token()).connection().metadata()).containsEntry("administration", "7");
  }

  @Test
  @Requirement("MK-1")
  void headerAndSchemeAreThoseOfTheProfile() {
    ServeScene scene = ServeScene.with(token(1, LONG));

    scene.resource("Authentication", "Bearer");
    assertThat(served(scene.token()).presentation())
        .isEqualTo(header("Authentication", "Bearer access-token-1"));
    scene.resource("X-Api-Key", "");

    assertThat(served(scene.token()).presentation())
        .isEqualTo(header("X-Api-Key", "access-token-1"));
  }

  @Test
  void whereTheApiWantsTheTokenInItsQueryTheParameterIsNamed() {
    ServeScene scene = ServeScene.with(token(1, LONG));

    scene.inQuery("access_token");

    assertThat(served(scene.token()).presentation())
        .isEqualTo(new Presentation.QueryParameter("access_token", Secret.of("access-token-1")));
  }

  @Test
  void withoutAProfileNoHeaderIsGuessed() {
    ServeScene scene = ServeScene.with(token(1, LONG));
    scene.profiled = false;

    assertThat(scene.token())
        .isEqualTo(new Answer.NothingFresh(Duration.ofSeconds(60), Cause.PROFILE_MISSING));
  }

  @Test
  @Requirement("G-11")
  void aStrangerGetsNothingAndCausesNothing() {
    ServeScene scene = ServeScene.with(token(1, TOO_LITTLE));

    assertThat(scene.token(STRANGER)).isEqualTo(new Answer.Unknown(Answer.Unknown.Reason.NO_RULE));
    assertThat(scene.report(STRANGER, rejected(1)))
        .isEqualTo(new Answer.Unknown(Answer.Unknown.Reason.NO_RULE));
    assertThat(scene.refreshes).isEmpty();
  }

  @Test
  void aScopeThatTheOwnerDidNotGrantIsNotServed() {
    ServeScene scene = ServeScene.with(token(1, LONG));

    assertThat(scene.token(CART, Scopes.of("read"))).isInstanceOf(Answer.Token.class);
    assertThat(scene.token(CART, Scopes.of("read", "write")))
        .isEqualTo(new Answer.ScopeNotGranted());
  }

  @Test
  void withTooLittleLifeAReaderGetsTheNewToken() {
    ServeScene scene = ServeScene.warm(token(1, TOO_LITTLE));
    scene.provider = refreshTo(scene, 2);
    scene.time.advance(Duration.ofSeconds(30));

    assertThat(served(scene.token()).servable().generation()).isEqualTo(new Generation(2));
  }

  @Test
  @Requirement({"G-3", "I3"})
  void whenNoNewTokenComesInTimeTheOldOneIsServedOnlyWithEnoughLife() {
    ServeScene scene = ServeScene.with(token(1, LAST_MINUTES));
    scene.provider = () -> Uni.createFrom().nothing();

    assertThat(served(scene.token()).servable().generation()).isEqualTo(new Generation(1));
    scene.time.advance(LAST_MINUTES.minus(TOO_LITTLE));

    assertThat(scene.token())
        .isEqualTo(new Answer.NothingFresh(Duration.ofSeconds(1), Cause.REFRESH));
  }

  @Test
  void afterARefusalNobodyWaitsNorAsksUntilItsTime() {
    ServeScene scene = ServeScene.warm(token(1, LAST_MINUTES));
    scene.forgetCounts();
    scene.time.advance(Duration.ofSeconds(6));

    IntStream.range(0, 100).forEach(read -> served(scene.token()));
    assertThat(scene.refreshes).containsExactly(Reason.TOO_LITTLE_LIFE);
    scene.time.advance(Duration.ofSeconds(5));
    scene.token();

    assertThat(scene.refreshes).hasSize(2);
  }

  @Test
  @Requirement("E10")
  void aRefusalTellsWhenToComeBack() {
    ServeScene scene = ServeScene.with(token(1, TOO_LITTLE));
    scene.provider = () -> ServeScene.item(new Freshened.NotNow(Duration.ofSeconds(20)));

    assertThat(scene.token())
        .isEqualTo(new Answer.NothingFresh(Duration.ofSeconds(20), Cause.REFRESH));
    scene.time.advance(Duration.ofSeconds(15));

    assertThat(scene.token())
        .isEqualTo(new Answer.NothingFresh(Duration.ofSeconds(5), Cause.REFRESH));
  }

  @Test
  void aDeadConnectionIsNotAskedForAgainAndAgain() {
    ServeScene scene = ServeScene.with(needsConsent(), token(1, TOO_LITTLE));

    IntStream.range(0, 10)
        .forEach(read -> assertThat(scene.token()).isEqualTo(new Answer.ConsentRequired()));

    assertThat(scene.refreshes).isEmpty();
  }

  @Test
  void moreLifeIsRefreshedForWhenItIsAskedFor() {
    ServeScene scene = ServeScene.warm(token(1, Duration.ofMinutes(20)));
    scene.provider = refreshTo(scene, 2);

    assertThat(served(scene.tokenWithLife(Duration.ofMinutes(15))).servable().generation())
        .isEqualTo(new Generation(1));
    assertThat(served(scene.tokenWithLife(Duration.ofMinutes(25))).servable().generation())
        .isEqualTo(new Generation(2));
  }

  @Test
  void aConnectionThatIsGoneWhenItIsRefreshedIsNotServed() {
    ServeScene scene = ServeScene.with(token(1, LAST_MINUTES));
    scene.provider = () -> ServeScene.item(new Freshened.Gone());

    assertThat(scene.token()).isEqualTo(new Answer.Unknown(Answer.Unknown.Reason.NOT_SERVED));
  }

  @Test
  @Requirement("G-3")
  void aTokenWithLifeIsServedThoughTheOwnerMustAgreeAgain() {
    ServeScene scene = ServeScene.with(token(1, LAST_MINUTES));
    scene.provider = () -> ServeScene.item(new Freshened.ConsentRequired());

    assertThat(scene.token()).isInstanceOf(Answer.Token.class);
  }

  @Test
  @Requirement({"BE-16", "G-12"})
  void aReportedTokenIsReplacedByANewerOne() {
    ServeScene scene = ServeScene.warm(token(1, LONG));
    scene.provider = refreshTo(scene, 2);

    assertThat(served(scene.report(CART, rejected(1))).servable().generation())
        .isEqualTo(new Generation(2));
    assertThat(scene.refreshes).containsExactly(Reason.REPORTED);
  }

  @Test
  @Requirement({"BE-16", "G-12"})
  void aReportOfAnOlderGenerationIsAnsweredWithTheNewerOneAtNoCost() {
    ServeScene scene = ServeScene.warm(token(2, LONG));

    assertThat(served(scene.report(CART, rejected(1))).servable().generation())
        .isEqualTo(new Generation(2));
    assertThat(scene.refreshes).isEmpty();
    assertThat(scene.engineReads()).isZero();
  }

  @Test
  void aReportedTokenIsNeverGivenBack() {
    ServeScene scene = ServeScene.warm(token(1, LONG));

    assertThat(scene.report(CART, rejected(1)))
        .isEqualTo(new Answer.NothingFresh(Duration.ofSeconds(5), Cause.REFRESH));
  }

  @Test
  void aReportDoesNotKeepOthersFromTheToken() {
    ServeScene scene = ServeScene.warm(token(1, LONG));
    scene.report(CART, rejected(1));

    assertThat(scene.token()).isInstanceOf(Answer.Token.class);
  }

  @Test
  void aReportFromAReaderAheadOfMemoryLoadsFirst() {
    ServeScene scene = ServeScene.warm(token(1, LONG));
    scene.keep(Given.connection(ailing()), token(3, HOUR));

    assertThat(served(scene.report(CART, rejected(2))).servable().generation())
        .isEqualTo(new Generation(3));
    assertThat(scene.refreshes).isEmpty();
  }

  @Test
  void aGenerationThatWasNeverIssuedIsRefused() {
    ServeScene scene = ServeScene.warm(token(1, LONG));

    assertThat(scene.report(CART, rejected(7))).isEqualTo(new Answer.GenerationUnknown());
    assertThat(scene.refreshes).isEmpty();
  }

  @Test
  @Requirement("MO-12")
  void aMissingScopeCausesNoRefreshAndNoRead() {
    ServeScene scene = ServeScene.warm(token(1, LONG));
    Rejection forbidden = new Rejection(new Generation(1), OptionalInt.of(403), Optional.empty());

    assertThat(scene.report(CART, forbidden)).isEqualTo(new Answer.ScopeProblem());
    assertThat(scene.refreshes).isEmpty();
    assertThat(scene.engineReads()).isZero();
  }

  @Test
  @Requirement("MK-9")
  void aReportThatTurnsOutToBeARevocationSaysSo() {
    ServeScene scene = ServeScene.warm(token(1, LONG));
    scene.provider =
        () -> {
          scene.change(needsConsent());
          return ServeScene.item(new Freshened.ConsentRequired());
        };

    assertThat(scene.report(CART, rejected(1))).isEqualTo(new Answer.ConsentRequired());
  }

  private static Supplier<Uni<Freshened>> refreshTo(ServeScene scene, long generation) {
    return () -> {
      scene.refreshed(token(generation, HOUR));
      return ServeScene.item(new Freshened.Newer(new Generation(generation)));
    };
  }

  private static Rejection rejected(long generation) {
    return new Rejection(new Generation(generation), OptionalInt.of(401), Optional.empty());
  }

  @Test
  @Requirement("E3")
  void aReportOnADisabledConnectionAnswersAsIfItDidNotExist() {
    Health disabled = new Health.Disabled(Given.active(), Instant.EPOCH);
    ServeScene scene = ServeScene.with(disabled, token(1, LONG));

    assertThat(scene.report(CART, rejected(7)))
        .isEqualTo(new Answer.Unknown(Answer.Unknown.Reason.NOT_SERVED));
  }

  @Test
  @Requirement("G-15")
  void saysThatMemoryMayBeOutOfDateWhileChangesAreNotTold() {
    ServeScene scene = ServeScene.warm(token(1, LONG));
    scene.feedIsCurrent = false;

    assertThat(served(scene.token()).degraded()).contains(Engine.LEDGER);
  }

  private static Presentation header(String name, String value) {
    return new Presentation.Header(name, Secret.of(value));
  }

  private static Answer.Token served(Answer answer) {
    assertThat(answer).isInstanceOf(Answer.Token.class);
    return (Answer.Token) answer;
  }
}
