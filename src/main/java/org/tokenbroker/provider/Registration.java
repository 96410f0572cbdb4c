package org.tokenbroker.provider;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;

/**
 * Our OAuth client at a provider. Holds no secret: the client id and its secret or key lie in the
 * safe (BE-2).
 *
 * @param profile id of the catalogue's profile
 * @param name descriptive name for people and alerts (IV-9)
 * @param purpose what it is used for (IV-9); may be empty
 * @param contacts who is told when it is at fault (IV-9)
 * @param authentication one of the profile's methods
 * @param signing how assertions are signed; present for {@code private_key_jwt} once a key is
 *     active
 * @param scopes what every request asks for unless a connection asks for a subset; no defaults
 *     (MO-6)
 * @param redirectUris the registered ones; exactly one of them is sent (IV-5); empty without the
 *     authorization code grant
 * @param particulars what it fills into its profile
 * @param version rises with each change, of the secrets too
 */
public record Registration(
    RegistrationId id,
    String profile,
    String name,
    String purpose,
    List<String> contacts,
    ClientAuthenticationMethod authentication,
    Optional<Signing> signing,
    Scopes scopes,
    List<URI> redirectUris,
    Particulars particulars,
    RegistrationHealth health,
    long version) {

  /** Of a profile that leaves nothing to its registrations. */
  public Registration(
      RegistrationId id,
      String profile,
      String name,
      String purpose,
      List<String> contacts,
      ClientAuthenticationMethod authentication,
      Optional<Signing> signing,
      Scopes scopes,
      List<URI> redirectUris,
      RegistrationHealth health,
      long version) {
    this(
        id,
        profile,
        name,
        purpose,
        contacts,
        authentication,
        signing,
        scopes,
        redirectUris,
        Particulars.NONE,
        health,
        version);
  }

  /**
   * @param algorithm JWS algorithm, asymmetric only: RS256, PS256, ES256 …
   * @param keyId {@code kid} header of the assertion
   */
  public record Signing(String algorithm, String keyId) {}
}
