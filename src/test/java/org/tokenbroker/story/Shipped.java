package org.tokenbroker.story;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * A profile that the broker ships, pointed at a counterpart: nothing but hosts is replaced, so that
 * what the stories prove is what is shipped.
 *
 * @param id in the catalogue
 * @param yaml as it will be mounted, under the shipped file's name
 */
record Shipped(String id, String yaml) {
  static Shipped profile(String id) {
    String name = "catalog/" + id + ".yaml";
    try (InputStream content = Shipped.class.getClassLoader().getResourceAsStream(name)) {
      if (content == null) {
        throw new AssertionError("no profile " + id + " is shipped");
      }
      return new Shipped(id, new String(content.readAllBytes(), UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + name, e);
    }
  }

  /** Replaces a part of the file that must be there. */
  Shipped with(String part, String replacement) {
    assertThat(yaml).as("the shipped profile %s", id).contains(part);
    return new Shipped(id, yaml.replace(part, replacement));
  }

  /** Mounts it, in place of the shipped one. */
  Shipped mountedIn(World world) {
    world.profile(id, yaml);
    return this;
  }
}
