package org.tokenbroker.traceability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.tokenbroker.fixture.Requirement;

class TraceabilityListenerTest {
  private static final String HERE = TraceabilityListenerTest.class.getName();

  @TempDir private Path target;

  @Test
  void aPassedTestProvesItsRequirements() throws IOException {
    run(Passing.class);
    assertEntry("MO-8", true, HERE + "$Passing#passes");
    assertEntry("C7", true, HERE + "$Passing#passes");
  }

  @Test
  void anIdWithoutATestStandsInTheReportAsNotPassed() throws IOException {
    run(Passing.class);
    assertEntry("K-7", false);
  }

  @Test
  void theReportNamesEveryIdOfTheList() throws IOException {
    run(Passing.class);
    assertThat(report().fieldNames())
        .toIterable()
        .containsExactlyElementsOf(RequirementList.ofTheTests().ids());
  }

  @Test
  void oneFailedInvocationFailsAParameterizedTest() throws IOException {
    run(Parameterized.class);
    assertEntry("MO-8", false, HERE + "$Parameterized#holdsForOddNumbers");
  }

  @Test
  void aSkippedTestProvesNothing() throws IOException {
    run(Skipped.class);
    assertEntry("MO-8", false, HERE + "$Skipped#isNeverRun");
  }

  @Test
  void aFailedSetUpFailsEachTestOfItsClass() throws IOException {
    run(WithoutSetUp.class);
    assertEntry("MO-8", false, HERE + "$WithoutSetUp#isNeverReached");
  }

  @Test
  void propertiesAreTestsToo() throws IOException {
    run(Properties.class);
    assertEntry("MO-8", true, HERE + "$Properties#holds");
  }

  @Test
  void theRequirementsOfAContractHoldForEachSubclass() throws IOException {
    run(OneAdapter.class);
    assertEntry("MO-8", true, HERE + "$OneAdapter#isKept");
    assertEntry("K-2", true, HERE + "$OneAdapter#isKept");
  }

  @Test
  void theRequirementsOfAClassHoldForItsNestedClasses() throws IOException {
    run(Outer.class);
    assertEntry("MO-8", true, HERE + "$Outer$Inner#passes");
  }

  @Test
  void runsOfSeveralJvmsAreMerged() throws IOException {
    run(Passing.class);
    run(Skipped.class);
    assertEntry("MO-8", false, HERE + "$Passing#passes", HERE + "$Skipped#isNeverRun");
    assertEntry("C7", true, HERE + "$Passing#passes");
  }

  @Test
  void anUnknownIdFailsTheBuildAfterTheReportIsWritten() throws IOException {
    run(Passing.class);
    Files.writeString(records().resolve("unknown.tsv"), "SomeTest#passes\ttrue\tZZ-99\n");
    Files.delete(target.resolve("traceability.json"));
    assertThatIllegalStateException()
        .isThrownBy(() -> TraceabilityReport.main(new String[] {records().toString()}))
        .withMessageContaining("ZZ-99")
        .withMessageContaining("SomeTest#passes");
    assertThat(target.resolve("traceability.json")).exists();
  }

  @Test
  void thePageForPeopleTellsResultAndStatement() throws IOException {
    run(Passing.class);
    assertThat(Files.readString(target.resolve("traceability.md")))
        .contains("Proven: 2 of " + RequirementList.ofTheTests().ids().size())
        .contains(
            "| MO-8 | "
                + RequirementList.ofTheTests().titles().get("MO-8")
                + " | `TraceabilityListenerTest$Passing#passes` | passed |")
        .contains("|  | no test yet |");
  }

  private Path records() {
    return target.resolve("traceability");
  }

  /**
   * The surrounding build's own listeners stay out: these samples prove nothing about the broker.
   */
  private void run(Class<?> samples) {
    LauncherFactory.create(
            LauncherConfig.builder()
                .enableTestExecutionListenerAutoRegistration(false)
                .enableLauncherSessionListenerAutoRegistration(false)
                .enableLauncherDiscoveryListenerAutoRegistration(false)
                .addTestExecutionListeners(new TraceabilityListener(Optional.of(records())))
                .build())
        .execute(LauncherDiscoveryRequestBuilder.request().selectors(selectClass(samples)).build());
  }

  private JsonNode report() throws IOException {
    return new ObjectMapper().readTree(target.resolve("traceability.json").toFile());
  }

  private void assertEntry(String id, boolean passed, String... tests) throws IOException {
    JsonNode entry = report().get(id);
    assertThat(entry.get("passed").booleanValue()).as("%s passed", id).isEqualTo(passed);
    assertThat(new ObjectMapper().convertValue(entry.get("tests"), String[].class))
        .isEqualTo(List.of(tests).toArray());
  }

  static class Passing {
    @Test
    @Requirement({"MO-8", "C7"})
    void passes() {}
  }

  static class Parameterized {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    @Requirement("MO-8")
    void holdsForOddNumbers(int number) {
      assertThat(number).isOdd();
    }
  }

  static class Skipped {
    @Test
    @Disabled("a sample of a test that is not run")
    @Requirement("MO-8")
    void isNeverRun() {}
  }

  @Requirement("MO-8")
  static class WithoutSetUp {
    @BeforeAll
    static void breaks() {
      fail("a sample of a broken set-up");
    }

    @Test
    void isNeverReached() {}
  }

  static class Properties {
    @Property(tries = 5)
    @Requirement("MO-8")
    boolean holds(@ForAll int number) {
      return number == -(-number);
    }
  }

  @Requirement("K-2")
  abstract static class Contract {
    @Test
    @Requirement("MO-8")
    void isKept() {}
  }

  static class OneAdapter extends Contract {}

  @Requirement("MO-8")
  static class Outer {
    @Nested
    class Inner {
      @Test
      void passes() {}
    }
  }
}
