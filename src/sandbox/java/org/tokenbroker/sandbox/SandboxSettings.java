package org.tokenbroker.sandbox;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the sandbox keeps its data and which ports it takes on 127.0.0.1. Run as a program it
 * checks them, so that a busy port is named before anything is built or started; it therefore uses
 * nothing but the JDK.
 *
 * @param folder everything that outlives a run
 */
public record SandboxSettings(
    Path folder,
    int tokenPort,
    int consentPort,
    int managementPort,
    int providerPort,
    int postgresPort) {
  private static final String PREFIX = "TOKEN_BROKER_SANDBOX_";
  private static final String FOLDER = PREFIX + "DIR";
  private static final int REFUSED = 1;

  /** The ports by the variable that changes each. */
  private enum Port {
    TOKEN(8443, "tokens and management, over mTLS"),
    CONSENT(8080, "browsers"),
    MANAGEMENT(9000, "health and metrics"),
    PROVIDER(8180, "the sandbox authorization server"),
    POSTGRES(8432, "PostgreSQL");

    private final int usual;
    private final String use;

    Port(int usual, String use) {
      this.usual = usual;
      this.use = use;
    }

    String variable() {
      return PREFIX + name() + "_PORT";
    }
  }

  /**
   * Prints each problem on a line of standard error and ends with 1, or prints nothing and ends
   * with 0.
   */
  public static void main(String... args) {
    List<String> problems = problems(System.getenv());
    problems.forEach(problem -> System.err.println("token-broker sandbox: " + problem));
    if (!problems.isEmpty()) {
      System.exit(REFUSED);
    }
  }

  /**
   * @param environment must have been checked by {@link #problems}
   */
  public static SandboxSettings of(Map<String, String> environment) {
    return new SandboxSettings(
        folder(environment),
        port(environment, Port.TOKEN),
        port(environment, Port.CONSENT),
        port(environment, Port.MANAGEMENT),
        port(environment, Port.PROVIDER),
        port(environment, Port.POSTGRES));
  }

  String tokenUrl() {
    return "https://localhost:" + tokenPort;
  }

  String consentUrl() {
    return "http://localhost:" + consentPort;
  }

  String managementUrl() {
    return "http://localhost:" + managementPort;
  }

  /** All that keeps the sandbox from starting; each names the variable that mends it. */
  static List<String> problems(Map<String, String> environment) {
    List<String> problems = new ArrayList<>();
    Map<Integer, Port> taken = new LinkedHashMap<>();
    for (Port port : Port.values()) {
      checkPort(environment, port, taken, problems);
    }
    checkFolder(folder(environment), problems);
    return problems;
  }

  private static void checkPort(
      Map<String, String> environment, Port port, Map<Integer, Port> taken, List<String> problems) {
    String text = environment.getOrDefault(port.variable(), Integer.toString(port.usual));
    if (!text.matches("[1-9][0-9]{0,4}") || Integer.parseInt(text) > 65535) {
      problems.add(port.variable() + " must be a port number from 1 to 65535");
      return;
    }
    int number = Integer.parseInt(text);
    Port other = taken.putIfAbsent(number, port);
    if (other != null) {
      problems.add(
          "port "
              + number
              + " is wanted twice; set "
              + port.variable()
              + " or "
              + other.variable()
              + " to another one");
    } else if (isBusy(number)) {
      problems.add(
          "port "
              + number
              + " ("
              + port.use
              + ") is busy; set "
              + port.variable()
              + " to a free one");
    }
  }

  private static boolean isBusy(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return false;
    } catch (IOException busy) {
      return true;
    }
  }

  private static void checkFolder(Path folder, List<String> problems) {
    try {
      Files.createDirectories(folder);
      Files.delete(Files.createTempFile(folder, "writable", ".tmp"));
    } catch (IOException unwritable) {
      problems.add("folder " + folder + " cannot be written; set " + FOLDER + " to one that can");
    }
  }

  private static Path folder(Map<String, String> environment) {
    return Path.of(environment.getOrDefault(FOLDER, ".sandbox")).toAbsolutePath().normalize();
  }

  private static int port(Map<String, String> environment, Port port) {
    return Integer.parseInt(
        environment.getOrDefault(port.variable(), Integer.toString(port.usual)));
  }
}
