package org.tokenbroker.safe.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tokenbroker.fixture.OpenBao;
import org.tokenbroker.fixture.OpenBaoAdmin.VersionState;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.safe.SafeDocument;
import org.tokenbroker.safe.SafeFault;
import org.tokenbroker.safe.SafeHealth;
import org.tokenbroker.safe.SafePath;
import org.tokenbroker.safe.SafeRead;
import org.tokenbroker.safe.SafeState;
import org.tokenbroker.safe.SafeVersion;
import org.tokenbroker.safe.SafeWrite;
import org.tokenbroker.safe.SecretSafe;
import org.tokenbroker.safe.SecretSafeContract;

@Requirement("K-2")
class VaultSecretSafeTest extends SecretSafeContract {
  private static final SafeDocument DOCUMENT = new SafeDocument(Map.of("refresh_token", "r"));

  private static OpenBao bao;
  private static VaultConnection vault;

  @BeforeAll
  static void start() {
    bao = OpenBao.server();
    bao.admin().kv("secret");
    // As a mount is by default: what the broker needs of its documents it sets itself.
    bao.admin()
        .call(
            "POST",
            "secret/config",
            new JsonObject().put("cas_required", false).put("max_versions", 0));
    bao.admin().policy(BrokerPolicy.NAME, BrokerPolicy.RULES);
    vault = connect(Map.of());
  }

  @AfterAll
  static void stop() {
    vault.close();
    bao.close();
  }

  @Override
  protected SecretSafe safe() {
    return vault.safe;
  }

  @Override
  protected SafeHealth health() {
    return vault.safe;
  }

  @Override
  protected long readableVersions(SafePath path) {
    return bao.admin().versions("secret", stored(path)).values().stream()
        .filter(VersionState.LIVE::equals)
        .count();
  }

  @Override
  protected void takeDown() {
    bao.stop();
  }

  @Override
  protected void bringBack() {
    bao.restart();
  }

  @Test
  void aNewDocumentKeepsThreeVersionsAndRefusesBlindWrites() {
    SafePath path = new SafePath("vault/versions");
    SafeVersion version = SafeVersion.ABSENT;
    for (int write = 0; write < 5; write++) {
      version = ((SafeWrite.Written) get(safe().write(path, DOCUMENT, version))).version();
    }

    assertThat(bao.admin().versions("secret", stored(path))).containsOnlyKeys(3, 4, 5);
    assertThatThrownBy(
            () ->
                bao.admin()
                    .call(
                        "POST",
                        "secret/data/" + stored(path),
                        new JsonObject().put("data", new JsonObject())))
        .hasMessageContaining("400");
  }

  @Test
  void aDocumentThatAnOperatorDeletedIsAbsentAndCanBeWrittenFromItsVersion() {
    SafePath path = new SafePath("vault/deleted");
    get(safe().write(path, DOCUMENT, SafeVersion.ABSENT));
    bao.admin().call("DELETE", "secret/data/" + stored(path), null);

    SafeVersion newest = new SafeVersion(1);
    assertThat(get(safe().read(path))).isEqualTo(new SafeRead.Absent(newest));
    assertThat(get(safe().write(path, DOCUMENT, newest)))
        .isEqualTo(new SafeWrite.Written(new SafeVersion(2)));
  }

  @Test
  void aDocumentOfForeignShapeIsCorruptNotAbsent() {
    SafePath path = new SafePath("vault/foreign");
    bao.admin().write("secret", stored(path), 0, new JsonObject().put("number", 1));

    assertThat(get(safe().read(path))).isEqualTo(new SafeRead.Unavailable(SafeFault.CORRUPT));
  }

  @Test
  void aSealedVaultIsNotServing() {
    SafePath path = new SafePath("vault/sealed");
    bao.seal();
    try {
      assertThat(get(safe().read(path))).isEqualTo(new SafeRead.Unavailable(SafeFault.NOT_SERVING));
      assertThat(get(safe().write(path, DOCUMENT, new SafeVersion(1))))
          .isEqualTo(new SafeWrite.Unavailable(SafeFault.NOT_SERVING));
      assertThat(get(health().probe())).isEqualTo(new SafeState.Unavailable(SafeFault.NOT_SERVING));
      assertThat(vault.metrics.get(VaultMetrics.WRITABLE).gauge().value()).isZero();
    } finally {
      bao.unseal();
    }
    assertThat(get(health().probe())).isEqualTo(new SafeState.Writable());
    assertThat(vault.metrics.get(VaultMetrics.WRITABLE).gauge().value()).isEqualTo(1);
  }

  @Test
  void aVaultThatHangsIsUnreachableWhenTheTimeIsUp() {
    try (VaultConnection impatient =
        connect(Map.of("token-broker.safe.request-timeout", "300ms"))) {
      get(impatient.safe.probe());
      bao.freeze();
      try {
        assertThat(get(impatient.safe.read(new SafePath("vault/frozen"))))
            .isEqualTo(new SafeRead.Unavailable(SafeFault.UNREACHABLE));
      } finally {
        bao.thaw();
      }
    }
  }

  @Test
  void aVaultThatIsNotThereIsUnreachable() {
    bao.stop();
    try {
      assertThat(get(safe().read(new SafePath("vault/gone"))))
          .isEqualTo(new SafeRead.Unavailable(SafeFault.UNREACHABLE));
    } finally {
      bao.restart();
    }
  }

  @Test
  void aMissingSecretsEngineIsForbiddenNotAbsent() {
    try (VaultConnection lost =
        new VaultConnection(
            bao.address(),
            with(
                VaultConnection.withToken(bao.rootToken()),
                Map.of("token-broker.safe.mount", "nowhere")),
            Clock.systemUTC())) {
      assertThat(get(lost.safe.read(new SafePath("vault/lost"))))
          .isEqualTo(new SafeRead.Unavailable(SafeFault.FORBIDDEN));
      assertThat(get(lost.safe.write(new SafePath("vault/lost"), DOCUMENT, SafeVersion.ABSENT)))
          .isEqualTo(new SafeWrite.Unavailable(SafeFault.FORBIDDEN));
    }
  }

  @Test
  void whatThePolicyDeniesIsForbiddenAndCausesNoLogin() {
    try (VaultConnection elsewhere =
        connect(Map.of("token-broker.safe.prefix", "another-broker"))) {
      SafePath path = new SafePath("vault/denied");
      assertThat(get(elsewhere.safe.read(path)))
          .isEqualTo(new SafeRead.Unavailable(SafeFault.FORBIDDEN));
      assertThat(get(elsewhere.safe.write(path, DOCUMENT, SafeVersion.ABSENT)))
          .isEqualTo(new SafeWrite.Unavailable(SafeFault.FORBIDDEN));
      assertThat(get(elsewhere.safe.probe()))
          .isEqualTo(new SafeState.Unavailable(SafeFault.FORBIDDEN));
      assertThat(elsewhere.sent(VaultOperation.LOGIN)).isEqualTo(1);
    }
  }

  @Test
  void requestsAreCountedByOperationAndStatus() {
    try (VaultConnection fresh = connect(Map.of())) {
      SafePath path = new SafePath("vault/counted");
      get(fresh.safe.read(path));
      get(fresh.safe.write(path, DOCUMENT, SafeVersion.ABSENT));
      get(fresh.safe.write(path, DOCUMENT, SafeVersion.ABSENT));

      assertThat(count(fresh, "read", "404")).isEqualTo(1);
      assertThat(count(fresh, "configure", "204")).isEqualTo(2);
      assertThat(count(fresh, "write", "200")).isEqualTo(1);
      assertThat(count(fresh, "write", "400")).isEqualTo(1);
      double expiry = fresh.metrics.get(VaultMetrics.TOKEN_EXPIRATION).gauge().value();
      assertThat(Instant.ofEpochSecond((long) expiry))
          .isBetween(Instant.now().plusSeconds(3500), Instant.now().plusSeconds(3601));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "token-broker.safe.mount, /secret/",
    "token-broker.safe.mount, ../secret",
    "token-broker.safe.prefix, a//b",
    "token-broker.safe.request-timeout, 10ms"
  })
  void anUnusableSettingIsNamed(String property, String value) {
    assertThatThrownBy(() -> connect(Map.of(property, value)).close())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(property);
  }

  private static double count(VaultConnection connection, String operation, String code) {
    return connection
        .metrics
        .get(VaultMetrics.REQUESTS)
        .tag("op", operation)
        .tag("code", code)
        .counter()
        .count();
  }

  private static VaultConnection connect(Map<String, String> properties) {
    String token = bao.admin().token(BrokerPolicy.NAME, Duration.ofHours(1), Duration.ofHours(2));
    return new VaultConnection(
        bao.address(), with(VaultConnection.withToken(token), properties), Clock.systemUTC());
  }

  private static Map<String, String> with(Map<String, String> some, Map<String, String> more) {
    Map<String, String> all = new HashMap<>(some);
    all.putAll(more);
    return all;
  }

  private static String stored(SafePath path) {
    return "token-broker/" + path.value();
  }
}
