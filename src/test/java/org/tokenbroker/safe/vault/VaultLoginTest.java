package org.tokenbroker.safe.vault;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokenbroker.fixture.HandTime;
import org.tokenbroker.fixture.KubernetesStandIn;
import org.tokenbroker.fixture.OpenBao;
import org.tokenbroker.fixture.OpenBaoAdmin;
import org.tokenbroker.fixture.OpenBaoAudit;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.safe.SafeDocument;
import org.tokenbroker.safe.SafeFault;
import org.tokenbroker.safe.SafePath;
import org.tokenbroker.safe.SafeRead;
import org.tokenbroker.safe.SafeVersion;
import org.tokenbroker.safe.SafeWrite;

/** Logins against OpenBao's real auth methods; how often is told by OpenBao's audit file. */
@Requirement("K-2")
class VaultLoginTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final SafePath NOTHING = new SafePath("login/nothing");
  private static final SafeRead ABSENT = new SafeRead.Absent(SafeVersion.ABSENT);
  private static final SafeRead FORBIDDEN = new SafeRead.Unavailable(SafeFault.FORBIDDEN);

  private static OpenBao bao;
  private static OpenBaoAudit audit;

  private final HandTime time = new HandTime(Instant.now());

  @BeforeAll
  static void start() {
    bao = OpenBao.dev();
    audit = bao.admin().audit();
    bao.admin().policy(BrokerPolicy.NAME, BrokerPolicy.RULES);
  }

  @AfterAll
  static void stop() {
    bao.close();
  }

  @Test
  void anAppRoleReadsAndWrites() {
    try (VaultConnection vault = byAppRole(Duration.ofHours(1), Duration.ofHours(2))) {
      assertReadsAndWrites(vault, "app-role");
    }
  }

  @Test
  void aGivenTokenReadsAndWrites() {
    try (VaultConnection vault = byToken(Duration.ofHours(1), Duration.ofHours(2))) {
      assertReadsAndWrites(vault, "token");
    }
  }

  @Test
  void aKubernetesServiceAccountReadsAndWrites(@TempDir Path folder) throws IOException {
    try (KubernetesStandIn cluster = KubernetesStandIn.start(Clock.systemUTC());
        VaultConnection vault = byServiceAccount(cluster, projected(folder, cluster))) {
      assertReadsAndWrites(vault, "kubernetes");
    }
  }

  @Test
  void theProjectedTokenIsReadAnewAtEachLogin(@TempDir Path folder) throws IOException {
    try (KubernetesStandIn cluster = KubernetesStandIn.start(Clock.systemUTC())) {
      Path file = projected(folder, cluster);
      String old = Files.readString(file);
      try (VaultConnection vault = byServiceAccount(cluster, file)) {
        assertThat(read(vault)).isEqualTo(ABSENT);
        cluster.forget(old);
        projected(folder, cluster);
        bao.admin().revokeLogins("kubernetes");

        assertThat(read(vault)).isEqualTo(ABSENT);
        assertThat(vault.sent(VaultOperation.LOGIN)).isEqualTo(2);
      }
    }
  }

  @Test
  void aMissingProjectedTokenIsForbiddenAndFoundOnceItIsThere(@TempDir Path folder)
      throws IOException {
    try (KubernetesStandIn cluster = KubernetesStandIn.start(Clock.systemUTC());
        VaultConnection vault = byServiceAccount(cluster, folder.resolve("token"))) {
      assertThat(read(vault)).isEqualTo(FORBIDDEN);

      projected(folder, cluster);
      time.advance(Duration.ofSeconds(1));

      assertThat(read(vault)).isEqualTo(ABSENT);
    }
  }

  @Test
  void aShortLivedLoginServesManyCallsAndIsRenewedOnceAtTwoThirdsOfItsLife() {
    try (VaultConnection vault = byAppRole(Duration.ofSeconds(60), Duration.ofHours(1))) {
      long logins = audit.count("auth/approle/login");
      long renewals = audit.count("auth/token/renew-self");
      IntStream.range(0, 100).forEach(call -> assertThat(read(vault)).isEqualTo(ABSENT));
      beat(vault);
      assertThat(audit.count("auth/approle/login") - logins).isEqualTo(1);
      assertThat(audit.count("auth/token/renew-self") - renewals).isZero();

      time.advance(Duration.ofSeconds(41));
      beat(vault);
      beat(vault);

      assertThat(audit.count("auth/approle/login") - logins).isEqualTo(1);
      assertThat(audit.count("auth/token/renew-self") - renewals).isEqualTo(1);
      assertThat(vault.safe.activity().credentialExpiry()).contains(time.instant().plusSeconds(60));
    }
  }

  @Test
  void aGivenTokenIsRenewedBeforeItExpires() {
    try (VaultConnection vault = byToken(Duration.ofMinutes(10), Duration.ofHours(1))) {
      assertThat(read(vault)).isEqualTo(ABSENT);
      Instant end = vault.safe.activity().credentialExpiry().orElseThrow();

      time.advance(Duration.ofMinutes(7));
      beat(vault);

      assertThat(vault.sent(VaultOperation.RENEW)).isEqualTo(1);
      assertThat(vault.safe.activity().credentialExpiry().orElseThrow()).isAfter(end);
    }
  }

  @Test
  void theMaximumLifeOfATokenIsPassedWithoutAFailedCall() {
    OpenBaoAdmin.AppRole role =
        bao.admin()
            .appRole("brief", BrokerPolicy.NAME, Duration.ofSeconds(3), Duration.ofSeconds(6));
    try (VaultConnection vault =
        new VaultConnection(bao.address(), properties(role), Clock.systemUTC())) {
      Awaitility.await()
          .during(Duration.ofSeconds(9))
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(100))
          .until(
              () -> {
                beat(vault);
                return read(vault);
              },
              ABSENT::equals);

      assertThat(vault.sent(VaultOperation.RENEW)).isPositive();
      assertThat(vault.sent(VaultOperation.LOGIN)).isBetween(2L, 3L);
    }
  }

  @Test
  void aRevokedTokenIsReplacedByOneLoginHoweverManyCallsMeetIt() {
    try (VaultConnection vault = byAppRole(Duration.ofHours(1), Duration.ofHours(2))) {
      assertThat(read(vault)).isEqualTo(ABSENT);
      long logins = audit.count("auth/approle/login");
      bao.admin().revokeLogins("approle");

      List<SafeRead> reads =
          Uni.join()
              .all(IntStream.range(0, 50).mapToObj(call -> vault.safe.read(NOTHING)).toList())
              .andFailFast()
              .await()
              .atMost(PATIENCE);

      assertThat(reads).containsOnly(ABSENT);
      assertThat(audit.count("auth/approle/login") - logins).isEqualTo(1);
    }
  }

  @Test
  void aRefusedLoginIsNotRepeatedByEveryCall() {
    OpenBaoAdmin.AppRole role =
        bao.admin().appRole("refused", BrokerPolicy.NAME, Duration.ofHours(1), Duration.ofHours(2));
    try (VaultConnection vault =
        new VaultConnection(
            bao.address(), properties(new OpenBaoAdmin.AppRole(role.roleId(), "wrong")), time)) {
      long logins = audit.count("auth/approle/login");

      IntStream.range(0, 200).forEach(call -> assertThat(read(vault)).isEqualTo(FORBIDDEN));
      assertThat(audit.count("auth/approle/login") - logins).isEqualTo(1);

      IntStream.range(0, 60).forEach(second -> beatAfterASecond(vault));
      assertThat(audit.count("auth/approle/login") - logins).isBetween(6L, 8L);
    }
  }

  @Test
  void aRevokedGivenTokenIsForbiddenAndNotHammered() {
    String token = bao.admin().token(BrokerPolicy.NAME, Duration.ofHours(1), Duration.ofHours(2));
    try (VaultConnection vault =
        new VaultConnection(bao.address(), VaultConnection.withToken(token), time)) {
      assertThat(read(vault)).isEqualTo(ABSENT);
      bao.admin().revokeToken(token);
      long lookUps = audit.count("auth/token/lookup-self");

      IntStream.range(0, 200).forEach(call -> assertThat(read(vault)).isEqualTo(FORBIDDEN));

      assertThat(audit.count("auth/token/lookup-self") - lookUps).isEqualTo(2);
    }
  }

  @Test
  void noLoginIsTriedWhileVaultIsNotThereMoreOftenThanItsBackOffAllows() {
    URI nobody = URI.create("http://127.0.0.1:1");
    try (VaultConnection vault =
        new VaultConnection(nobody, VaultConnection.withToken("t"), time)) {
      IntStream.range(0, 200)
          .forEach(
              call ->
                  assertThat(read(vault))
                      .isEqualTo(new SafeRead.Unavailable(SafeFault.UNREACHABLE)));

      assertThat(vault.sent(VaultOperation.LOOKUP)).isEqualTo(1);
    }
  }

  private void beatAfterASecond(VaultConnection vault) {
    time.advance(Duration.ofSeconds(1));
    beat(vault);
  }

  private static void assertReadsAndWrites(VaultConnection vault, String name) {
    SafeDocument document = new SafeDocument(Map.of("refresh_token", "r"));
    SafePath path = SafePath.of("login", name);
    SafeWrite written =
        vault.safe.write(path, document, SafeVersion.ABSENT).await().atMost(PATIENCE);
    assertThat(written).isEqualTo(new SafeWrite.Written(new SafeVersion(1)));
    assertThat(vault.safe.read(path).await().atMost(PATIENCE))
        .isEqualTo(new SafeRead.Found(document, new SafeVersion(1)));
    assertThat(vault.sent(VaultOperation.LOGIN)).isEqualTo(1);
  }

  private VaultConnection byAppRole(Duration ttl, Duration maxTtl) {
    return new VaultConnection(
        bao.address(),
        properties(bao.admin().appRole("broker", BrokerPolicy.NAME, ttl, maxTtl)),
        time);
  }

  private VaultConnection byToken(Duration ttl, Duration maxTtl) {
    String token = bao.admin().token(BrokerPolicy.NAME, ttl, maxTtl);
    return new VaultConnection(bao.address(), VaultConnection.withToken(token), time);
  }

  private VaultConnection byServiceAccount(KubernetesStandIn cluster, Path tokenFile) {
    bao.admin()
        .kubernetesRole(
            cluster, "broker", "tokens", "broker", BrokerPolicy.NAME, Duration.ofHours(1));
    return new VaultConnection(
        bao.address(),
        Map.of(
            "quarkus.vault.authentication.kubernetes.role", "broker",
            "quarkus.vault.authentication.kubernetes.jwt-token-path", tokenFile.toString(),
            "quarkus.vault.tls.use-kubernetes-ca-cert", "false"),
        time);
  }

  private static Path projected(Path folder, KubernetesStandIn cluster) throws IOException {
    return Files.writeString(
        folder.resolve("token"),
        cluster.serviceAccountToken("tokens", "broker", Duration.ofMinutes(10)));
  }

  private static Map<String, String> properties(OpenBaoAdmin.AppRole role) {
    return Map.of(
        "quarkus.vault.authentication.app-role.role-id", role.roleId(),
        "quarkus.vault.authentication.app-role.secret-id", role.secretId());
  }

  private static SafeRead read(VaultConnection vault) {
    return vault.safe.read(NOTHING).await().atMost(PATIENCE);
  }

  private static void beat(VaultConnection vault) {
    vault.safe.beat().await().atMost(PATIENCE);
  }
}
