package org.tokenbroker.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.fixture.Requirement;

/** Reads {@code Dockerfile.native}; no container engine is at hand to build it. */
class NativeImageFileTest {
  private static final Path FILE = Path.of("Dockerfile.native");

  private final List<List<Instruction>> stages = stages();

  @Test
  @Requirement("K-6")
  void oneStageBuildsAndOneRuns() {
    assertThat(stages).hasSize(2);
    assertThat(runtime())
        .contains(new Instruction("ENTRYPOINT", "[\"/opt/token-broker/token-broker\"]"));
    assertThat(build())
        .anyMatch(
            step ->
                step.name().equals("RUN")
                    && step.arguments().startsWith("./mvnw")
                    && step.arguments().contains("-Dnative")
                    && step.arguments().endsWith(" package"));
  }

  @Test
  void everyStageStartsFromAPinnedImage() {
    assertThat(stages)
        .extracting(stage -> stage.getFirst().arguments().split(" ")[0])
        .allMatch(image -> image.matches("[a-z0-9./-]+:[A-Za-z0-9._-]+(@sha256:[0-9a-f]{64})?"))
        .noneMatch(image -> image.endsWith(":latest"));
  }

  @Test
  void theBuilderIsOfTheJdkThatTheProjectIsBuiltWith() {
    assertThat(build().getFirst().arguments()).contains(":jdk-25");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pom.xml", "mvnw", ".mvn", "src"})
  void whatTheBuildNeedsIsCopiedAndLeftInTheContext(String needed) throws IOException {
    assertThat(Path.of(needed)).exists();
    assertThat(build())
        .anyMatch(
            step ->
                step.name().equals("COPY")
                    && List.of(step.arguments().split(" ")).contains(needed));
    assertThat(Files.readAllLines(Path.of(".dockerignore"))).contains("!" + needed);
  }

  @Test
  void nothingButTheExecutableIsCopiedIntoTheImageThatRuns() {
    assertThat(runtime().stream().filter(step -> step.name().equals("COPY")))
        .singleElement()
        .satisfies(
            copy -> assertThat(copy.arguments()).contains("--from=build", "token-broker-*-runner"));
    assertThat(runtime()).noneMatch(step -> step.name().equals("RUN") || step.name().equals("ADD"));
  }

  @Test
  void itRunsAsTheUserOfTheChart() {
    String user =
        runtime().stream()
            .filter(step -> step.name().equals("USER"))
            .reduce((first, last) -> last)
            .orElseThrow()
            .arguments();

    assertThat(user)
        .isEqualTo(Manifests.of("minimal").pod().at("securityContext.runAsUser").text());
  }

  @Test
  void itNamesTheDoorsOfTheChart() {
    List<String> ports =
        Manifests.of("minimal").container().at("ports").each().stream()
            .map(port -> port.at("containerPort").text())
            .toList();

    assertThat(runtime()).contains(new Instruction("EXPOSE", String.join(" ", ports)));
  }

  @Test
  void settingsAreMountedWhereTheExecutableLooks() {
    assertThat(runtime()).contains(new Instruction("WORKDIR", "/opt/token-broker"));
    assertThat(
            Manifests.of("minimal")
                .container()
                .at("volumeMounts")
                .named("config")
                .at("mountPath")
                .text())
        .isEqualTo("/opt/token-broker/config");
  }

  private List<Instruction> build() {
    return stages.getFirst();
  }

  private List<Instruction> runtime() {
    return stages.getLast();
  }

  private static List<List<Instruction>> stages() {
    List<List<Instruction>> stages = new ArrayList<>();
    try (Stream<String> lines = Files.lines(FILE)) {
      lines
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> line.split(" ", 2))
          .map(parts -> new Instruction(parts[0], parts[1]))
          .forEach(
              instruction -> {
                if (instruction.name().equals("FROM")) {
                  stages.add(new ArrayList<>());
                }
                stages.getLast().add(instruction);
              });
    } catch (IOException unreadable) {
      throw new AssertionError("cannot read " + FILE, unreadable);
    }
    return stages;
  }

  private record Instruction(String name, String arguments) {}
}
