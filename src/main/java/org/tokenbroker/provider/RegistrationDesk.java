package org.tokenbroker.provider;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.tokenbroker.provider.Registrations.Changed;
import org.tokenbroker.provider.Registrations.Kept;
import org.tokenbroker.safe.SafeDestroy;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;

/** What operators do with registrations. Secrets go in and never come out (IV-6, MK-3). */
@ApplicationScoped
public class RegistrationDesk {
  static final Flaw NO_PROFILE =
      new Flaw("profile", "must be the id of a profile in the catalogue");

  private final Registrations registrations;
  private final ClientSecretsSafe secrets;
  private final Profiles profiles;
  private final ClientIntake clients;
  private final KeysOnly keysOnly;

  RegistrationDesk(
      Registrations registrations,
      ClientSecretsSafe secrets,
      Profiles profiles,
      ClientIntake clients,
      KeysOnly keysOnly) {
    this.registrations = registrations;
    this.secrets = secrets;
    this.profiles = profiles;
    this.clients = clients;
    this.keysOnly = keysOnly;
  }

  /**
   * What an operator wants a registration to be. A secret that is absent stays as it is.
   *
   * @param signingAlgorithm that the key signs with; absent: one of the profile's that fits it
   * @param privateKey signs from now on: the operator says that the provider knows it (IV-7)
   */
  public record Order(
      RegistrationId id,
      String profile,
      String name,
      String purpose,
      List<String> contacts,
      ClientAuthenticationMethod authentication,
      Optional<String> signingAlgorithm,
      Scopes scopes,
      List<URI> redirectUris,
      Particulars particulars,
      Optional<Secret> clientId,
      Optional<Secret> clientSecret,
      Optional<SigningKey> privateKey) {}

  /**
   * A field that is not right.
   *
   * @param fix what would be right; never repeats the value
   */
  public record Flaw(String field, String fix) {}

  /** Outcome of creating or replacing. */
  public sealed interface Put {
    record Created(Kept kept) implements Put {}

    record Replaced(Kept kept) implements Put {}

    record Flawed(List<Flaw> flaws) implements Put {}

    /** Neither profile nor variables can change while credentials depend on them (IV-1). */
    record InUse() implements Put {}

    record Unavailable() implements Put {}
  }

  /** Creates or replaces it. Idempotent; the same request again completes what is missing. */
  public Uni<Put> put(Order order) {
    return order
        .privateKey()
        .map(key -> new KeyImport(key.jwk(), Optional.empty(), Optional.of(key.keyId())))
        .map(key -> KeyDesk.read(key).chain(read -> put(order, read)))
        .orElseGet(() -> take(order));
  }

  private Uni<Put> put(Order order, KeyImport.Read read) {
    return switch (read) {
      case KeyImport.Read.Key whole -> take(order);
      case KeyImport.Read.Wrong wrong ->
          Uni.createFrom().item(new Put.Flawed(List.of(new Flaw("private_key_jwk", wrong.fix()))));
    };
  }

  private Uni<Put> take(Order order) {
    return profiles.find(order.profile()).filter(KeysOnly::isOffered).isPresent()
        ? keysOnly.put(order)
        : clients.put(order);
  }

  /** Its secrets are destroyed too, and again where the ledger does not know it any more. */
  public Uni<Changed> delete(RegistrationId id) {
    return registrations
        .delete(id)
        .chain(
            changed ->
                switch (changed) {
                  case Changed.Done done -> erase(id, done);
                  case Changed.Unknown unknown -> erase(id, unknown);
                  case Changed.InUse inUse -> Uni.createFrom().item(inUse);
                  case Changed.Unavailable unavailable -> Uni.createFrom().item(unavailable);
                });
  }

  private Uni<Changed> erase(RegistrationId id, Changed done) {
    return secrets
        .destroy(id)
        .map(
            destroyed ->
                switch (destroyed) {
                  case SafeDestroy.Destroyed gone -> done;
                  case SafeDestroy.Unavailable unavailable -> new Changed.Unavailable();
                });
  }
}
