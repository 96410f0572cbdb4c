package org.tokenbroker.sandbox;

import java.util.List;
import java.util.Set;

/**
 * A client registered at the strict authorization server.
 *
 * @param clientId its identifier
 * @param authentication the one method by which it must prove itself
 * @param redirectUris where codes may be sent, compared as strings (RFC 9700 §2.1); empty: no code
 *     grant
 * @param scopes what it may ask for; a request without {@code scope} gets all of them
 */
public record OAuthClient(
    String clientId, Authentication authentication, List<String> redirectUris, Set<String> scopes) {
  /** How a client proves itself at the token endpoint. */
  public sealed interface Authentication {
    /** The name in RFC 8414 metadata. */
    String method();
  }

  /** RFC 6749 §2.3.1: the Basic header, both parts form-encoded first. */
  public record SecretBasic(String secret) implements Authentication {
    @Override
    public String method() {
      return "client_secret_basic";
    }

    @Override
    public String toString() {
      return method();
    }
  }

  /** RFC 6749 §2.3.1: in the body. */
  public record SecretPost(String secret) implements Authentication {
    @Override
    public String method() {
      return "client_secret_post";
    }

    @Override
    public String toString() {
      return method();
    }
  }

  /**
   * RFC 7523 §2.2.
   *
   * @param jwks the public keys as a JWK Set document (RFC 7517 §5)
   */
  public record PrivateKeyJwt(String jwks) implements Authentication {
    @Override
    public String method() {
      return "private_key_jwt";
    }
  }

  /** A public client. Never gets client credentials. */
  public record Public() implements Authentication {
    @Override
    public String method() {
      return "none";
    }
  }

  public OAuthClient {
    redirectUris = List.copyOf(redirectUris);
    scopes = Set.copyOf(scopes);
  }

  public static OAuthClient of(String clientId, Authentication authentication) {
    return new OAuthClient(
        clientId, authentication, List.of(), Set.of("read", "write", "offline_access"));
  }

  public OAuthClient redirectingTo(String... uris) {
    return new OAuthClient(clientId, authentication, List.of(uris), scopes);
  }

  public OAuthClient allowed(String... allowed) {
    return new OAuthClient(clientId, authentication, redirectUris, Set.of(allowed));
  }
}
