package org.tokenbroker.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code mvnw} on machines that are made up: their {@code PATH} holds a few tools of this machine,
 * and whatever Java and Maven the scene wants.
 */
class MvnwTest {
  /** What POSIX and the script need; everything else is the scene's. */
  private static final List<String> TOOLS =
      List.of("sh", "sed", "awk", "dirname", "cat", "mktemp", "mkdir", "rm", "cut", "tar", "mv");

  @TempDir private Path machine;
  private Path path;
  private Path home;

  @BeforeEach
  void makeTheMachine() throws IOException {
    path = Files.createDirectory(machine.resolve("bin"));
    home = Files.createDirectory(machine.resolve("home"));
    for (String tool : TOOLS) {
      Files.createSymbolicLink(path.resolve(tool), installed(tool));
    }
    maven("3.9.9");
  }

  @Test
  void theJdkOfJavaHomeIsUsedWhereItFits() throws IOException, InterruptedException {
    defaultJava(17);
    Path newer = jdk(machine.resolve("chosen"), 25);

    assertThat(run(Map.of("JAVA_HOME", newer.toString())).output())
        .isEqualTo("maven with " + newer + ": -B verify");
  }

  @Test
  void anOldJavaHomeGivesWayToTheJavaOnThePath() throws IOException, InterruptedException {
    Path old = jdk(machine.resolve("old"), 17);
    Path onPath = defaultJava(21);

    assertThat(run(Map.of("JAVA_HOME", old.toString())).output())
        .isEqualTo("maven with " + onPath + ": -B verify");
  }

  @Test
  void anOldDefaultJavaGivesWayToTheNewestJdkInAUsualFolder()
      throws IOException, InterruptedException {
    defaultJava(17);
    jdk(home.resolve(".jdks/jdk-98"), 98);
    Path newest = jdk(home.resolve(".jdks/jdk-99"), 99);
    jdk(home.resolve(".sdkman/candidates/java/97"), 97);

    assertThat(run(Map.of()).output()).isEqualTo("maven with " + newest + ": -B verify");
  }

  @Test
  void aRuntimeWithoutCompilerIsNoJdk() throws IOException, InterruptedException {
    Path runtime = jdk(machine.resolve("runtime"), 25);
    Files.delete(runtime.resolve("bin/javac"));
    Path newest = jdk(home.resolve(".jdks/jdk-99"), 99);

    assertThat(run(Map.of("JAVA_HOME", runtime.toString())).output())
        .isEqualTo("maven with " + newest + ": -B verify");
  }

  @Test
  void withoutAFittingJdkItSaysWhichOneToInstall() throws IOException, InterruptedException {
    defaultJava(17);

    Run run = run(project("JDK_MINIMUM=21", "JDK_MINIMUM=9999"), Map.of());

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.output()).isEmpty();
    assertThat(run.errors())
        .contains("No JDK 9999 or later found")
        .contains("Install JDK 25")
        .contains("JAVA_HOME");
  }

  @Test
  void aMavenThatIsTooOldIsNotUsed() throws IOException, InterruptedException {
    jdk(home.resolve(".jdks/jdk-99"), 99);
    maven("3.6.3");

    Run run = run(Map.of());

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.output()).isEmpty();
    assertThat(run.errors()).contains("no Maven 3.8.6 or later is installed", "curl", "wget");
  }

  @Test
  void aDownloadedMavenMustBeTheOneThatWasExpected() throws IOException, InterruptedException {
    jdk(home.resolve(".jdks/jdk-99"), 99);
    Files.delete(path.resolve("mvn"));
    script(
        path.resolve("curl"),
        "while [ $# -gt 1 ]; do [ \"$1\" = --output ] && out=$2; shift; done; echo no >\"$out\"");
    Files.createSymbolicLink(path.resolve("sha512sum"), installed("sha512sum"));

    Run run = run(Map.of());

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.errors()).contains("SHA-512", "It was not unpacked.");
    try (var left = Files.walk(home.resolve(".m2"))) {
      assertThat(left.filter(Files::isRegularFile)).isEmpty();
    }
  }

  private record Run(int status, String output, String errors) {}

  private Run run(Map<String, String> environment) throws IOException, InterruptedException {
    return run(Path.of("").toAbsolutePath(), environment);
  }

  private Run run(Path project, Map<String, String> environment)
      throws IOException, InterruptedException {
    Path output = machine.resolve("output");
    Path errors = machine.resolve("errors");
    ProcessBuilder process =
        new ProcessBuilder(path.resolve("sh").toString(), project + "/mvnw", "-B", "verify")
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile());
    process.environment().clear();
    process
        .environment()
        .putAll(
            new TreeMap<>(
                Map.of("PATH", path.toString(), "HOME", home.toString(), "TMPDIR", "" + machine)));
    process.environment().putAll(environment);
    Process started = process.start();
    assertThat(started.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Run(
        started.exitValue(), Files.readString(output).strip(), Files.readString(errors).strip());
  }

  /** The scripts of this project with one line changed. */
  private Path project(String line, String other) throws IOException {
    Path copy = machine.resolve("project");
    Files.createDirectories(copy.resolve(".mvn"));
    Files.copy(Path.of("mvnw"), copy.resolve("mvnw"));
    String jdk = Files.readString(Path.of(".mvn", "jdk.sh"));
    assertThat(jdk).contains(line);
    Files.writeString(copy.resolve(".mvn/jdk.sh"), jdk.replace(line, other));
    return copy;
  }

  private Path defaultJava(int release) throws IOException {
    Path jdk = jdk(machine.resolve("default-" + release), release);
    Files.createSymbolicLink(path.resolve("java"), jdk.resolve("bin/java"));
    return jdk;
  }

  private static Path jdk(Path folder, int release) throws IOException {
    Files.createDirectories(folder.resolve("bin"));
    Files.writeString(folder.resolve("release"), "JAVA_VERSION=\"" + release + ".0.1\"\n");
    script(folder.resolve("bin/java"), "echo \"    java.home = " + folder + "\" >&2");
    script(folder.resolve("bin/javac"), "echo \"javac " + release + "\"");
    return folder;
  }

  private void maven(String version) throws IOException {
    Files.deleteIfExists(path.resolve("mvn"));
    script(
        path.resolve("mvn"),
        "if [ \"$1\" = --version ]; then echo 'Apache Maven "
            + version
            + " (x)'; else echo \"maven with $JAVA_HOME: $*\"; fi");
  }

  private static void script(Path file, String body) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static Path installed(String tool) {
    return List.of("/bin", "/usr/bin").stream()
        .map(folder -> Path.of(folder, tool))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new AssertionError("this machine has no " + tool));
  }
}
