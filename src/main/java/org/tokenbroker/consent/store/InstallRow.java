package org.tokenbroker.consent.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.token.ConnectionId;

/** A row of table {@code install}. Only ever read; every change is one SQL statement. */
@Entity
@Table(name = "install")
public class InstallRow {
  @Id
  @Column(name = "code_fingerprint")
  String codeFingerprint = "";

  String registration = "";
  String connection = "";

  @Column(name = "browser_fingerprint")
  @Nullable String browserFingerprint;

  @Column(name = "begun_at")
  Instant begunAt = Instant.EPOCH;

  ConnectionId connectionId() {
    return new ConnectionId(connection);
  }
}
