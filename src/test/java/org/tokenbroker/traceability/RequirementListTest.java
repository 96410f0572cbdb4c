package org.tokenbroker.traceability;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.tokenbroker.fixture.Requirement;

@Tag("house-rule")
class RequirementListTest {
  private static final Path DESIGN = Path.of("..", "shared", "design");
  private static final URL TEST_CLASSES =
      RequirementListTest.class.getProtectionDomain().getCodeSource().getLocation();
  private static final Path LIST = Path.of("src", "test", "resources", "requirements.txt");

  /** A checkout without the design beside it has nothing to compare with, and so no such test. */
  @TestFactory
  Stream<DynamicTest> theListEqualsTheDesign() {
    return Stream.of(DESIGN)
        .filter(Files::isDirectory)
        .map(design -> DynamicTest.dynamicTest(design.toString(), () -> compareWith(design)));
  }

  @Test
  void everyIdThatATestNamesIsInTheList() {
    JavaClasses tests = new ClassFileImporter().importUrl(TEST_CLASSES);
    assertThat(tests.stream().flatMap(RequirementListTest::claims).distinct())
        .isNotEmpty()
        .isSubsetOf(RequirementList.ofTheTests().ids());
  }

  private static void compareWith(Path design) throws IOException {
    String expected = RequirementList.ofTheDesign(design).text();
    if (Boolean.getBoolean("regenerate")) {
      Files.writeString(LIST, expected);
    }
    assertThat(Files.readString(LIST))
        .as("%s (-Dregenerate rewrites it)", LIST)
        .isEqualTo(expected);
  }

  private static Stream<String> claims(JavaClass type) {
    return Stream.concat(
            type.tryGetAnnotationOfType(Requirement.class.getName()).stream(),
            type.getMethods().stream()
                .map(method -> method.tryGetAnnotationOfType(Requirement.class.getName()))
                .flatMap(Optional::stream))
        .flatMap(RequirementListTest::ids);
  }

  private static Stream<String> ids(JavaAnnotation<?> annotation) {
    return annotation.get("value").stream()
        .flatMap(value -> Arrays.stream((Object[]) value))
        .map(String.class::cast);
  }
}
