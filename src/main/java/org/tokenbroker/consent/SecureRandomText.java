package org.tokenbroker.consent;

import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import org.tokenbroker.token.Secret;

/** The platform's cryptographic generator; seeded when the bean is made, never at build time. */
@ApplicationScoped
public class SecureRandomText implements RandomText {
  private final SecureRandom random = new SecureRandom();

  @Override
  public Secret secret() {
    return Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(32)));
  }

  @Override
  public String name() {
    return HexFormat.of().formatHex(bytes(16));
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
