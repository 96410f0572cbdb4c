package org.tokenbroker.sandbox;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Properties;

/**
 * The demonstration's two clients at the sandbox authorization server; their secrets are made at
 * the first run and kept.
 *
 * @param redirectUri where the consent client's codes go
 */
record DemoClients(String machineSecret, String appSecret, String redirectUri) {
  static final String APP_REGISTRATION = "demo-app";
  private static final String FILE = "clients.properties";

  static DemoClients in(Path folder, int consentPort) {
    Properties kept = read(folder.resolve(FILE));
    return new DemoClients(
        kept.getProperty("machine"),
        kept.getProperty("app"),
        "http://localhost:" + consentPort + "/callback/" + APP_REGISTRATION);
  }

  String machineId() {
    return "demo-machine-client";
  }

  String appId() {
    return "demo-app-client";
  }

  /** Masks the secrets. */
  @Override
  public String toString() {
    return "DemoClients[***]";
  }

  private static Properties read(Path file) {
    try {
      if (!Files.exists(file)) {
        write(file);
      }
      Properties kept = new Properties();
      try (Reader reader = Files.newBufferedReader(file)) {
        kept.load(reader);
      }
      return kept;
    } catch (IOException unreadable) {
      throw new UncheckedIOException("the sandbox clients cannot be kept in " + file, unreadable);
    }
  }

  private static void write(Path file) throws IOException {
    SecureRandom random = new SecureRandom();
    Properties made = new Properties();
    made.setProperty("machine", secret(random));
    made.setProperty("app", secret(random));
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (Writer writer = Files.newBufferedWriter(file)) {
      made.store(writer, "Client secrets of the sandbox");
    }
  }

  private static String secret(SecureRandom random) {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
