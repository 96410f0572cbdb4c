package org.tokenbroker.safe.vault;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.OpenBao;
import org.tokenbroker.fixture.OpenBaoAdmin;
import org.tokenbroker.safe.SafeDocument;
import org.tokenbroker.safe.SafePath;
import org.tokenbroker.safe.SafeVersion;

/** Everything that can be logged is logged, and none of it is secret. */
class VaultSecrecyTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String MARKER = "planted-refresh-token-5a7c";

  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final Logger root = Logger.getLogger("org.tokenbroker");
  private final Logger client = Logger.getLogger("io.quarkus.vault");
  private final Handler collector = new Collector();

  @BeforeEach
  void listen() {
    for (Logger logger : List.of(root, client)) {
      logger.setLevel(Level.ALL);
      logger.addHandler(collector);
    }
  }

  @AfterEach
  void stopListening() {
    for (Logger logger : List.of(root, client)) {
      logger.removeHandler(collector);
      logger.setLevel(null);
    }
  }

  @Test
  void noValueTokenOrLoginSecretIsInAnyLogLineOutcomeOrMetric() {
    try (OpenBao bao = OpenBao.server()) {
      bao.admin().kv("secret");
      bao.admin().policy(BrokerPolicy.NAME, BrokerPolicy.RULES);
      OpenBaoAdmin.AppRole role =
          bao.admin()
              .appRole("secrecy", BrokerPolicy.NAME, Duration.ofHours(1), Duration.ofHours(2));
      String wrong = "planted-secret-id-93be";
      try (VaultConnection vault = connect(bao, role);
          VaultConnection refused = connect(bao, new OpenBaoAdmin.AppRole(role.roleId(), wrong))) {
        driveThroughSuccessAndFailure(bao, vault);
        outcome(refused.safe.read(new SafePath("secrecy/refused")));

        assertThat(lines)
            .anyMatch(line -> line.contains("Login at Vault failed"))
            .as("debug lines of the client")
            .anyMatch(line -> line.contains("created new login token"));
        String everything =
            String.join("\n", lines)
                + vault.metrics.getMetersAsString()
                + refused.metrics.getMetersAsString();
        assertThat(everything)
            .doesNotContain(MARKER, role.secretId(), wrong)
            .doesNotContainPattern("\\b(hv)?[sb]\\.[A-Za-z0-9]{20,}");
      }
    }
  }

  private void driveThroughSuccessAndFailure(OpenBao bao, VaultConnection vault) {
    SafePath path = new SafePath("secrecy/marker");
    SafeDocument document = new SafeDocument(Map.of("refresh_token", MARKER));
    outcome(vault.safe.write(path, document, SafeVersion.ABSENT));
    outcome(vault.safe.write(path, document, SafeVersion.ABSENT));
    outcome(vault.safe.read(path));
    bao.admin().revokeLogins("approle");
    outcome(vault.safe.read(path));
    bao.seal();
    outcome(vault.safe.write(path, document, new SafeVersion(1)));
    bao.stop();
    outcome(vault.safe.write(path, document, new SafeVersion(1)));
  }

  private void outcome(Uni<?> call) {
    lines.add(String.valueOf((Object) call.await().atMost(PATIENCE)));
  }

  private static VaultConnection connect(OpenBao bao, OpenBaoAdmin.AppRole role) {
    return new VaultConnection(
        bao.address(),
        Map.of(
            "quarkus.vault.authentication.app-role.role-id", role.roleId(),
            "quarkus.vault.authentication.app-role.secret-id", role.secretId()),
        Clock.systemUTC());
  }

  private final class Collector extends Handler {
    private final SimpleFormatter formatter = new SimpleFormatter();

    @Override
    public void publish(LogRecord logged) {
      lines.add(formatter.format(logged));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
