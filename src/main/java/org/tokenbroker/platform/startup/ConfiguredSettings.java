package org.tokenbroker.platform.startup;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigValue;
import org.tokenbroker.platform.startup.Setting.Origin;

/** The settings of this process: all configuration sources, without starting anything. */
public final class ConfiguredSettings implements Settings {
  private final Config config;

  public ConfiguredSettings(Config config) {
    this.config = config;
  }

  @Override
  public Optional<Setting> find(String property) {
    ConfigValue value = config.getConfigValue(property);
    String text = value.getValue();
    return text == null || text.isBlank()
        ? Optional.empty()
        : Optional.of(new Setting(text, origin(value.getSourceName())));
  }

  @Override
  public Set<String> names() {
    Set<String> names = new TreeSet<>();
    config.getPropertyNames().forEach(names::add);
    names.removeIf(name -> find(name).isEmpty());
    return names;
  }

  @Override
  public boolean readable(String path) {
    try {
      Path file = Path.of(path);
      return Files.isRegularFile(file) && Files.isReadable(file);
    } catch (InvalidPathException notAPath) {
      return false;
    }
  }

  private static Origin origin(String source) {
    if (source == null) {
      return Origin.SHIPPED;
    }
    if (source.startsWith("SysPropConfigSource")) {
      return Origin.COMMAND_LINE;
    }
    if (source.startsWith("EnvConfigSource")) {
      return Origin.ENVIRONMENT;
    }
    return source.contains("[source=file:") || source.contains(".env")
        ? Origin.FILE
        : Origin.SHIPPED;
  }
}
