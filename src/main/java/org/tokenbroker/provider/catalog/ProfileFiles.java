package org.tokenbroker.provider.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Where profile files come from. Blocks on files. */
final class ProfileFiles {
  /** Lists the shipped files: a folder of a jar or of a native executable cannot be listed. */
  static final String INDEX = "catalog/index.txt";

  private static final long SIZE_LIMIT = 1024 * 1024;

  private ProfileFiles() {}

  /** The files that an index resource names, one a line; {@code #} starts a comment line. */
  static SortedMap<String, String> shipped(ClassLoader loader, String index) throws IOException {
    String folder = index.substring(0, index.lastIndexOf('/') + 1);
    SortedMap<String, String> files = new TreeMap<>();
    List<String> names =
        resource(loader, index)
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .toList();
    for (String name : names) {
      files.put(name, resource(loader, folder + name));
    }
    return files;
  }

  /**
   * The YAML files of a folder. Kubernetes keeps the versions of a mounted ConfigMap in folders
   * whose names start with a dot.
   */
  static SortedMap<String, String> mounted(Path directory) throws IOException {
    SortedMap<String, String> files = new TreeMap<>();
    try (Stream<Path> entries = Files.list(directory)) {
      for (Path file : entries.filter(ProfileFiles::isProfile).toList()) {
        files.put(file.getFileName().toString(), text(file));
      }
    } catch (UncheckedIOException unreadable) {
      throw unreadable.getCause();
    }
    return files;
  }

  private static boolean isProfile(Path file) {
    String name = String.valueOf(file.getFileName());
    boolean yaml = name.endsWith(".yaml") || name.endsWith(".yml");
    return yaml && !name.startsWith(".") && Files.isRegularFile(file);
  }

  /** Malformed UTF-8 becomes U+FFFD, which no field accepts. */
  private static String text(Path file) throws IOException {
    try (InputStream content = Files.newInputStream(file)) {
      return new String(content.readNBytes((int) SIZE_LIMIT), StandardCharsets.UTF_8);
    }
  }

  private static String resource(ClassLoader loader, String name) throws IOException {
    try (InputStream content = loader.getResourceAsStream(name)) {
      if (content == null) {
        throw new IOException("resource " + name + " is missing");
      }
      return new String(content.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
