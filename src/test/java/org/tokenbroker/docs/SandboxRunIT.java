package org.tokenbroker.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokenbroker.fixture.Browser;
import org.tokenbroker.fixture.Ports;

/** Command one of the README, as a newcomer runs it. */
class SandboxRunIT {
  private static final Duration BUILD_AND_START = Duration.ofMinutes(6);
  private static final Duration TWO_LIVES = Duration.ofMinutes(4);
  private static final Duration STOP = Duration.ofSeconds(60);

  /** In these words the README and the script's own lines speak; everything else is noise. */
  private static final List<String> SPOKEN =
      List.of(
          "Building the sandbox",
          "Starting PostgreSQL, the sandbox provider and the broker ...",
          "The broker is ready.",
          "curl -sS ",
          "Give consent in a browser",
          "http://localhost:",
          "Then fetch the customer's token:",
          "Health, and metrics:",
          "Data and logs are kept in ");

  @TempDir private Path folder;

  @Test
  void oneCommandShowsATokenThatIsServedAndRenewed() throws IOException, InterruptedException {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Path output = folder.resolve("output");
    Process run = start(output);
    try {
      Awaitility.await("the sandbox says that it is ready")
          .atMost(BUILD_AND_START)
          .failFast("the command ended", () -> !run.isAlive())
          .until(() -> read(output).contains("Ctrl-C stops everything."));
      List<String> lines = read(output).lines().filter(line -> !line.isBlank()).toList();
      assertThat(lines)
          .allSatisfy(line -> assertThat(SPOKEN).anyMatch(each -> line.startsWith(each)));
      List<String> curls = lines.stream().filter(line -> line.startsWith("curl ")).toList();
      assertThat(curls).hasSize(2);
      List<URI> links =
          lines.stream().filter(line -> line.startsWith("http")).map(URI::create).toList();
      assertThat(links).extracting(URI::getPath).anyMatch(path -> path.startsWith("/consent/"));
      assertThat(links).extracting(URI::getPath).contains("/q/health", "/q/metrics");

      for (URI link : links) {
        assertThat(new Browser().open(link).status()).as(link.getPath()).isEqualTo(200);
      }
      Awaitility.await("the printed command fetches a token")
          .atMost(STOP)
          .until(() -> answer(curls.getFirst(), elsewhere).containsKey("access_token"));
      JsonObject first = answer(curls.getFirst(), elsewhere);
      assertThat(first.getLong("expires_in")).isBetween(1L, 120L);
      assertThat(answer(curls.getLast(), elsewhere).getString("code"))
          .isEqualTo("consent_required");
      Awaitility.await("the printed command shows a higher generation")
          .atMost(TWO_LIVES)
          .pollInterval(Duration.ofSeconds(2))
          .until(
              () ->
                  answer(curls.getFirst(), elsewhere).getLong("generation", 0L)
                      > first.getLong("generation"));
    } finally {
      run.destroy();
      assertThat(run.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }
    assertThat(folder.resolve("data/postgresql/postmaster.pid")).doesNotExist();
    assertThat(folder.resolve("data/build.log")).exists();
  }

  private Process start(Path output) throws IOException {
    ProcessBuilder command =
        new ProcessBuilder("./src/sandbox/run")
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    command.environment().put("TOKEN_BROKER_SANDBOX_DIR", folder.resolve("data").toString());
    for (String port : List.of("TOKEN", "CONSENT", "MANAGEMENT", "PROVIDER", "POSTGRES")) {
      command
          .environment()
          .put("TOKEN_BROKER_SANDBOX_" + port + "_PORT", Integer.toString(Ports.free()));
    }
    return command.start();
  }

  private static JsonObject answer(String command, Path directory)
      throws IOException, InterruptedException {
    Process shell = new ProcessBuilder("sh", "-c", command).directory(directory.toFile()).start();
    String text = new String(shell.getInputStream().readAllBytes(), UTF_8);
    assertThat(shell.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return text.startsWith("{") ? new JsonObject(text) : new JsonObject();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException notYet) {
      return "";
    }
  }
}
