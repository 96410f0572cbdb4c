package org.tokenbroker.provider;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What became of the look-up before a new connection becomes active (BE-9). */
public sealed interface PostConnectReply {
  /** All that the profile requires is there. */
  record Learned(Facts facts) implements PostConnectReply {}

  /**
   * The provider answered, but not with all that the profile requires.
   *
   * @param names of {@code post_connect.metadata}, and {@code identity} where that is missing
   */
  record Lacking(Set<String> names) implements PostConnectReply {}

  /** 401 or 403: the API does not accept the token. */
  record Refused() implements PostConnectReply {}

  /**
   * The API asks for a pause: 429, or 503 with a {@code Retry-After}.
   *
   * @param retryAfter within 1 s and 1 h; 30 s where a 429 does not say
   */
  record Throttled(Duration retryAfter) implements PostConnectReply {}

  /** No usable answer; asking later may bring one. */
  record Unavailable(Hindrance hindrance) implements PostConnectReply {}

  /**
   * What was learned.
   *
   * @param identity what names the provider's account (BE-18); at most 256 characters
   * @param metadata public facts by our names; several values of one place are joined by commas
   *     (X-1)
   * @param returnUrl where the owner is led back to: an {@code https} URL within the profile's
   *     {@code return_hosts} (BE-10)
   * @param returnUrlRefused whether the answer named one that is not, and was dropped
   */
  record Facts(
      Optional<String> identity,
      Map<String, String> metadata,
      Optional<URI> returnUrl,
      boolean returnUrlRefused) {
    /** Of a profile that asks for nothing. */
    public static final Facts NONE = new Facts(Optional.empty(), Map.of(), Optional.empty(), false);
  }

  /** Why there is no usable answer. */
  enum Hindrance {
    /** No connection, or its certificate was not accepted: nothing was sent. */
    UNREACHABLE,
    /** The host leads to an address that is out of reach (C24): nothing was sent. */
    ADDRESS_REFUSED,
    /** The certificate that the registration shows is missing: nothing was sent. */
    CREDENTIAL_UNUSABLE,
    /** Our own guard held the request back: nothing was sent. */
    HELD_BACK,
    /** No complete answer came. */
    NO_ANSWER,
    /** A status that says nothing of the token, for example 404 or 500. */
    STATUS,
    /** A success status with a body that is no JSON, too deep or larger than the cap. */
    UNREADABLE
  }
}
