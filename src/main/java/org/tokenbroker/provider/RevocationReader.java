package org.tokenbroker.provider;

import java.time.Instant;
import org.tokenbroker.platform.RetryAfter;
import org.tokenbroker.provider.RevokeReply.Later;
import org.tokenbroker.provider.RevokeReply.Refused;
import org.tokenbroker.provider.RevokeReply.Revoked;
import org.tokenbroker.provider.TokenAnswer.Body;

/** Reads a revocation endpoint's answer (RFC 7009 §2.2). Pure. */
public final class RevocationReader {
  private RevocationReader() {}

  public static RevokeReply read(TokenAnswer answer, Instant receivedAt) {
    int status = answer.status();
    return switch (status / 100) {
      case 2 -> new Revoked();
      case 4 -> mayBeMended(answer) ? later(answer, receivedAt) : new Refused();
      case 5 -> later(answer, receivedAt);
      default -> new Refused();
    };
  }

  private static Later later(TokenAnswer answer, Instant receivedAt) {
    return new Later(RetryAfter.read(answer.retryAfter(), receivedAt));
  }

  /**
   * Too many requests, a time-out, or our own client at fault: an operator can mend that, and the
   * token lives on until then.
   */
  private static boolean mayBeMended(TokenAnswer answer) {
    return answer.status() == 429
        || answer.status() == 408
        || answer.status() == 401
        || error(answer).equals("invalid_client");
  }

  private static String error(TokenAnswer answer) {
    return answer.body() instanceof Body.Complete(String text)
        ? AnswerJson.read(answer.contentType(), text)
            .map(json -> json.path("error").asText())
            .orElse("")
        : "";
  }
}
