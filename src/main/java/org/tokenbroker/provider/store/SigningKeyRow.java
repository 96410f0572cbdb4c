package org.tokenbroker.provider.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.provider.KeptKey;
import org.tokenbroker.provider.KeyState;

/** A row of table {@code signing_key}. Only ever read; every change is one SQL statement. */
@Entity
@Table(name = "signing_key")
@IdClass(SigningKeyRow.Key.class)
public class SigningKeyRow {
  @Id String registration = "";

  @Id
  @Column(name = "key_id")
  String keyId = "";

  String algorithm = "";

  @Column(name = "public_jwk")
  @Nullable String publicJwk;

  String state = "";
  Instant since = Instant.EPOCH;

  @Column(name = "published_until")
  @Nullable Instant publishedUntil;

  @Column(name = "created_at")
  Instant createdAt = Instant.EPOCH;

  /** Which key of which registration. */
  public static class Key implements Serializable {
    private static final long serialVersionUID = 1L;

    String registration = "";
    String keyId = "";

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key
          && key.registration.equals(registration)
          && key.keyId.equals(keyId);
    }

    @Override
    public int hashCode() {
      return Objects.hash(registration, keyId);
    }
  }

  /** A state as the table names it. */
  enum Name {
    GENERATED,
    UPLOADED,
    ACTIVE,
    RETIRED;

    static Name of(KeyState state) {
      return switch (state) {
        case KeyState.Generated generated -> GENERATED;
        case KeyState.Uploaded uploaded -> UPLOADED;
        case KeyState.Active active -> ACTIVE;
        case KeyState.Retired retired -> RETIRED;
      };
    }
  }

  KeptKey kept() {
    return new KeptKey(keyId, algorithm, Optional.ofNullable(publicJwk), state(), createdAt);
  }

  private KeyState state() {
    return switch (Name.valueOf(state)) {
      case GENERATED -> new KeyState.Generated(since);
      case UPLOADED -> new KeyState.Uploaded(since);
      case ACTIVE -> new KeyState.Active(since);
      case RETIRED ->
          new KeyState.Retired(since, Objects.requireNonNullElse(publishedUntil, since));
    };
  }
}
