package org.tokenbroker.safe.vault;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.vault.client.VaultClient;
import io.quarkus.vault.client.api.auth.token.VaultAuthToken;
import io.quarkus.vault.client.auth.VaultAuthRequest;
import io.quarkus.vault.client.auth.VaultToken;
import io.quarkus.vault.client.auth.VaultTokenProvider;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.tokenbroker.safe.SafeFault;
import org.tokenbroker.token.Secret;

/**
 * Logs in with the method that {@code quarkus.vault.authentication.*} configures. Quarkus Vault's
 * providers do each login (AppRole, Kubernetes with the projected token read anew, a given token);
 * their caching, which has no single flight and no back-off, is passed by.
 */
final class VaultAuthentication implements VaultTokens {
  /**
   * The providers stand for "no end known" by a life of this many seconds; that is the mark of a
   * given token.
   */
  private static final Duration NOT_TOLD = Duration.ofSeconds(Long.MAX_VALUE);

  private final VaultClient client;
  private final VaultTokenProvider provider;
  private final VaultCalls calls;
  private final InstantSource time;

  VaultAuthentication(VaultClient client, VaultCalls calls, InstantSource time) {
    this.client = client;
    this.provider =
        Objects.requireNonNull(
            client.getTokenProvider(), "no quarkus.vault.authentication is configured");
    this.calls = calls;
    this.time = time;
  }

  @Override
  public Uni<VaultReply<VaultLease>> logIn() {
    return Uni.createFrom()
        .deferred(this::askForToken)
        // The Kubernetes provider reads the projected token from its file: not on an event loop.
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
        .map(VaultAuthentication::refusalKnown)
        .chain(this::withLifeKnown);
  }

  @Override
  public Uni<VaultReply<VaultLease>> renew(VaultLease lease) {
    Instant sent = time.instant();
    return calls.send(
        VaultOperation.RENEW,
        VaultAuthToken.FACTORY.renewSelf(null),
        lease.token(),
        body ->
            life(body, "auth", "lease_duration")
                .map(told -> lease.renewed(sent, told, renewable(body, "auth"))));
  }

  @Override
  public Uni<VaultReply<VaultLease>> lookUp(VaultLease lease) {
    Instant sent = time.instant();
    return calls.send(
        VaultOperation.LOOKUP,
        VaultAuthToken.FACTORY.lookupSelf(),
        lease.token(),
        body ->
            life(body, "data", "ttl")
                .map(left -> VaultLease.of(lease.token(), sent, left, renewable(body, "data"))));
  }

  private Uni<VaultReply<VaultLease>> askForToken() {
    Instant sent = time.instant();
    return calls.run(
        VaultOperation.LOGIN,
        this::newToken,
        token -> new VaultReply.Answered<>(lease(token, sent)));
  }

  private CompletionStage<VaultToken> newToken() {
    provider.invalidateCache();
    // Of the request, providers use the log confidentiality only: requests are built with the
    // highest.
    return provider.apply(VaultAuthRequest.of(client, VaultAuthToken.FACTORY.lookupSelf(), time));
  }

  private static VaultLease lease(VaultToken token, Instant sent) {
    Secret secret = Secret.of(token.getClientToken());
    return token.getLeaseDuration().equals(NOT_TOLD)
        ? new VaultLease(secret, sent, Optional.empty(), token.isRenewable())
        : VaultLease.of(secret, sent, token.getLeaseDuration(), token.isRenewable());
  }

  /**
   * AppRole refuses by 400, and a service account token that cannot be read fails before a request:
   * both need an operator, as a refusal by 403 does.
   */
  private static VaultReply<VaultLease> refusalKnown(VaultReply<VaultLease> reply) {
    return reply.equals(new VaultReply.Failed<>(SafeFault.CORRUPT))
        ? new VaultReply.Denied<>()
        : reply;
  }

  /**
   * A given token was not issued to us just now: only Vault knows whether it is good and how long.
   */
  private Uni<VaultReply<VaultLease>> withLifeKnown(VaultReply<VaultLease> reply) {
    return switch (reply) {
      case VaultReply.Answered<VaultLease>(VaultLease lease) when lease.life().isEmpty() ->
          lookUp(lease);
      case VaultReply<VaultLease> known -> Uni.createFrom().item(known);
    };
  }

  private static Optional<Duration> life(byte[] body, String holder, String field) {
    JsonNode seconds = VaultJson.tree(body).path(holder).path(field);
    return seconds.canConvertToLong() && seconds.longValue() >= 0
        ? Optional.of(Duration.ofSeconds(seconds.longValue()))
        : Optional.empty();
  }

  private static boolean renewable(byte[] body, String holder) {
    return VaultJson.tree(body).path(holder).path("renewable").asBoolean(false);
  }
}
