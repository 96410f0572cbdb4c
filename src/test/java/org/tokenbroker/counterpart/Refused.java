package org.tokenbroker.counterpart;

import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;

/** A request that a counterpart does not carry out, with the answer that its system gives. */
final class Refused extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Reply reply;

  /**
   * @param why what was wrong, for whoever looks into a failed story
   */
  Refused(String why, Reply reply) {
    super(why, null, false, false);
    this.reply = reply;
  }

  Reply reply() {
    return reply;
  }

  String why() {
    return String.valueOf(getMessage());
  }

  /**
   * An answer ready to be sent.
   *
   * @param status HTTP status
   * @param headers beside {@code Content-Type}
   * @param body a JSON object
   */
  record Reply(int status, Map<String, String> headers, JsonObject body) {
    static Reply json(int status, JsonObject body) {
      return new Reply(status, Map.of(), body);
    }

    /** With these headers too. */
    Reply with(Map<String, String> more) {
      Map<String, String> all = new HashMap<>(headers);
      all.putAll(more);
      return new Reply(status, Map.copyOf(all), body);
    }
  }
}
