package org.tokenbroker.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.MultiMap;
import java.net.URLDecoder;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * RFC 6749 §2.3: exactly one method per request, and it must be the one that the client is
 * registered with.
 */
final class ClientAuthenticator {
  private static final String ASSERTION_TYPE =
      "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

  private final Map<String, OAuthClient> clients = new ConcurrentHashMap<>();
  private final ClientAssertions assertions;

  ClientAuthenticator(StrictOptions options, ClientAssertions assertions) {
    this.assertions = assertions;
    options.clients().forEach(this::register);
  }

  void register(OAuthClient client) {
    clients.put(client.clientId(), client);
  }

  Optional<OAuthClient> find(@Nullable String clientId) {
    return clientId == null ? Optional.empty() : Optional.ofNullable(clients.get(clientId));
  }

  /** The id that the request claims, for the ledger; empty text where it claims none. */
  String claimed(@Nullable String authorization, MultiMap form) {
    String id = form.get("client_id");
    if (id != null) {
      return id;
    }
    try {
      if (authorization != null) {
        return basic(authorization).id;
      }
      String assertion = form.get("client_assertion");
      return assertion == null ? "" : assertions.claimedSubject(assertion);
    } catch (OAuthError e) {
      return "";
    }
  }

  /**
   * @throws OAuthError {@code invalid_request} for two methods at once, {@code invalid_client} for
   *     anything that does not prove the client
   */
  OAuthClient authenticate(@Nullable String authorization, MultiMap form) throws OAuthError {
    boolean basic = authorization != null;
    boolean post = form.contains("client_secret");
    boolean assertion = form.contains("client_assertion") || form.contains("client_assertion_type");
    if ((basic ? 1 : 0) + (post ? 1 : 0) + (assertion ? 1 : 0) > 1) {
      throw OAuthError.invalidRequest("more than one client authentication method");
    }
    if (authorization != null) {
      return byBasic(basic(authorization), form);
    }
    if (assertion) {
      return byAssertion(form);
    }
    OAuthClient client = find(form.get("client_id")).orElseThrow(ClientAuthenticator::refused);
    String secret = form.get("client_secret");
    return switch (client.authentication()) {
      case OAuthClient.SecretPost registered
          when secret != null && same(registered.secret(), secret) ->
          client;
      case OAuthClient.Public registered when secret == null -> client;
      case OAuthClient.SecretPost registered -> throw refused();
      case OAuthClient.Public registered -> throw refused();
      case OAuthClient.SecretBasic registered -> throw refused();
      case OAuthClient.PrivateKeyJwt registered -> throw refused();
    };
  }

  private OAuthClient byBasic(Credentials credentials, MultiMap form) throws OAuthError {
    String inBody = form.get("client_id");
    if (inBody != null && !inBody.equals(credentials.id)) {
      throw OAuthError.invalidRequest("client_id differs from the Authorization header");
    }
    OAuthClient client = find(credentials.id).orElseThrow(ClientAuthenticator::refused);
    return switch (client.authentication()) {
      case OAuthClient.SecretBasic registered when same(registered.secret(), credentials.secret) ->
          client;
      case OAuthClient.SecretBasic registered -> throw refused();
      case OAuthClient.SecretPost registered -> throw refused();
      case OAuthClient.PrivateKeyJwt registered -> throw refused();
      case OAuthClient.Public registered -> throw refused();
    };
  }

  private OAuthClient byAssertion(MultiMap form) throws OAuthError {
    String assertion = form.get("client_assertion");
    if (assertion == null || !ASSERTION_TYPE.equals(form.get("client_assertion_type"))) {
      throw OAuthError.invalidRequest("client_assertion and client_assertion_type go together");
    }
    OAuthClient client =
        find(assertions.claimedSubject(assertion)).orElseThrow(ClientAuthenticator::refused);
    String inBody = form.get("client_id");
    if (inBody != null && !inBody.equals(client.clientId())) {
      throw OAuthError.invalidRequest("client_id differs from the assertion's subject");
    }
    return switch (client.authentication()) {
      case OAuthClient.PrivateKeyJwt registered -> {
        assertions.verify(client.clientId(), registered, assertion);
        yield client;
      }
      case OAuthClient.SecretBasic registered -> throw refused();
      case OAuthClient.SecretPost registered -> throw refused();
      case OAuthClient.Public registered -> throw refused();
    };
  }

  private static Credentials basic(String authorization) throws OAuthError {
    if (!authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
      throw refused();
    }
    try {
      String pair =
          new String(Base64.getDecoder().decode(authorization.substring(6).strip()), UTF_8);
      int colon = pair.indexOf(':');
      if (colon < 0) {
        throw refused();
      }
      return new Credentials(
          URLDecoder.decode(pair.substring(0, colon), UTF_8),
          URLDecoder.decode(pair.substring(colon + 1), UTF_8));
    } catch (IllegalArgumentException e) {
      throw refused();
    }
  }

  private static boolean same(String registered, String presented) {
    return MessageDigest.isEqual(registered.getBytes(UTF_8), presented.getBytes(UTF_8));
  }

  private static OAuthError refused() {
    return OAuthError.invalidClient("client authentication failed");
  }

  private record Credentials(String id, String secret) {}
}
