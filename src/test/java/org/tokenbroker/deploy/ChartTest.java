package org.tokenbroker.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.tokenbroker.deploy.Manifests.CHART;
import static org.tokenbroker.deploy.Manifests.command;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.tokenbroker.deploy.Manifests.Node;
import org.tokenbroker.fixture.Requirement;

class ChartTest {
  static final List<String> EXAMPLES = Manifests.EXAMPLES;

  @Test
  @Requirement("K-6")
  void theChartLints() {
    LintResult lint = new Helm(CHART).lint().call();

    assertThat(lint.isFailed()).as(lint.getMessages().toString()).isFalse();
    assertThat(lint.getMessages())
        .noneMatch(message -> message.startsWith("[WARNING]") || message.startsWith("[ERROR]"));
  }

  @Test
  @Requirement("K-6")
  void theChartPackages(@TempDir Path folder) throws IOException {
    new Helm(CHART).packageIt().withDestination(folder).call();

    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files)
          .extracting(file -> file.getFileName().toString())
          .containsExactly("token-broker-0.1.0.tgz");
    }
  }

  @Test
  void theLeastValuesGiveTheWholeRelease() {
    assertThat(Manifests.of("minimal").kinds())
        .containsExactly(
            "ConfigMap",
            "Deployment",
            "NetworkPolicy",
            "PodDisruptionBudget",
            "Service",
            "Service",
            "Service",
            "ServiceAccount");
  }

  @Test
  void everythingThatCanBeSwitchedOnIsThere() {
    assertThat(Manifests.of("cert-manager").kinds())
        .containsExactly(
            "Certificate",
            "ConfigMap",
            "ConfigMap",
            "Deployment",
            "Ingress",
            "NetworkPolicy",
            "PodDisruptionBudget",
            "Service",
            "Service",
            "Service",
            "ServiceAccount",
            "ServiceMonitor");
  }

  @Test
  void whatIsSwitchedOffIsNotThere() {
    assertThat(Manifests.of("token").kinds())
        .doesNotContain("NetworkPolicy", "PodDisruptionBudget", "Ingress", "Certificate");
  }

  @Test
  void missingValuesAreToldAllAtOnceWithWhatToSet() {
    assertThatThrownBy(() -> command().call())
        .hasMessageContainingAll(
            "tls.existingSecret.name: name the Secret",
            "vault.address: set the https address",
            "vault.auth.kubernetes.role: ",
            "postgresql.host: ",
            "postgresql.existingSecret: ",
            "postgresql.ca.existingSecret: ",
            "operators: list",
            "identity.trustDomains: list",
            "consent.publicUrl: set");
  }

  @ParameterizedTest
  @CsvSource({
    "vault.address, http://vault:8200, /vault/address",
    "vault.adress, https://vault:8200, adress",
    "consent.publicUrl, http://consent.example.org, /consent/publicUrl",
    "consent.publicUrl, https://consent.example.org/, /consent/publicUrl",
    "postgresql.sslMode, disable, /postgresql/sslMode",
    "postgresql.password, hunter2, password",
    "vault.auth.method, userpass, /vault/auth/method",
    "vault.auth.kubernetes.tokenExpirationSeconds, 60, /vault/auth/kubernetes/tokenExpirationSeconds",
    "resources.limits.memory, 256M, /resources/limits/memory",
    "heapPercent, 95, /heapPercent",
    "replicaCount, 0, /replicaCount",
    "image.digest, sha256:abc, /image/digest",
    "operators[0], somebody, /operators/0",
    "settings.quarkus\\.datasource\\.password, hunter2, quarkus.datasource.password",
    "settings.quarkus\\.vault\\.authentication\\.client-token, t, quarkus.vault.authentication.client-token"
  })
  @Requirement("K-6")
  void aWrongValueIsRefusedByName(String value, String wrong, String named) {
    assertThatThrownBy(() -> Manifests.of("minimal", command -> command.set(value, wrong)))
        .hasMessageContaining("values don't meet the specifications of the schema")
        .hasMessageContaining(named);
  }

  @ParameterizedTest
  @FieldSource("EXAMPLES")
  void podsAreRestricted(String example) {
    Node pod = Manifests.of(example).pod();
    Node container = Manifests.of(example).container();

    assertThat(pod.at("securityContext.runAsNonRoot").value()).isEqualTo(true);
    assertThat(pod.at("securityContext.seccompProfile.type").text()).isEqualTo("RuntimeDefault");
    assertThat(pod.at("automountServiceAccountToken").value()).isEqualTo(false);
    assertThat(container.at("securityContext").value())
        .isEqualTo(
            Map.of(
                "allowPrivilegeEscalation", false,
                "readOnlyRootFilesystem", true,
                "capabilities", Map.of("drop", List.of("ALL"))));
  }

  @ParameterizedTest
  @FieldSource("EXAMPLES")
  @Requirement("K-5")
  void probesAskTheManagementPortAndNoneAsksForDependencies(String example) {
    Node container = Manifests.of(example).container();

    assertThat(container.at("startupProbe.httpGet").value())
        .isEqualTo(Map.of("path", "/q/health/started", "port", "management"));
    assertThat(container.at("livenessProbe.httpGet").value())
        .isEqualTo(Map.of("path", "/q/health/live", "port", "management"));
    assertThat(container.at("readinessProbe.httpGet").value())
        .isEqualTo(Map.of("path", "/q/health/ready", "port", "management"));
    assertThat(container.at("ports").named("management").at("containerPort").value())
        .isEqualTo(9000);
  }

  @ParameterizedTest
  @FieldSource("EXAMPLES")
  void noSecretValueIsInAnyObjectAndNoMountIsFrozen(String example) {
    Manifests manifests = Manifests.of(example);

    assertThat(manifests.kinds()).doesNotContain("Secret");
    assertThat(manifests.container().at("env").each())
        .allMatch(env -> env.has("valueFrom") && !env.has("value"));
    assertThat(manifests.container().at("volumeMounts").each())
        .noneMatch(mount -> mount.has("subPath"));
  }

  @Test
  void eachDoorHasAServiceOfItsOwn() {
    Manifests manifests = Manifests.of("minimal");

    assertThat(manifests.all("Service"))
        .extracting(
            service -> service.at("metadata.name").text(),
            service -> port(service).at("port").value())
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("tb-token-broker", 8443),
            org.assertj.core.groups.Tuple.tuple("tb-token-broker-consent", 8080),
            org.assertj.core.groups.Tuple.tuple("tb-token-broker-management", 9000));
  }

  @Test
  void theIngressLeadsToTheConsentDoorOnly() {
    Manifests manifests = Manifests.of("cert-manager");
    Node rule = manifests.only("Ingress").at("spec.rules").each().getFirst();

    assertThat(rule.at("host").text()).isEqualTo("consent.example.org");
    assertThat(manifests.only("Ingress").at("spec.rules").each()).hasSize(1);
    assertThat(rule.at("http.paths").each().getFirst().at("backend.service").value())
        .isEqualTo(Map.of("name", "tb-token-broker-consent", "port", Map.of("name", "consent")));
  }

  @Test
  @Requirement("K-2")
  void theServiceAccountTokenIsForVaultAlone() {
    Node token =
        Manifests.of("minimal")
            .pod()
            .at("volumes")
            .named("vault-token")
            .at("projected.sources")
            .each()
            .getFirst();

    assertThat(token.at("serviceAccountToken").value())
        .isEqualTo(Map.of("path", "token", "audience", "vault", "expirationSeconds", 3600));
  }

  @ParameterizedTest
  @CsvSource({"256Mi, 70, -Xmx179m", "1Gi, 70, -Xmx716m", "512Mi, 50, -Xmx256m"})
  void theHeapFollowsTheMemoryLimit(String memory, int percent, String heap) {
    Manifests manifests =
        Manifests.of(
            "minimal",
            command -> command.set("resources.limits.memory", memory).set("heapPercent", percent));

    assertThat(manifests.container().at("args").value()).isEqualTo(List.of(heap));
  }

  @Test
  void aChangedSettingRollsThePodsAndAChangedProfileDoesNot() {
    String before = checksum(Manifests.of("cert-manager"));

    String otherSetting =
        checksum(Manifests.of("cert-manager", command -> command.set("vault.mount", "other")));
    String otherProfile =
        checksum(
            Manifests.of(
                "cert-manager",
                command -> command.set("catalog.files.example\\.yaml", "id: other")));

    assertThat(otherSetting).isNotEqualTo(before);
    assertThat(otherProfile).isEqualTo(before);
  }

  @Test
  void shutdownLeavesTimeForDelayAndDrain() {
    assertThat((Integer) Manifests.of("minimal").pod().at("terminationGracePeriodSeconds").value())
        .isGreaterThan(5 + 25);
  }

  @Test
  void theNetworkPolicyNamesEachDoorAndTheVaultPort() {
    Node policy = Manifests.of("minimal").only("NetworkPolicy");

    assertThat(policy.at("spec.ingress").each())
        .extracting(rule -> rule.at("ports").each().getFirst().at("port").text())
        .containsExactly("mtls", "consent", "management");
    assertThat(policy.at("spec.egress").each())
        .extracting(rule -> rule.at("ports").each().getFirst().at("port").text())
        .containsExactly("53", "5432", "8200", "443");
    assertThat(policy.at("spec.egress").each()).allMatch(rule -> !rule.at("to").each().isEmpty());
  }

  private static Node port(Node service) {
    return service.at("spec.ports").each().getFirst();
  }

  private static String checksum(Manifests manifests) {
    Object annotations =
        manifests.only("Deployment").at("spec.template.metadata.annotations").value();
    return String.valueOf(((Map<?, ?>) annotations).get("checksum/config"));
  }
}
