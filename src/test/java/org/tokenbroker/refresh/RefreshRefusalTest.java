package org.tokenbroker.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tokenbroker.connection.Health;
import org.tokenbroker.connection.Health.Ailment;
import org.tokenbroker.connection.Health.ConsentCause;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.RegistrationFault;
import org.tokenbroker.provider.RegistrationHealth;
import org.tokenbroker.provider.Rejection;
import org.tokenbroker.provider.TokenReply;
import org.tokenbroker.provider.TokenReply.Obstacle;

/** Whose fault it is that a provider refuses, and what follows from it (G-6). */
class RefreshRefusalTest {
  private final RefreshScene scene = RefreshScene.due();

  @Test
  void whatNobodyHasClaimedCanBeMendedByItsOwnerOnly() {
    scene.tenant = Optional.empty();
    scene.health = new Health.Unclaimed(scene.time.instant());
    scene.replies(new TokenReply.Rejected(Rejection.INVALID_GRANT));

    scene.refresh();

    assertThat(scene.health).isInstanceOf(Health.NeedsConsent.class);
  }

  @Test
  @Requirement({"G-4", "MO-13", "C7"})
  void theRefusalOfTheNewestRefreshTokenNeedsTheOwnerAndIsNotRetried() {
    scene.replies(new TokenReply.Rejected(Rejection.INVALID_GRANT));

    assertThat(scene.refresh())
        .isEqualTo(new RefreshOutcome.Refused(ConsentCause.REFUSED_BY_PROVIDER));

    assertThat(scene.health)
        .isEqualTo(new Health.NeedsConsent(ConsentCause.REFUSED_BY_PROVIDER, scene.time.instant()));
    assertThat(scene.dueAt).isEmpty();
    assertThat(scene.storedRefreshToken()).isEqualTo("rt-1");
    assertThat(scene.observed).contains("reuse suspected");
    assertThat(scene.refresh()).isInstanceOf(RefreshOutcome.NotDue.class);
    assertThat(scene.requests).hasSize(1);
  }

  @Test
  @Requirement({"G-6", "IV-10", "C7"})
  void aRefusedClientIsTheRegistrationsFaultNotTheConnections() {
    scene.replies(new TokenReply.Rejected(Rejection.INVALID_CLIENT));

    assertThat(scene.refresh()).isInstanceOf(RefreshOutcome.Postponed.class);

    assertThat(scene.refusals).containsExactly(RegistrationFault.INVALID_CLIENT);
    assertThat(scene.health).isInstanceOf(Health.Active.class);
    assertThat(scene.stored().pending()).isEmpty();
  }

  @Test
  @Requirement("IV-10")
  void aClientThatCannotProveItselfIsTheRegistrationsFaultToo() {
    scene.replies(new TokenReply.Unreachable(Obstacle.CREDENTIAL_UNUSABLE));

    assertThat(scene.refresh())
        .isEqualTo(new RefreshOutcome.Postponed(RefreshOutcome.Postponement.REGISTRATION_FAULTY));

    assertThat(scene.refusals).containsExactly(RegistrationFault.CREDENTIAL_UNUSABLE);
    assertThat(scene.health).isInstanceOf(Health.Active.class);
    assertThat(scene.stored().pending()).isEmpty();
    assertThat(scene.storedRefreshToken()).isEqualTo("rt-1");
  }

  @Test
  @Requirement({"G-6", "MK-9"})
  void anUnclearRefusalEndsNothingTheFirstTimeAndPausesNobody() {
    scene.evidence = Siblings.Evidence.CLIENT_WORKS;
    scene.replies(new TokenReply.Rejected(Rejection.GRANT_OR_CLIENT));

    assertThat(scene.refresh()).isEqualTo(new RefreshOutcome.Failed(Ailment.REFUSED_UNCLEARLY));

    assertThat(scene.evidenceSince).as("what happened before proves nothing").isEmpty();
    assertThat(scene.refusals).isEmpty();
    assertThat(scene.stored().pending()).isEmpty();
    assertThat(scene.storedRefreshToken()).isEqualTo("rt-1");
    assertThat(scene.dueAt.orElseThrow()).isAfter(scene.time.instant());
  }

  @Test
  @Requirement({"G-6", "MK-9", "MO-13"})
  void anUnclearRefusalIsTheGrantsOnceAnotherConnectionGotAToken() {
    Instant first = refusedUnclearly();
    scene.time.advance(Duration.ofMinutes(1));
    scene.evidence = Siblings.Evidence.CLIENT_WORKS;

    assertThat(scene.refresh())
        .isEqualTo(new RefreshOutcome.Refused(ConsentCause.REFUSED_BY_PROVIDER));

    assertThat(scene.evidenceSince).containsExactly(first);
    assertThat(scene.refusals).isEmpty();
    assertThat(scene.storedRefreshToken()).isEqualTo("rt-1");
  }

  @Test
  @Requirement({"G-6", "IV-10"})
  void anUnclearRefusalIsTheRegistrationsFaultOnceNobodyGetsAToken() {
    refusedUnclearly();
    scene.time.advance(Duration.ofMinutes(1));
    scene.evidence = Siblings.Evidence.NOBODY_WORKS;

    assertThat(scene.refresh()).isInstanceOf(RefreshOutcome.Postponed.class);

    assertThat(scene.refusals).containsExactly(RegistrationFault.GRANT_OR_CLIENT);
    assertThat(scene.health).isInstanceOf(Health.Ailing.class);
    scene.time.advance(Duration.ofMinutes(10));
    scene.replies(scene.granted("at-2", Optional.of("rt-2")));
    assertThat(scene.refresh()).isInstanceOf(RefreshOutcome.Refreshed.class);
    assertThat(scene.health).isInstanceOf(Health.Active.class);
  }

  @Test
  @Requirement("G-6")
  void aRefusalStaysOpenUntilAnotherConnectionWasTried() {
    refusedUnclearly();
    scene.time.advance(Duration.ofDays(1));

    assertThat(scene.refresh()).isEqualTo(new RefreshOutcome.Failed(Ailment.REFUSED_UNCLEARLY));

    assertThat(scene.refusals).isEmpty();
  }

  @Test
  @Requirement("G-6")
  void anotherAilmentBeforeDoesNotMakeAnUnclearRefusalOlder() {
    scene.replies(new TokenReply.Unreachable(Obstacle.CONNECT));
    scene.refresh();
    scene.time.advance(Duration.ofMinutes(2));
    Instant first = refusedUnclearly();
    scene.time.advance(Duration.ofMinutes(2));

    scene.refresh();

    assertThat(scene.evidenceSince).containsExactly(first);
  }

  @Test
  @Requirement({"G-6", "C7"})
  void othersProbeBeforeOneWhoseOwnGrantMayBeOver() {
    refusedUnclearly();
    Instant probeAt = scene.time.instant().plusSeconds(300);
    scene.registration =
        new RegistrationHealth.Faulty(
            RegistrationFault.GRANT_OR_CLIENT, scene.time.instant(), probeAt);
    scene.time.advance(Duration.ofSeconds(301));

    scene.refresh();

    assertThat(scene.requests).hasSize(1);
    assertThat(scene.dueAt.orElseThrow()).isAfter(probeAt.plus(RefreshPolicy.OTHERS_FIRST));
    scene.time.advance(RefreshPolicy.OTHERS_FIRST.plusMinutes(1));
    scene.refresh();
    assertThat(scene.requests).hasSize(2);
    assertThat(scene.refusals).containsExactly(RegistrationFault.GRANT_OR_CLIENT);
  }

  /** When it was. */
  private Instant refusedUnclearly() {
    scene.replies(new TokenReply.Rejected(Rejection.GRANT_OR_CLIENT));
    scene.refresh();
    return scene.time.instant();
  }

  @Test
  @Requirement("C7")
  void aFaultyRegistrationIsAskedNothingBeforeItsProbeTime() {
    Instant probeAt = scene.time.instant().plusSeconds(300);
    scene.registration =
        new RegistrationHealth.Faulty(
            RegistrationFault.INVALID_CLIENT, scene.time.instant(), probeAt);

    scene.refresh();
    assertThat(scene.requests).isEmpty();
    assertThat(scene.dueAt.orElseThrow()).isAfter(probeAt);

    scene.time.advance(Duration.ofSeconds(301));
    scene.refresh();
    assertThat(scene.requests).hasSize(1);
  }

  @Test
  @Requirement("C7")
  void aFaultyRegistrationIsProbedByOneConnectionAtATime() {
    RefreshScene machine = RefreshScene.clientCredentials();
    Instant past = machine.time.instant().minusSeconds(1);
    machine.registration =
        new RegistrationHealth.Faulty(RegistrationFault.INVALID_CLIENT, past, past);
    machine.provider = () -> Uni.createFrom().nothing();
    machine.begin(false).assertNotTerminated();

    assertThat(machine.refresh()).isInstanceOf(RefreshOutcome.NotDue.class);
    assertThat(machine.requests).hasSize(1);

    machine.time.advance(Duration.ofSeconds(25));
    machine.begin(false).assertNotTerminated();
    assertThat(machine.requests).hasSize(2);
  }

  @Test
  void backsOffWhileTheProviderIsUnreachableAndRecoversByItself() {
    scene.replies(new TokenReply.Unreachable(Obstacle.CONNECT));
    scene.refresh();
    assertThat(scene.health)
        .isInstanceOfSatisfying(
            Health.Ailing.class,
            ailing -> {
              assertThat(ailing.ailment()).isEqualTo(Ailment.PROVIDER_UNREACHABLE);
              assertThat(ailing.failures()).isEqualTo(1);
            });
    assertThat(scene.stored().pending()).isEmpty();
    assertThat(scene.dueAt.orElseThrow()).isAfter(scene.time.instant());

    scene.time.advance(Duration.ofSeconds(5));
    scene.replies(scene.granted("at-2", Optional.of("rt-2")));
    scene.refresh();

    assertThat(scene.health).isInstanceOf(Health.Active.class);
  }

  @Test
  void waitsAsLongAsTheProviderAsks() {
    scene.replies(new TokenReply.Throttled(Duration.ofSeconds(120)));

    scene.refresh();

    assertThat(scene.dueAt.orElseThrow()).isAfter(scene.time.instant().plusSeconds(120));
    assertThat(scene.stored().pending()).isEmpty();
  }
}
