package org.tokenbroker.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.StringReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.tokenbroker.StartRules;
import org.tokenbroker.deploy.Manifests.Node;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.platform.startup.ConfiguredSettings;
import org.tokenbroker.platform.startup.Setting;
import org.tokenbroker.platform.startup.Settings;
import org.tokenbroker.platform.startup.StartDecision;
import org.tokenbroker.platform.startup.StartDecision.Start;

/** What the chart sets is what a replica asks for: rendered objects in, start decision out. */
class ChartSettingsTest {
  static final List<String> EXAMPLES = Manifests.EXAMPLES;

  @ParameterizedTest
  @FieldSource("EXAMPLES")
  @Requirement("K-6")
  void aReleaseStartsWithoutAWaiver(String example) throws IOException {
    Manifests manifests = Manifests.of(example);

    StartDecision decision = StartRules.decide(new Mounted(settings(manifests), files(manifests)));

    assertThat(decision).isEqualTo(new Start(List.of()));
  }

  private static ConfiguredSettings settings(Manifests manifests) throws IOException {
    SmallRyeConfig config =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .withProfile("prod")
            .withSources(
                new PropertiesConfigSource(
                    Manifests.class.getResource("/application.properties"), 250),
                new PropertiesConfigSource(
                    properties(manifests.named("ConfigMap", "tb-token-broker").at("data").value()),
                    "[source=file:/opt/token-broker/config]",
                    260),
                new EnvConfigSource(environment(manifests), 300))
            .build();
    return new ConfiguredSettings(config);
  }

  private static Map<String, String> properties(Object data) throws IOException {
    Properties properties = new Properties();
    properties.load(
        new StringReader(String.valueOf(((Map<?, ?>) data).get("application.properties"))));
    Map<String, String> map = new HashMap<>();
    properties.forEach((name, value) -> map.put((String) name, (String) value));
    return map;
  }

  /** Each variable with what its Secret would hold; a token looks as Vault issues it. */
  private static Map<String, String> environment(Manifests manifests) {
    Map<String, String> environment = new HashMap<>();
    for (Node variable : manifests.container().at("env").each()) {
      environment.put(variable.at("name").text(), "hvs.012345678901234567890123456789");
    }
    return environment;
  }

  /** Files that the pod's volumes put in place. */
  private static Set<String> files(Manifests manifests) {
    Set<String> files = new java.util.TreeSet<>();
    for (Node mount : manifests.container().at("volumeMounts").each()) {
      Node volume = manifests.pod().at("volumes").named(mount.at("name").text());
      if (volume.has("secret")) {
        volume
            .at("secret.items")
            .each()
            .forEach(
                item -> files.add(mount.at("mountPath").text() + "/" + item.at("path").text()));
      }
    }
    return files;
  }

  /** Settings of a pod: a file is readable if a volume of the pod holds it. */
  private record Mounted(Settings settings, Set<String> files) implements Settings {
    @Override
    public Optional<Setting> find(String property) {
      return settings.find(property);
    }

    @Override
    public Set<String> names() {
      return settings.names();
    }

    @Override
    public boolean readable(String path) {
      return files.contains(path);
    }
  }
}
