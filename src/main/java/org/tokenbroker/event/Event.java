package org.tokenbroker.event;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.TenantId;

/**
 * Something that happened to a connection or a registration. Holds no secret. States and causes are
 * the names that the management API shows.
 */
public sealed interface Event {
  Stamp stamp();

  Kind kind();

  /** Id of the connection or registration: what happened to one subject is told in order. */
  String subject();

  /**
   * @param id never given twice
   * @param place after every event that was there before it
   * @param happenedAt by the database's clock
   */
  record Stamp(UUID id, Place place, Instant happenedAt) {}

  /**
   * Which connection.
   *
   * @param tenant absent while it is unclaimed
   * @param provider id of its profile
   */
  record Whose(
      ConnectionId connection,
      Optional<TenantId> tenant,
      RegistrationId registration,
      String provider) {}

  /**
   * Which registration, and whom to tell (IV-9).
   *
   * @param provider id of its profile
   * @param purpose may be empty
   */
  record Which(
      RegistrationId registration,
      String provider,
      String name,
      String purpose,
      List<String> contacts) {}

  /**
   * A connection came into another state.
   *
   * @param kind one of those about connections
   * @param previousState absent where it was just created
   * @param cause why it is ailing or needs consent
   */
  record StateChanged(
      Stamp stamp,
      Kind kind,
      Whose whose,
      String state,
      Optional<String> previousState,
      Optional<String> cause)
      implements Event {
    @Override
    public String subject() {
      return whose.connection().value();
    }
  }

  /**
   * A connection's owner has to agree again before long (G-9).
   *
   * @param state unchanged
   * @param endsAt when the agreement ends
   */
  record ConsentExpiring(Stamp stamp, Whose whose, String state, Instant endsAt) implements Event {
    @Override
    public Kind kind() {
      return Kind.CONNECTION_CONSENT_EXPIRING;
    }

    @Override
    public String subject() {
      return whose.connection().value();
    }
  }

  /**
   * The provider refuses our client (IV-10).
   *
   * @param cause {@code invalid_client} or {@code unauthorized_client}
   */
  record RegistrationFaulty(Stamp stamp, Which which, String cause) implements Event {
    @Override
    public Kind kind() {
      return Kind.REGISTRATION_FAULTY;
    }

    @Override
    public String subject() {
      return which.registration().value();
    }
  }

  /**
   * The fault of a registration ended.
   *
   * @param cause {@code accepted}: the provider accepts our client again; {@code changed}: an
   *     operator changed the registration, and it is to be tried again
   */
  record RegistrationHealthy(Stamp stamp, Which which, String cause) implements Event {
    @Override
    public Kind kind() {
      return Kind.REGISTRATION_HEALTHY;
    }

    @Override
    public String subject() {
      return which.registration().value();
    }
  }
}
