package org.tokenbroker.provider;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.tokenbroker.provider.RegistrationDesk.Order;
import org.tokenbroker.provider.RegistrationDesk.Put;
import org.tokenbroker.provider.Registrations.Changed;
import org.tokenbroker.provider.Registrations.Found;
import org.tokenbroker.provider.Registrations.Kept;
import org.tokenbroker.provider.Registrations.SecretKind;
import org.tokenbroker.token.RegistrationId;

/**
 * How an order becomes an entry of the ledger. Whoever orders a registration accepts where its
 * issuer moved to (decision 88).
 */
@ApplicationScoped
class Entries {
  private final Registrations registrations;
  private final Profiles profiles;
  private final AcceptedMetadata metadata;
  private final InstantSource time;

  Entries(
      Registrations registrations,
      Profiles profiles,
      AcceptedMetadata metadata,
      InstantSource time) {
    this.registrations = registrations;
    this.profiles = profiles;
    this.metadata = metadata;
    this.time = time;
  }

  /**
   * @param held which secrets the safe holds for it now
   */
  Uni<Put> enter(Order order, Set<SecretKind> held) {
    return registrations
        .put(registration(order), held, time.instant())
        .chain(
            changed ->
                switch (changed) {
                  case Changed.Done done -> withIssuer(done);
                  case Changed.InUse inUse -> Uni.createFrom().item(new Put.InUse());
                  case Changed.Unknown unknown -> Uni.createFrom().item(new Put.Unavailable());
                  case Changed.Unavailable unavailable ->
                      Uni.createFrom().item(new Put.Unavailable());
                });
  }

  /** As it is now that its keys changed too. */
  Uni<Put> again(RegistrationId id, Function<Kept, Put> done) {
    return registrations
        .find(id)
        .map(
            found ->
                found instanceof Found.Yes yes ? done.apply(yes.kept()) : new Put.Unavailable());
  }

  private static Registration registration(Order order) {
    return new Registration(
        order.id(),
        order.profile(),
        order.name(),
        order.purpose(),
        order.contacts(),
        order.authentication(),
        Optional.empty(),
        order.scopes(),
        order.redirectUris(),
        order.particulars(),
        new RegistrationHealth.Healthy(),
        0);
  }

  private Uni<Put> withIssuer(Changed.Done done) {
    Registration registration = done.kept().registration();
    Put put = done.created() ? new Put.Created(done.kept()) : new Put.Replaced(done.kept());
    return profiles
        .find(registration.profile())
        .flatMap(profile -> Standing.issuer(profile, registration))
        .map(issuer -> new AcceptedMetadata.Subject(registration.profile(), issuer))
        .map(subject -> accepted(subject, put))
        .orElseGet(() -> Uni.createFrom().item(put));
  }

  private Uni<Put> accepted(AcceptedMetadata.Subject subject, Put put) {
    return metadata
        .accept(subject, time.instant())
        .map(
            accepting ->
                switch (accepting) {
                  case DONE -> put;
                  case UNAVAILABLE -> new Put.Unavailable();
                });
  }
}
