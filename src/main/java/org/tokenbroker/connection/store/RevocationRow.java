package org.tokenbroker.connection.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.tokenbroker.connection.Revocations.Order;
import org.tokenbroker.token.RegistrationId;

/** A row of table {@code revocation}. Only ever read; every change is one SQL statement. */
@Entity
@Table(name = "revocation")
public class RevocationRow {
  @Id String id = "";
  String registration = "";
  int attempts;

  @Column(name = "next_at")
  Instant nextAt = Instant.EPOCH;

  @Column(name = "give_up_at")
  Instant giveUpAt = Instant.EPOCH;

  Order order() {
    return new Order(id, new RegistrationId(registration), attempts, giveUpAt);
  }
}
