package org.tokenbroker.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;
import org.tokenbroker.provider.TokenAnswer.Body;

/** Reads an introspection endpoint's answer (RFC 7662 §2.2). Pure. */
public final class IntrospectionReader {
  private static final int OK = 200;

  private IntrospectionReader() {}

  /**
   * When an active token ends, 5 s taken off and never more than 365 days away; empty for any other
   * answer.
   */
  public static Optional<Instant> end(TokenAnswer answer, Instant receivedAt) {
    return answer.status() == OK && answer.body() instanceof Body.Complete(String text)
        ? AnswerJson.read(answer.contentType(), text)
            .filter(IntrospectionReader::isActive)
            .map(json -> json.path("exp"))
            .filter(JsonNode::isNumber)
            .map(exp -> end(exp.asDouble(), receivedAt))
        : Optional.empty();
  }

  private static boolean isActive(ObjectNode json) {
    JsonNode active = json.path("active");
    return active.isBoolean() && active.asBoolean();
  }

  private static Instant end(double epochSeconds, Instant receivedAt) {
    double left = epochSeconds - receivedAt.toEpochMilli() / 1000.0;
    return ExpiryReading.after(left, receivedAt);
  }
}
