package org.tokenbroker.event;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** What can happen. Names are part of the contract with operators and webhooks. */
public enum Kind {
  /** An owner agreed to a connection that belongs to no tenant yet (BE-4). */
  CONNECTION_UNCLAIMED("connection.unclaimed"),
  /** It is refreshed and served: for the first time, again, or after it was disabled. */
  CONNECTION_ACTIVE("connection.active"),
  /** Refreshing fails; its cause says whether an operator is needed. */
  CONNECTION_AILING("connection.ailing"),
  /** Only its owner can mend it (MO-13, MK-9). */
  CONNECTION_NEEDS_CONSENT("connection.needs_consent"),
  /** Its owner's agreement ends soon (G-9). */
  CONNECTION_CONSENT_EXPIRING("connection.consent_expiring"),
  /**
   * It was in service and waits now for what its provider tells of it: its account is another
   * connection's (BE-8).
   */
  CONNECTION_PENDING_CONSENT("connection.pending_consent"),
  /** The broker was told to end its grant, and not to forget it. */
  CONNECTION_REVOKED("connection.revoked"),
  /** Switched off by an operator. */
  CONNECTION_DISABLED("connection.disabled"),
  /** Disconnected by an operator; its id may come back as another connection. */
  CONNECTION_DELETED("connection.deleted"),
  /** The provider refuses our client: one event, however many connections it has (IV-10, C7). */
  REGISTRATION_FAULTY("registration.faulty"),
  /**
   * The provider accepts our client again, or an operator changed it and it is to be tried again.
   */
  REGISTRATION_HEALTHY("registration.healthy");

  private static final String TYPE_PREFIX = "org.tokenbroker.";

  private final String label;

  Kind(String label) {
    this.label = label;
  }

  /** Its name in our API and the event log. */
  public String label() {
    return label;
  }

  /** Its name as a CloudEvents {@code type}. */
  public String type() {
    return TYPE_PREFIX + label;
  }

  public static Optional<Kind> of(String label) {
    return Arrays.stream(values()).filter(kind -> kind.label.equals(label)).findFirst();
  }

  /** All names, for a message that says what is allowed. */
  public static String labels() {
    return Arrays.stream(values()).map(Kind::label).collect(Collectors.joining(", "));
  }
}
