package org.tokenbroker.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ScopesProperties {
  @Property
  void readsBackWhatItWrites(@ForAll("names") Set<String> names) {
    Scopes scopes = Scopes.of(names);

    assertThat(Scopes.parse(scopes.toString())).isEqualTo(scopes);
  }

  @Property
  void coversExactlyItsSubsets(
      @ForAll("names") Set<String> one, @ForAll("names") Set<String> other) {
    assertThat(Scopes.of(one).covers(Scopes.of(other))).isEqualTo(one.containsAll(other));
    assertThat(Scopes.of(one).with(Scopes.of(other)).covers(Scopes.of(other))).isTrue();
  }

  @Example
  void orderDoesNotMatter() {
    assertThat(Scopes.parse(" b  a ")).isEqualTo(Scopes.of("a", "b")).hasToString("a b");
  }

  @Example
  void refusesCharactersOutsideTheStandardWithoutRepeatingThem() {
    assertThatThrownBy(() -> Scopes.of("quote\"marker"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("marker");
  }

  @Provide
  Arbitrary<Set<String>> names() {
    return Arbitraries.strings()
        .withCharRange('a', 'f')
        .withChars(":/._-|")
        .ofMinLength(1)
        .ofMaxLength(8)
        .set()
        .ofMaxSize(5);
  }
}
