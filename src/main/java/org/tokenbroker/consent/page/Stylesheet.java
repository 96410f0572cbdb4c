package org.tokenbroker.consent.page;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The one stylesheet. It stands inside each page, so that a page is a single answer, and its hash
 * in the content security policy.
 */
@ApplicationScoped
class Stylesheet {
  private static final String RESOURCE = "/pages/style.css";

  private final String css;
  private final String source;

  Stylesheet() {
    css = load();
    source = "'sha256-" + Base64.getEncoder().encodeToString(sha256(css)) + "'";
  }

  /** Text of the {@code style} element, to the letter. */
  String css() {
    return css;
  }

  /** What {@code style-src} has to name (CSP Level 3 §2.3.1, hash-source). */
  String source() {
    return source;
  }

  private static String load() {
    try (InputStream stream = Stylesheet.class.getResourceAsStream(RESOURCE)) {
      if (stream == null) {
        throw new IllegalStateException("the build lacks " + RESOURCE);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException("the build holds an unreadable " + RESOURCE, unreadable);
    }
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }
}
