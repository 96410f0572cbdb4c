package org.tokenbroker.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tokenbroker.fixture.Requirement;

class ClientCredentialsStoryIT {
  private final World world = World.shared();
  private final Operator operator = world.operator();
  private final Provider brief = world.brief();

  @ParameterizedTest
  @EnumSource(Proof.class)
  @Requirement({"IV-3", "MK-5"})
  void aMachineConnectionIsUsableAtOnceAndRenewedWithoutRefreshToken(Proof proof) {
    String name = "machine-" + proof.name().toLowerCase(Locale.ROOT).replace('_', '-');
    operator.registers(name, brief, proof);
    operator.connectsMachine(name, "machine-tenant", name);
    Consumer consumer = operator.allows(name + "-pod", name);

    ServedToken first = consumer.waitsForGeneration(name, 1);

    assertThat(brief.server().accepts(first.value())).isTrue();
    assertThat(operator.stateOf(name)).isEqualTo("active");

    operator.waitsForGeneration(name, first.generation() + 1);

    ServedToken second = consumer.fetches(name);
    assertThat(second.generation()).isGreaterThan(first.generation());
    assertThat(second.value()).isNotEqualTo(first.value());
    assertThat(brief.server().accepts(second.value())).isTrue();
    operator.deletes(name);
  }
}
