package org.tokenbroker.safe.vault;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.HandTime;
import org.tokenbroker.safe.SafeFault;
import org.tokenbroker.token.Secret;

class VaultSessionTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Login REFUSED = new Login.Refused(SafeFault.FORBIDDEN);

  private final HandTime time = new HandTime(Instant.parse("2026-01-01T00:00:00Z"));
  private final ScriptedTokens vault = new ScriptedTokens();
  private final VaultSession session = new VaultSession(vault, time, () -> 0);

  @Test
  void aHundredCallersShareOneLogin() {
    List<UniAssertSubscriber<Login>> callers =
        IntStream.range(0, 100).mapToObj(caller -> await(session.login())).toList();

    VaultLease lease = logInSucceeds("t1", HOUR);

    assertThat(vault.loginsAsked).isEqualTo(1);
    assertThat(callers)
        .allSatisfy(caller -> caller.assertCompleted().assertItem(new Login.Granted(lease)));
  }

  @Test
  void aCallerThatGivesUpDoesNotTakeTheLoginAwayFromTheOthers() {
    UniAssertSubscriber<Login> impatient = await(session.login());
    UniAssertSubscriber<Login> patient = await(session.login());

    impatient.cancel();
    VaultLease lease = logInSucceeds("t1", HOUR);

    patient.assertCompleted().assertItem(new Login.Granted(lease));
  }

  @Test
  void aRefusedLoginIsNotTriedAgainBeforeItsBackOffIsOver() {
    await(session.login());
    logInFails(new VaultReply.Denied<>());

    for (int call = 0; call < 1000; call++) {
      await(session.login()).assertCompleted().assertItem(REFUSED);
    }

    assertThat(vault.loginsAsked).isEqualTo(1);
  }

  @Test
  void refusedLoginsAreTriedAfterOneTwoFourSecondsAndSoOnUpToFiveMinutes() {
    List<Long> waits =
        IntStream.range(0, 11)
            .mapToObj(failure -> secondsUntilNextTryAfter(new VaultReply.Denied<>()))
            .toList();

    assertThat(waits).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L, 300L, 300L);
  }

  @Test
  void anOutageIsTriedEveryHalfMinuteAtLeast() {
    List<Long> waits =
        IntStream.range(0, 8)
            .mapToObj(
                failure -> secondsUntilNextTryAfter(new VaultReply.Failed<>(SafeFault.NOT_SERVING)))
            .toList();

    assertThat(waits).containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L, 30L);
  }

  @Test
  void whyTheLoginFailedIsWhatItsCallersHear() {
    UniAssertSubscriber<Login> caller = await(session.login());

    logInFails(new VaultReply.Failed<>(SafeFault.UNREACHABLE));

    caller.assertItem(new Login.Refused(SafeFault.UNREACHABLE));
    await(session.login()).assertItem(new Login.Refused(SafeFault.UNREACHABLE));
  }

  @Test
  void theTokenIsRenewedOnceAtTwoThirdsOfItsLife() {
    loggedIn("t1", HOUR);

    time.advance(Duration.ofMinutes(39));
    beat();
    assertThat(vault.renewalsAsked).isZero();
    time.advance(Duration.ofMinutes(1));
    beat();
    beat();

    assertThat(vault.renewalsAsked).isEqualTo(1);
    assertThat(vault.loginsAsked).isEqualTo(1);
  }

  @Test
  void callsGoOnWithTheOldTokenWhileItIsRenewed() {
    VaultLease lease = loggedIn("t1", HOUR);
    time.advance(Duration.ofMinutes(40));
    beat();

    await(session.login()).assertCompleted().assertItem(new Login.Granted(lease));
  }

  @Test
  void aRenewedTokenLivesFromItsRenewal() {
    VaultLease lease = loggedIn("t1", HOUR);
    time.advance(Duration.ofMinutes(40));
    beat();
    vault
        .renewals
        .remove()
        .complete(new VaultReply.Answered<>(lease.renewed(time.instant(), HOUR, true)));

    time.advance(Duration.ofMinutes(39));
    beat();

    assertThat(vault.renewalsAsked).isEqualTo(1);
    assertThat(session.expiry()).contains(Instant.parse("2026-01-01T01:40:00Z"));
  }

  @Test
  void aRenewalThatIsCutAtTheMaximumLifeIsFollowedByALoginNotByAnotherRenewal() {
    VaultLease lease = loggedIn("t1", HOUR);
    time.advance(Duration.ofMinutes(40));
    beat();
    vault
        .renewals
        .remove()
        .complete(
            new VaultReply.Answered<>(lease.renewed(time.instant(), Duration.ofMinutes(30), true)));

    time.advance(Duration.ofMinutes(20));
    beat();

    assertThat(vault.renewalsAsked).isEqualTo(1);
    assertThat(vault.loginsAsked).isEqualTo(2);
  }

  @Test
  void aTokenThatCannotBeRenewedIsReplacedAtTwoThirdsOfItsLifeWithoutAGap() {
    await(session.login());
    VaultLease batch = VaultLease.of(Secret.of("batch"), time.instant(), HOUR, false);
    vault.logins.remove().complete(new VaultReply.Answered<>(batch));
    time.advance(Duration.ofMinutes(40));

    beat();

    assertThat(vault.loginsAsked).isEqualTo(2);
    await(session.login()).assertItem(new Login.Granted(batch));
    VaultLease next = logInSucceeds("t2", HOUR);
    await(session.login()).assertItem(new Login.Granted(next));
  }

  @Test
  void aFailedReplacementKeepsTheOldTokenUntilItsEnd() {
    await(session.login());
    VaultLease batch = VaultLease.of(Secret.of("batch"), time.instant(), HOUR, false);
    vault.logins.remove().complete(new VaultReply.Answered<>(batch));
    time.advance(Duration.ofMinutes(40));
    beat();

    logInFails(new VaultReply.Failed<>(SafeFault.UNREACHABLE));

    await(session.login()).assertItem(new Login.Granted(batch));
    time.advance(Duration.ofMinutes(20));
    await(session.login());
    assertThat(vault.loginsAsked).isEqualTo(3);
  }

  @Test
  void anOutageDuringRenewalIsRetriedAtABackOffAndNotByNewLogins() {
    loggedIn("t1", HOUR);
    time.advance(Duration.ofMinutes(40));
    beat();
    vault.renewals.remove().complete(new VaultReply.Failed<>(SafeFault.UNREACHABLE));

    beat();
    time.advance(Duration.ofMillis(900));
    beat();
    assertThat(vault.renewalsAsked).isEqualTo(1);
    time.advance(Duration.ofMillis(100));
    beat();

    assertThat(vault.renewalsAsked).isEqualTo(2);
    assertThat(vault.loginsAsked).isEqualTo(1);
  }

  @Test
  void aTokenThatVaultStillKnowsIsKeptWhenThePolicyDeniesACall() {
    VaultLease lease = loggedIn("t1", HOUR);

    UniAssertSubscriber<Login> caller = await(session.doubt(lease));
    vault.lookUps.remove().complete(new VaultReply.Answered<>(lease));

    caller.assertCompleted().assertItem(REFUSED);
    await(session.login()).assertItem(new Login.Granted(lease));
    assertThat(vault.loginsAsked).isEqualTo(1);
  }

  @Test
  void aRevokedTokenMetByManyCallersIsReplacedByOneLogin() {
    VaultLease revoked = loggedIn("t1", HOUR);
    time.advance(Duration.ofMinutes(5));

    List<UniAssertSubscriber<Login>> callers =
        IntStream.range(0, 50).mapToObj(caller -> await(session.doubt(revoked))).toList();
    vault.lookUps.remove().complete(new VaultReply.Denied<>());
    VaultLease next = logInSucceeds("t2", HOUR);

    assertThat(vault.lookUpsAsked).isEqualTo(1);
    assertThat(vault.loginsAsked).isEqualTo(2);
    assertThat(callers)
        .allSatisfy(caller -> caller.assertCompleted().assertItem(new Login.Granted(next)));
  }

  @Test
  void aCallerThatWasDeniedWithAnOlderTokenGetsTheNewOneWithoutALogin() {
    VaultLease revoked = loggedIn("t1", HOUR);
    await(session.doubt(revoked));
    vault.lookUps.remove().complete(new VaultReply.Denied<>());
    VaultLease next = logInSucceeds("t2", HOUR);

    await(session.doubt(revoked)).assertCompleted().assertItem(new Login.Granted(next));

    assertThat(vault.lookUpsAsked).isEqualTo(1);
    assertThat(vault.loginsAsked).isEqualTo(2);
  }

  @Test
  void tokensThatAreDeniedRightAfterTheirLoginsDoNotBecomeALoginStorm() {
    loggedIn("t1", HOUR);

    for (int call = 0; call < 1000; call++) {
      UniAssertSubscriber<Login> caller = await(session.login());
      vault.logins.forEach(
          login -> login.complete(new VaultReply.Answered<>(lease("again", HOUR))));
      vault.logins.clear();
      if (caller.getItem() instanceof Login.Granted(VaultLease granted)) {
        await(session.doubt(granted));
        vault.lookUps.remove().complete(new VaultReply.Denied<>());
      }
    }

    assertThat(vault.loginsAsked).isEqualTo(2);
  }

  @Test
  void anUnansweredLookUpNeitherDropsTheTokenNorLogsIn() {
    VaultLease lease = loggedIn("t1", HOUR);

    UniAssertSubscriber<Login> caller = await(session.doubt(lease));
    vault.lookUps.remove().complete(new VaultReply.Failed<>(SafeFault.NOT_SERVING));

    caller.assertItem(new Login.Refused(SafeFault.NOT_SERVING));
    await(session.login()).assertItem(new Login.Granted(lease));
  }

  @Test
  void aTokenWithoutAnEndIsLeftAlone() {
    loggedIn("root", Duration.ZERO);

    time.advance(Duration.ofDays(3650));
    beat();

    assertThat(session.expiry()).isEmpty();
    assertThat(vault.renewalsAsked).isZero();
    assertThat(vault.loginsAsked).isEqualTo(1);
  }

  private long secondsUntilNextTryAfter(VaultReply<VaultLease> failure) {
    await(session.login());
    logInFails(failure);
    int asked = vault.loginsAsked;
    long seconds = 0;
    while (vault.loginsAsked == asked) {
      time.advance(Duration.ofSeconds(1));
      seconds++;
      beat();
    }
    return seconds;
  }

  private VaultLease loggedIn(String token, Duration life) {
    await(session.login());
    return logInSucceeds(token, life);
  }

  private VaultLease logInSucceeds(String token, Duration life) {
    VaultLease lease = lease(token, life);
    vault.logins.remove().complete(new VaultReply.Answered<>(lease));
    return lease;
  }

  private void logInFails(VaultReply<VaultLease> reply) {
    vault.logins.remove().complete(reply);
  }

  private VaultLease lease(String token, Duration life) {
    return VaultLease.of(Secret.of(token), time.instant(), life, true);
  }

  private void beat() {
    await(session.beat());
  }

  private static <T> UniAssertSubscriber<T> await(Uni<T> uni) {
    return uni.subscribe().withSubscriber(UniAssertSubscriber.create());
  }
}
