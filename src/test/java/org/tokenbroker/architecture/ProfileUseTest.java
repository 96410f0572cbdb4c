package org.tokenbroker.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.tokenbroker.provider.Profile;

/**
 * What a profile can say has an effect: a field that nobody reads is a promise that is not kept.
 */
@ArchTag("house-rule")
@AnalyzeClasses(packages = Chapters.BASE, importOptions = ImportOption.DoNotIncludeTests.class)
class ProfileUseTest {
  private static final String CATALOGUE = "org.tokenbroker.provider.catalog";

  @ArchTest
  static void everyFieldOfAProfileIsRead(JavaClasses broker) {
    List<String> unread = new ArrayList<>();
    parts()
        .forEach(
            part ->
                Arrays.stream(part.getRecordComponents())
                    .filter(field -> !isRead(broker.get(part), field))
                    .forEach(field -> unread.add(part.getSimpleName() + "." + field.getName())));

    assertThat(unread).as("fields of a profile that nobody reads").isEmpty();
  }

  private static Stream<Class<?>> parts() {
    return Stream.concat(
            Stream.of(Profile.class), Arrays.stream(Profile.class.getDeclaredClasses()))
        .filter(Class::isRecord);
  }

  /** By somebody else than the profile itself and those who make it of YAML. */
  private static boolean isRead(JavaClass part, RecordComponent field) {
    JavaMethod accessor = part.getMethod(field.getName());
    return accessor.getAccessesToSelf().stream()
        .map(use -> use.getOriginOwner())
        .anyMatch(user -> !isProfile(user) && !user.getPackageName().equals(CATALOGUE));
  }

  private static boolean isProfile(JavaClass user) {
    return user.getName().equals(Profile.class.getName())
        || user.getName().startsWith(Profile.class.getName() + "$");
  }
}
