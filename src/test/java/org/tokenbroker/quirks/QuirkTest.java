package org.tokenbroker.quirks;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of quirks is whole, and points at tests that there are. */
class QuirkTest {
  private static final int LAST = 49;

  @Test
  void everyQuirkThatDataCanSayHasItsRow() {
    assertThat(Quirk.TABLE.stream().map(Quirk::number))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, LAST).boxed().toList());
  }

  @Test
  void everyQuirkIsProven() {
    assertThat(Quirk.TABLE).noneMatch(quirk -> quirk.proofs().isEmpty());
  }

  @ParameterizedTest
  @MethodSource
  void everyProofIsATest(String proof) throws ClassNotFoundException {
    String[] parts = proof.split("#");
    Class<?> home = Class.forName("org.tokenbroker." + parts[0], false, loader());

    assertThat(home.getDeclaredMethods())
        .filteredOn(method -> method.getName().equals(parts[1]))
        .singleElement()
        .matches(QuirkTest::isTest, "is a test");
  }

  static Stream<String> everyProofIsATest() {
    return Quirk.allProofs();
  }

  private static boolean isTest(Method method) {
    return Stream.of(Test.class, ParameterizedTest.class, Property.class, Example.class)
        .anyMatch(method::isAnnotationPresent);
  }

  private static ClassLoader loader() {
    return QuirkTest.class.getClassLoader();
  }
}
