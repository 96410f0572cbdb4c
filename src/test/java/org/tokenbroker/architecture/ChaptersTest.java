package org.tokenbroker.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.util.stream.Stream;

@ArchTag("house-rule")
@AnalyzeClasses(packages = Chapters.BASE, importOptions = ImportOption.DoNotIncludeTests.class)
class ChaptersTest {

  @ArchTest
  static void aChapterUsesEarlierOnesOnly(JavaClasses broker) {
    LayeredArchitecture order = layeredArchitecture().consideringOnlyDependenciesInLayers();
    for (String chapter : Chapters.IN_ORDER) {
      order = order.layer(chapter).definedBy(Chapters.whole(chapter));
    }
    for (String chapter : Chapters.IN_ORDER) {
      String[] later = Chapters.after(chapter).toArray(String[]::new);
      order =
          later.length == 0
              ? order.whereLayer(chapter).mayNotBeAccessedByAnyLayer()
              : order.whereLayer(chapter).mayOnlyBeAccessedByLayers(later);
    }
    order
        .because("reading order is dependency order: a reader needs no later chapter")
        .check(broker);
  }

  @ArchTest
  static final ArchRule platformKnowsNoChapter =
      noClasses()
          .that()
          .resideInAPackage(Chapters.whole("platform"))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(Chapters.wholes())
          .because(
              "every chapter stands on the platform, which must not move when one of them does");

  @ArchTest
  static void theWordsNeedOnlyTheJdk(JavaClasses broker) {
    classes()
        .that()
        .resideInAPackage(Chapters.whole("token"))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "org.jspecify.annotations", Chapters.root("token"))
        .because("the words of the domain outlive every framework")
        .check(broker);
  }

  @ArchTest
  static final ArchRule rootsAreFreeOfTechnology =
      noClasses()
          .that()
          .resideInAnyPackage(Chapters.roots())
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "jakarta.ws.rs..",
              "org.jboss.resteasy..",
              "io.quarkus.rest..",
              "jakarta.persistence..",
              "org.hibernate..",
              "io.quarkus.hibernate..",
              "java.sql..",
              "javax.sql..",
              "io.quarkus.vault..",
              "io.quarkus.oidc..",
              "org.eclipse.microprofile.rest.client..",
              "io.vertx..",
              "io.netty..",
              "java.net.http..",
              "io.quarkus.qute..")
          .because("decisions are read and tested without container, database or network");

  @ArchTest
  static void rootsDoNotKnowTheirAdapters(JavaClasses broker) {
    for (String chapter : Chapters.IN_ORDER) {
      noClasses()
          .that()
          .resideInAPackage(Chapters.root(chapter))
          .should()
          .dependOnClassesThat()
          .resideInAPackage(Chapters.adapters(chapter))
          .because("an adapter hides behind a port of the root and can be exchanged")
          .check(broker);
    }
  }

  @ArchTest
  static void aChapterUsesOnlyTheRootOfAnother(JavaClasses broker) {
    for (String chapter : Chapters.IN_ORDER) {
      noClasses()
          .that()
          .resideInAnyPackage(Chapters.wholes())
          .and()
          .resideOutsideOfPackages(Chapters.whole(chapter), Chapters.BASE + ".*.store")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(Chapters.adapters(chapter))
          .because("what an adapter hides from its own chapter it hides from the others too")
          .check(broker);
    }
  }

  @ArchTest
  static final ArchRule aStoreUsesNoAdapterButStores =
      noClasses()
          .that()
          .resideInAPackage(Chapters.BASE + ".*.store")
          .should()
          .dependOnClassesThat(resideInAnyPackage(Chapters.everyAdapterBut("store")))
          .because("two stores may share a table's one mapping, and nothing else");

  @ArchTest
  static final ArchRule chaptersAreFreeOfCycles =
      slices()
          .matching(Chapters.BASE + ".(*)..")
          .should()
          .beFreeOfCycles()
          .because("two chapters that need each other are one chapter");

  @ArchTest
  static final ArchRule everyPackageIsAChapterOrThePlatform =
      classes()
          .should()
          .resideInAnyPackage(packages())
          .because(
              "the folders are the first page of the documentation; adapters are named after what they hide");

  private static String[] packages() {
    return Stream.of(
            Stream.of(Chapters.BASE, Chapters.whole("platform")),
            Chapters.IN_ORDER.stream().map(Chapters::root),
            Chapters.IN_ORDER.stream()
                .flatMap(
                    chapter ->
                        Chapters.ADAPTERS.stream()
                            .map(adapter -> Chapters.root(chapter) + "." + adapter)))
        .flatMap(names -> names)
        .toArray(String[]::new);
  }
}
