package org.tokenbroker.provider;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.tokenbroker.provider.RegistrationDesk.Flaw;
import org.tokenbroker.provider.RegistrationDesk.Order;
import org.tokenbroker.provider.RegistrationDesk.Put;
import org.tokenbroker.provider.Registrations.Dependents;
import org.tokenbroker.provider.Registrations.Found;

/**
 * Whether a registration may lead to another place than before. Asked before anything is written:
 * secrets meant for another place must not reach the one where connections are, nor those of one
 * place another (IV-1).
 */
@ApplicationScoped
class MoveRules {
  private static final Flaw OF_ANOTHER_PLACE =
      new Flaw(
          "variables",
          "lead to another place than that of the credentials that are held: give client_id and"
              + " client_secret anew, or create another registration; signing keys do not move");

  private final Registrations registrations;

  MoveRules(Registrations registrations) {
    this.registrations = registrations;
  }

  /**
   * Empty where the order leads to where the registration was, or may lead elsewhere.
   *
   * @param carriesOver whether anything that was given before would stay in use
   */
  Uni<Optional<Put>> refusal(Order order, boolean carriesOver) {
    return registrations
        .find(order.id())
        .chain(
            found ->
                switch (found) {
                  case Found.Yes yes when moves(order, yes.kept().registration()) ->
                      registrations
                          .dependents(order.id())
                          .map(dependents -> refusal(dependents, carriesOver));
                  case Found.Yes yes -> Uni.createFrom().item(Optional.empty());
                  case Found.Unknown unknown -> Uni.createFrom().item(Optional.empty());
                  case Found.Unavailable unavailable ->
                      Uni.createFrom().item(Optional.of(new Put.Unavailable()));
                });
  }

  private static Optional<Put> refusal(Dependents dependents, boolean carriesOver) {
    return switch (dependents) {
      case NONE ->
          carriesOver ? Optional.of(new Put.Flawed(List.of(OF_ANOTHER_PLACE))) : Optional.empty();
      case SOME -> Optional.of(new Put.InUse());
      case UNAVAILABLE -> Optional.of(new Put.Unavailable());
    };
  }

  private static boolean moves(Order order, Registration before) {
    return !order.profile().equals(before.profile())
        || !order.particulars().variables().equals(before.particulars().variables());
  }
}
