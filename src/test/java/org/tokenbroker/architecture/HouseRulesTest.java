package org.tokenbroker.architecture;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.targetOwner;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.THROW_GENERIC_EXCEPTIONS;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.config.ConfigMapping;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.Future;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.NullMarked;
import org.tokenbroker.platform.SystemTime;

@ArchTag("house-rule")
@AnalyzeClasses(packages = Chapters.BASE, importOptions = ImportOption.DoNotIncludeTests.class)
class HouseRulesTest {

  @ArchTest
  static final ArchRule timeComesFromTheInjectedSource =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName(SystemTime.class.getName())
          .should()
          .callMethodWhere(readsTheClock())
          .because("a test moves time by hand; the platform's clock is the only one");

  @ArchTest
  static final ArchRule nothingBlocksAThread =
      noClasses()
          .should()
          .callMethodWhere(blocks())
          .because(
              "one blocked event loop delays every reader on it; only the shutdown may wait for what is in flight");

  @ArchTest
  static final ArchRule dependenciesComeThroughTheConstructor =
      noFields()
          .should()
          .beAnnotatedWith(Inject.class)
          .orShould()
          .beAnnotatedWith(ConfigProperty.class)
          .because(
              "a class whose fields are all set by its constructor is whole once it exists, in a test too");

  @ArchTest
  static final ArchRule staticsNeverChange =
      fields()
          .that()
          .areStatic()
          .and(are(writtenByHand()))
          .should()
          .beFinal()
          .because("static state is shared by all tests and frozen into the native image");

  @ArchTest
  static final ArchRule everyPackageIsNullMarked =
      classes()
          .should(resideInANullMarkedPackage())
          .because("outside @NullMarked, NullAway looks away");

  @ArchTest
  static final ArchRule namesSayWhatAClassIs =
      noClasses()
          .should()
          .haveNameMatching(".*(Utils?|Helper|Impl|Manager|Misc|Common)$")
          .because("such a name fits any content, so it will get any content");

  @ArchTest
  static final ArchRule settingsAreReadThroughMappings =
      classes()
          .that()
          .areAnnotatedWith(ConfigMapping.class)
          .should()
          .beInterfaces()
          .andShould(havePrefixOfTheBroker())
          .because(
              "one interface per chapter is the manual, generated into src/docs/configuration.md");

  @ArchTest
  static final ArchRule failuresHaveNames =
      noClasses()
          .should(THROW_GENERIC_EXCEPTIONS)
          .because("a caller can only tell apart what has a type");

  @ArchTest
  static final ArchRule nobodyPrints =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName(Chapters.BASE + ".Main")
          .should(ACCESS_STANDARD_STREAMS)
          .because(
              "output goes through the log, structured and free of secrets; Main refuses to start before there is one");

  @ArchTest
  static final ArchRule productionKnowsNoSandbox =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.tokenbroker.sandbox..",
              "org.tokenbroker.safe.embedded..",
              "org.tokenbroker.fixture..")
          .because("the sandbox is not in the production jar");

  private static DescribedPredicate<JavaCall<?>> readsTheClock() {
    Set<String> now =
        Set.of(
            "now",
            "systemUTC",
            "systemDefaultZone",
            "system",
            "tickMillis",
            "tickSeconds",
            "tickMinutes");
    return DescribedPredicate.describe(
        "reads the machine's clock",
        call -> {
          AccessTarget target = call.getTarget();
          JavaClass owner = target.getOwner();
          return (owner.getPackageName().startsWith("java.time") && now.contains(target.getName()))
              || (owner.isEquivalentTo(System.class)
                  && target.getName().equals("currentTimeMillis"))
              || (owner.isEquivalentTo(Clock.class) && now.contains(target.getName()))
              || (owner.isEquivalentTo(InstantSource.class) && target.getName().equals("system"));
        });
  }

  private static DescribedPredicate<JavaCall<?>> blocks() {
    DescribedPredicate<JavaCall<?>> awaits =
        targetOwner(assignableTo(Uni.class).or(assignableTo(Multi.class)))
            .and(DescribedPredicate.describe("await", call -> call.getName().equals("await")))
            .forSubtype();
    DescribedPredicate<JavaCall<?>> joins =
        targetOwner(assignableTo(Future.class))
            .and(
                DescribedPredicate.describe(
                    "get or join", call -> Set.of("get", "join").contains(call.getName())))
            .forSubtype();
    DescribedPredicate<JavaCall<?>> sleeps =
        targetOwner(assignableTo(Thread.class))
            .and(
                DescribedPredicate.describe(
                    "sleep or join", call -> Set.of("sleep", "join").contains(call.getName())))
            .forSubtype();
    DescribedPredicate<JavaCall<?>> whileServing =
        DescribedPredicate.describe(
            "while serving",
            call ->
                call.getOrigin().getRawParameterTypes().stream()
                    .noneMatch(type -> type.isEquivalentTo(ShutdownEvent.class)));
    return awaits.or(joins).or(sleeps).and(whileServing).as("blocks its thread");
  }

  /** The compiler keeps the order of an enum's constants for switches in synthetic fields. */
  private static DescribedPredicate<JavaField> writtenByHand() {
    return DescribedPredicate.describe(
        "written by hand", field -> !field.getModifiers().contains(JavaModifier.SYNTHETIC));
  }

  private static ArchCondition<JavaClass> resideInANullMarkedPackage() {
    return new ArchCondition<>("reside in a package that is @NullMarked") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
        events.add(
            new SimpleConditionEvent(
                type, marked, type.getPackageName() + " of " + type.getName()));
      }
    };
  }

  private static ArchCondition<JavaClass> havePrefixOfTheBroker() {
    return new ArchCondition<>("have a prefix that starts with token-broker") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        String prefix = type.getAnnotationOfType(ConfigMapping.class).prefix();
        boolean ours = prefix.equals("token-broker") || prefix.startsWith("token-broker.");
        events.add(
            new SimpleConditionEvent(
                type, ours, type.getName() + " has the prefix '" + prefix + "'"));
      }
    };
  }
}
