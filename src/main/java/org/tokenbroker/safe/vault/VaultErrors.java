package org.tokenbroker.safe.vault;

import io.quarkus.vault.client.VaultClientException;
import io.vertx.core.VertxException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.safe.SafeFault;

/**
 * Tells what a failed call of Quarkus Vault's client means, by status code (Vault HTTP API, "HTTP
 * status codes" and sys/health).
 */
final class VaultErrors {
  /**
   * The only mark by which Vault and OpenBao tell a lost check-and-set race from other 400 answers.
   */
  private static final String STALE = "check-and-set parameter did not match the current version";

  private VaultErrors() {}

  static <T> VaultReply<T> classify(Throwable failure) {
    return switch (unwrap(failure)) {
      case VaultClientException answer when answer.getStatus() != null ->
          byStatus(answer.getStatus(), answer);
      case VaultClientException cut -> new VaultReply.Failed<>(SafeFault.UNREACHABLE);
      case IOException io -> new VaultReply.Failed<>(SafeFault.UNREACHABLE);
      case TimeoutException late -> new VaultReply.Failed<>(SafeFault.UNREACHABLE);
      case VertxException closed -> new VaultReply.Failed<>(SafeFault.UNREACHABLE);
      case Throwable unknown -> new VaultReply.Failed<>(SafeFault.CORRUPT);
    };
  }

  /** Value of the label {@code code}: the status, or {@code none} where there was no answer. */
  static String code(Throwable failure) {
    return unwrap(failure) instanceof VaultClientException answer && answer.getStatus() != null
        ? answer.getStatus().toString()
        : "none";
  }

  private static <T> VaultReply<T> byStatus(int status, VaultClientException answer) {
    return switch (status) {
      case 400 ->
          answer.hasErrorContaining(STALE)
              ? new VaultReply.Stale<>()
              : new VaultReply.Failed<>(SafeFault.CORRUPT);
      case 401, 403 -> new VaultReply.Denied<>();
      case 404 -> missing(answer.getErrors(), answer.getBody());
      // 412: a replica that has not caught up; 429: standby or rate quota; 472, 473: standby of a
      // replication; 501: not
      // initialised; 503: sealed or in maintenance. None of them carries the request out.
      case 412, 429, 472, 473, 501, 503 -> new VaultReply.Failed<>(SafeFault.NOT_SERVING);
      // Any other 5xx may come after the work was done.
      default -> new VaultReply.Failed<>(status >= 500 ? SafeFault.UNREACHABLE : SafeFault.CORRUPT);
    };
  }

  /**
   * A path without a document answers no error texts; one without a secrets engine names the
   * missing route.
   */
  private static <T> VaultReply<T> missing(@Nullable List<String> errors, @Nullable String body) {
    return errors == null || errors.isEmpty()
        ? new VaultReply.Missing<>(VaultJson.newestVersion(body))
        : new VaultReply.Failed<>(SafeFault.FORBIDDEN);
  }

  private static Throwable unwrap(Throwable failure) {
    Throwable cause = failure.getCause();
    return (failure instanceof CompletionException || failure instanceof ExecutionException)
            && cause != null
        ? unwrap(cause)
        : failure;
  }
}
