package org.tokenbroker.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Looks into the packaged application, jar by jar. */
class ProductionJarIT {
  private static final Path PACKAGED =
      Path.of(System.getProperty("build.directory"), "quarkus-app");

  private static List<String> contents = List.of();

  @BeforeAll
  static void readEveryJar() throws IOException {
    try (Stream<Path> files = Files.walk(PACKAGED)) {
      contents =
          files
              .filter(file -> file.toString().endsWith(".jar"))
              .flatMap(ProductionJarIT::entries)
              .toList();
    }
  }

  @Test
  void theBrokerAndItsLibrariesAreThere() {
    assertThat(contents)
        .contains("org/tokenbroker/token/Secret.class")
        .anyMatch(entry -> entry.startsWith("io/quarkus/vault/"))
        .anyMatch(entry -> entry.startsWith("org/hibernate/reactive/"));
  }

  @Test
  void noSandboxOrEmbeddedCodeIsPackaged() {
    assertThat(contents)
        .noneMatch(entry -> entry.startsWith("org/tokenbroker/sandbox/"))
        .noneMatch(entry -> entry.startsWith("org/tokenbroker/safe/embedded/"));
  }

  @Test
  void noLibraryOfTheSandboxIsPackaged() {
    assertThat(contents)
        .as("Tink, embedded PostgreSQL and Bouncy Castle's PKIX belong to the sandbox")
        .noneMatch(entry -> entry.startsWith("com/google/crypto/tink/"))
        .noneMatch(entry -> entry.startsWith("io/zonky/"))
        .noneMatch(entry -> entry.contains("embedded/postgres") || entry.startsWith("postgres-"))
        .noneMatch(entry -> entry.startsWith("org/bouncycastle/openssl/"))
        .noneMatch(entry -> entry.startsWith("org/bouncycastle/cert/"));
  }

  @Test
  void noTestCodeIsPackaged() {
    assertThat(contents)
        .noneMatch(entry -> entry.startsWith("org/tokenbroker/fixture/"))
        .noneMatch(entry -> entry.startsWith("org/junit/") || entry.startsWith("net/jqwik/"));
  }

  private static Stream<String> entries(Path jar) {
    try (JarFile open = new JarFile(jar.toFile())) {
      return open.stream().map(JarEntry::getName).toList().stream();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
