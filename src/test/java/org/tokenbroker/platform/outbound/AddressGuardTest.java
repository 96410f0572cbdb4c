package org.tokenbroker.platform.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.platform.outbound.AddressGuard.Answer;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AddressGuardTest {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private Vertx vertx = Vertx.vertx();

  @BeforeAll
  void start() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  void stop() {
    vertx.close();
  }

  @Test
  @Requirement("C24")
  void aNameIsRefusedWhereOneOfItsAddressesIsOutOfReach() {
    AddressGuard guard =
        GivenNames.guard(
            AddressRules.publicOnly(),
            vertx,
            Map.of(
                "public.example", List.of("1.1.1.1", "2606:4700::1111"),
                "mixed.example", List.of("1.1.1.1", "10.0.0.1"),
                "private.example", List.of("fd00::1")));

    assertThat(ask(guard, "public.example")).isEqualTo(Answer.ALLOWED);
    assertThat(ask(guard, "mixed.example")).isEqualTo(Answer.REFUSED);
    assertThat(ask(guard, "private.example")).isEqualTo(Answer.REFUSED);
    assertThat(ask(guard, "unknown.example")).isEqualTo(Answer.UNRESOLVED);
  }

  @Test
  @Requirement("C24")
  void anAddressIsJudgedAsItStands() {
    AddressGuard guard = GivenNames.guard(AddressRules.publicOnly(), vertx, Map.of());

    assertThat(ask(guard, "1.1.1.1")).isEqualTo(Answer.ALLOWED);
    assertThat(ask(guard, "[2606:4700::1111]")).isEqualTo(Answer.ALLOWED);
    assertThat(ask(guard, "2606:4700::1111")).isEqualTo(Answer.ALLOWED);
    assertThat(ask(guard, "169.254.169.254")).isEqualTo(Answer.REFUSED);
    assertThat(ask(guard, "[::ffff:169.254.169.254]")).isEqualTo(Answer.REFUSED);
    assertThat(ask(guard, "2130706433")).isEqualTo(Answer.REFUSED);
  }

  @Test
  @Requirement("C24")
  void theMachinesOwnNameServiceIsAsked() {
    AddressGuard none = new AddressGuard(AddressRules.publicOnly(), vertx);
    AddressGuard loopback =
        new AddressGuard(AddressRules.allowing(List.of("127.0.0.0/8", "::1/128")), vertx);

    assertThat(ask(none, "localhost")).isEqualTo(Answer.REFUSED);
    assertThat(ask(loopback, "localhost")).isEqualTo(Answer.ALLOWED);
    assertThat(ask(none, "no-such-host.invalid")).isEqualTo(Answer.UNRESOLVED);
  }

  private static Answer ask(AddressGuard guard, String host) {
    return Uni.createFrom()
        .completionStage(guard.ask(host).toCompletionStage())
        .await()
        .atMost(PATIENCE);
  }
}
