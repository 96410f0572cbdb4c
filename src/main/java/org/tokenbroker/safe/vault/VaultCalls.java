package org.tokenbroker.safe.vault;

import io.quarkus.vault.client.VaultClient;
import io.quarkus.vault.client.common.VaultRequest;
import io.quarkus.vault.client.common.VaultResponse;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.tokenbroker.safe.SafeFault;
import org.tokenbroker.token.Secret;

/**
 * One request to Vault, one reply: bounded in time, counted, and never an exception. Each request
 * carries its token, which keeps Quarkus Vault's client from logging in, renewing and retrying on
 * its own.
 */
final class VaultCalls {
  private final VaultClient client;
  private final VaultMetrics metrics;
  private final Duration timeout;

  VaultCalls(VaultClient client, VaultMetrics metrics, Duration timeout) {
    this.client = client;
    this.metrics = metrics;
    this.timeout = timeout;
  }

  /**
   * @param decode reads the answer's body, empty where it has none; an empty result means that it
   *     is not understood
   */
  <R, T> Uni<VaultReply<T>> send(
      VaultOperation operation,
      VaultRequest<R> request,
      Secret token,
      Function<byte[], Optional<T>> decode) {
    VaultRequest<R> authorized = request.builder().token(token.reveal()).rebuild();
    return run(
        operation, () -> client.execute(authorized), response -> understood(response, decode));
  }

  /** Runs a step of Quarkus Vault's client under the same rules. */
  <S, T> Uni<VaultReply<T>> run(
      VaultOperation operation,
      Supplier<CompletionStage<S>> step,
      Function<S, VaultReply<T>> read) {
    return Uni.createFrom()
        .completionStage(step)
        .map(answer -> answered(operation, answer, read))
        .onFailure()
        .recoverWithItem(failure -> failed(operation, failure))
        .ifNoItem()
        .after(timeout)
        .recoverWithItem(() -> late(operation));
  }

  private <S, T> VaultReply<T> answered(
      VaultOperation operation, S answer, Function<S, VaultReply<T>> read) {
    if (answer instanceof VaultResponse<?> response) {
      metrics.count(operation, String.valueOf(response.getStatusCode()));
      response.getHeaders().stream()
          .filter(header -> header.getKey().equalsIgnoreCase("Date"))
          .findFirst()
          .ifPresent(header -> metrics.told(header.getValue()));
    } else {
      metrics.count(operation, "200");
    }
    return read.apply(answer);
  }

  private <T> VaultReply<T> failed(VaultOperation operation, Throwable failure) {
    metrics.count(operation, VaultErrors.code(failure));
    return VaultErrors.classify(failure);
  }

  private <T> VaultReply<T> late(VaultOperation operation) {
    metrics.count(operation, "timeout");
    return new VaultReply.Failed<>(SafeFault.UNREACHABLE);
  }

  private static <T> VaultReply<T> understood(
      VaultResponse<?> response, Function<byte[], Optional<T>> decode) {
    return decode
        .apply(response.getBody().orElseGet(() -> new byte[0]))
        .<VaultReply<T>>map(VaultReply.Answered::new)
        .orElseGet(() -> new VaultReply.Failed<>(SafeFault.CORRUPT));
  }
}
