package org.tokenbroker.safe.vault;

import io.quarkus.vault.client.common.VaultRequest;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.function.Function;

/**
 * Calls with the broker's login; one that Vault turns down is made once more if a new login may
 * help.
 */
final class AuthorizedCalls {
  private final VaultCalls calls;
  private final VaultSession session;

  AuthorizedCalls(VaultCalls calls, VaultSession session) {
    this.calls = calls;
    this.session = session;
  }

  /**
   * @param decode as for {@link VaultCalls#send}
   */
  <T> Uni<VaultReply<T>> send(
      VaultOperation operation, VaultRequest<?> request, Function<byte[], Optional<T>> decode) {
    Call<T> call = lease -> calls.send(operation, request, lease.token(), decode);
    Call<T> retried = lease -> call.as(lease).chain(reply -> again(reply, lease, call));
    return Uni.createFrom().deferred(session::login).chain(login -> with(login, retried));
  }

  private <T> Uni<VaultReply<T>> again(VaultReply<T> reply, VaultLease used, Call<T> call) {
    return switch (reply) {
      case VaultReply.Denied<T>() -> session.doubt(used).chain(login -> with(login, call));
      case VaultReply<T> settled -> Uni.createFrom().item(settled);
    };
  }

  private static <T> Uni<VaultReply<T>> with(Login login, Call<T> call) {
    return switch (login) {
      case Login.Granted(VaultLease lease) -> call.as(lease);
      case Login.Refused(var fault) -> Uni.createFrom().item(new VaultReply.Failed<>(fault));
    };
  }

  /** One request, whoever asks. */
  private interface Call<T> {
    Uni<VaultReply<T>> as(VaultLease lease);
  }
}
