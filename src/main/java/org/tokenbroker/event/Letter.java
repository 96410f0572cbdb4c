package org.tokenbroker.event;

import java.time.Instant;
import java.util.List;

/**
 * What is posted to a webhook, signed as Standard Webhooks describe.
 *
 * @param id of the event: the receiver's key for telling a repetition
 * @param sentAt whole seconds
 * @param body a CloudEvent in JSON
 * @param signatures one for each secret in use
 */
public record Letter(String id, Instant sentAt, String body, List<String> signatures) {
  private static final String VERSION = "v1,";

  static Letter signed(String id, String body, List<SigningSecret> secrets, Instant now) {
    String content = id + "." + now.getEpochSecond() + "." + body;
    List<String> signatures =
        secrets.stream().map(secret -> VERSION + secret.sign(content)).toList();
    return new Letter(id, Instant.ofEpochSecond(now.getEpochSecond()), body, signatures);
  }

  /** Header {@code webhook-timestamp}. */
  public String timestamp() {
    return Long.toString(sentAt.getEpochSecond());
  }

  /** Header {@code webhook-signature}. */
  public String signature() {
    return String.join(" ", signatures);
  }
}
