package org.tokenbroker.sandbox;

import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a {@link StrictAuthorizationServer} behaves.
 *
 * @param port TCP port on 127.0.0.1; 0 takes a free one
 * @param time decides when codes, tokens and assertions end
 * @param tokenLife life of an access token
 * @param refreshTokenLife life of a refresh token, told as {@code refresh_token_expires_in}; empty:
 *     unlimited and not told
 * @param codeLife life of an authorization code, 30 to 60 s
 * @param rotation what happens to a used refresh token
 * @param expiresIn the JSON form of {@code expires_in} (MO-9)
 * @param assertionAudience the {@code aud} that a client assertion must carry
 * @param marker starts every token, code and secret made here, so that a scan can find a leaked one
 * @param tls key and certificate for HTTPS, valid for 127.0.0.1; empty: plain HTTP
 * @param clients who may ask
 */
public record StrictOptions(
    int port,
    InstantSource time,
    Duration tokenLife,
    Optional<Duration> refreshTokenLife,
    Duration codeLife,
    RotationMode rotation,
    ExpiresIn expiresIn,
    Audience assertionAudience,
    String marker,
    Optional<KeyMaterial> tls,
    List<OAuthClient> clients) {

  /** JSON type of {@code expires_in}. */
  public enum ExpiresIn {
    NUMBER,
    STRING
  }

  /**
   * Accepted audience of a client assertion: providers differ (RFC 7523 §3 item 3; providers.md
   * A6).
   */
  public enum Audience {
    TOKEN_ENDPOINT,
    ISSUER
  }

  public StrictOptions {
    clients = List.copyOf(clients);
    if (codeLife.compareTo(Duration.ofSeconds(30)) < 0
        || codeLife.compareTo(Duration.ofSeconds(60)) > 0) {
      throw new IllegalArgumentException("codeLife must be 30 to 60 s, is " + codeLife);
    }
    if (tokenLife.isNegative() || tokenLife.isZero()) {
      throw new IllegalArgumentException("tokenLife must be positive, is " + tokenLife);
    }
    if (!marker.matches("[A-Za-z0-9._-]{1,32}")) {
      throw new IllegalArgumentException("marker must be 1 to 32 characters of A-Z a-z 0-9 . _ -");
    }
  }

  /** Strict rotation, tokens of 120 s, a free port, the system clock, no client. */
  public static StrictOptions strict() {
    return new StrictOptions(
        0,
        Clock.systemUTC(),
        Duration.ofSeconds(120),
        Optional.empty(),
        Duration.ofSeconds(60),
        new RotationMode.Strict(),
        ExpiresIn.NUMBER,
        Audience.TOKEN_ENDPOINT,
        "strict-",
        Optional.empty(),
        List.of());
  }

  public StrictOptions port(int value) {
    return new StrictOptions(
        value,
        time,
        tokenLife,
        refreshTokenLife,
        codeLife,
        rotation,
        expiresIn,
        assertionAudience,
        marker,
        tls,
        clients);
  }

  public StrictOptions time(InstantSource value) {
    return new StrictOptions(
        port,
        value,
        tokenLife,
        refreshTokenLife,
        codeLife,
        rotation,
        expiresIn,
        assertionAudience,
        marker,
        tls,
        clients);
  }

  public StrictOptions tokenLife(Duration value) {
    return new StrictOptions(
        port,
        time,
        value,
        refreshTokenLife,
        codeLife,
        rotation,
        expiresIn,
        assertionAudience,
        marker,
        tls,
        clients);
  }

  public StrictOptions refreshTokenLife(Duration value) {
    return new StrictOptions(
        port,
        time,
        tokenLife,
        Optional.of(value),
        codeLife,
        rotation,
        expiresIn,
        assertionAudience,
        marker,
        tls,
        clients);
  }

  public StrictOptions codeLife(Duration value) {
    return new StrictOptions(
        port,
        time,
        tokenLife,
        refreshTokenLife,
        value,
        rotation,
        expiresIn,
        assertionAudience,
        marker,
        tls,
        clients);
  }

  public StrictOptions rotation(RotationMode value) {
    return new StrictOptions(
        port,
        time,
        tokenLife,
        refreshTokenLife,
        codeLife,
        value,
        expiresIn,
        assertionAudience,
        marker,
        tls,
        clients);
  }

  public StrictOptions expiresIn(ExpiresIn value) {
    return new StrictOptions(
        port,
        time,
        tokenLife,
        refreshTokenLife,
        codeLife,
        rotation,
        value,
        assertionAudience,
        marker,
        tls,
        clients);
  }

  public StrictOptions assertionAudience(Audience value) {
    return new StrictOptions(
        port,
        time,
        tokenLife,
        refreshTokenLife,
        codeLife,
        rotation,
        expiresIn,
        value,
        marker,
        tls,
        clients);
  }

  public StrictOptions marker(String value) {
    return new StrictOptions(
        port,
        time,
        tokenLife,
        refreshTokenLife,
        codeLife,
        rotation,
        expiresIn,
        assertionAudience,
        value,
        tls,
        clients);
  }

  /** Speaks HTTPS only. */
  public StrictOptions tls(KeyMaterial value) {
    return new StrictOptions(
        port,
        time,
        tokenLife,
        refreshTokenLife,
        codeLife,
        rotation,
        expiresIn,
        assertionAudience,
        marker,
        Optional.of(value),
        clients);
  }

  /** Adds a client. */
  public StrictOptions client(OAuthClient value) {
    return clients(Stream.concat(clients.stream(), Stream.of(value)).toList());
  }

  /** These clients instead of the ones before. */
  public StrictOptions clients(List<OAuthClient> values) {
    return new StrictOptions(
        port,
        time,
        tokenLife,
        refreshTokenLife,
        codeLife,
        rotation,
        expiresIn,
        assertionAudience,
        marker,
        tls,
        values);
  }
}
