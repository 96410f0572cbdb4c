package org.tokenbroker.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.fixture.Ports;

class SandboxSettingsTest {
  @TempDir private Path folder;

  @Test
  void freePortsAndAWritableFolderAreNoProblem() {
    Map<String, String> environment = freePorts();

    assertThat(SandboxSettings.problems(environment)).isEmpty();
    assertThat(SandboxSettings.of(environment).folder()).isEqualTo(folder);
  }

  @Test
  void everyProblemIsNamedAtOnceWithTheSettingThatMendsIt() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Map<String, String> environment = freePorts();
      environment.put("TOKEN_BROKER_SANDBOX_TOKEN_PORT", Integer.toString(taken.getLocalPort()));
      environment.put("TOKEN_BROKER_SANDBOX_POSTGRES_PORT", Integer.toString(other.getLocalPort()));
      environment.put("TOKEN_BROKER_SANDBOX_DIR", file.resolve("below").toString());

      assertThat(SandboxSettings.problems(environment))
          .containsExactly(
              "port "
                  + taken.getLocalPort()
                  + " (tokens and management, over mTLS) is busy; set"
                  + " TOKEN_BROKER_SANDBOX_TOKEN_PORT to a free one",
              "port "
                  + other.getLocalPort()
                  + " (PostgreSQL) is busy; set TOKEN_BROKER_SANDBOX_POSTGRES_PORT to a free one",
              "folder "
                  + file.resolve("below")
                  + " cannot be written; set TOKEN_BROKER_SANDBOX_DIR to one that can");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "65536", "http", "-1", "080"})
  void whatIsNoPortIsNamed(String port) {
    Map<String, String> environment = freePorts();
    environment.put("TOKEN_BROKER_SANDBOX_CONSENT_PORT", port);

    assertThat(SandboxSettings.problems(environment))
        .containsExactly("TOKEN_BROKER_SANDBOX_CONSENT_PORT must be a port number from 1 to 65535");
  }

  @Test
  void onePortForTwoIsNamed() {
    Map<String, String> environment = freePorts();
    String port = environment.getOrDefault("TOKEN_BROKER_SANDBOX_TOKEN_PORT", "");
    environment.put("TOKEN_BROKER_SANDBOX_PROVIDER_PORT", port);

    assertThat(SandboxSettings.problems(environment))
        .containsExactly(
            "port "
                + port
                + " is wanted twice; set TOKEN_BROKER_SANDBOX_PROVIDER_PORT or"
                + " TOKEN_BROKER_SANDBOX_TOKEN_PORT to another one");
  }

  private Map<String, String> freePorts() {
    Map<String, String> environment = new HashMap<>();
    environment.put("TOKEN_BROKER_SANDBOX_DIR", folder.toString());
    for (String port : new String[] {"TOKEN", "CONSENT", "MANAGEMENT", "PROVIDER", "POSTGRES"}) {
      environment.put("TOKEN_BROKER_SANDBOX_" + port + "_PORT", Integer.toString(Ports.free()));
    }
    return environment;
  }
}
