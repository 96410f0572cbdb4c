package org.tokenbroker.story;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URLDecoder;
import java.util.Arrays;
import java.util.Optional;

/** The query of a URL, decoded when asked. */
record Query(String raw) {
  static Query of(URI uri) {
    return new Query(Optional.ofNullable(uri.getRawQuery()).orElse(""));
  }

  Optional<String> value(String name) {
    return Arrays.stream(raw.split("&"))
        .filter(pair -> pair.startsWith(name + "="))
        .map(pair -> URLDecoder.decode(pair.substring(name.length() + 1), UTF_8))
        .findFirst();
  }
}
