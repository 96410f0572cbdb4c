package org.tokenbroker.sandbox;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.tokenbroker.fixture.StrictProvider;

/**
 * A well-behaved OAuth client by hand, public unless told otherwise: what the server is tested
 * with.
 */
final class StrictClient {
  static final String CALLBACK = "http://127.0.0.1:9/callback";
  static final String VERIFIER = "a-verifier-of-forty-three-characters-or-more-0123";

  private final StrictProvider provider;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  StrictClient(StrictProvider provider) {
    this.provider = provider;
  }

  static OAuthClient registration() {
    return OAuthClient.of("public", new OAuthClient.Public()).redirectingTo(CALLBACK);
  }

  URI authorizeUrl(Map<String, String> changes) {
    Map<String, String> parameters =
        new TreeMap<>(
            Map.of(
                "response_type", "code",
                "client_id", "public",
                "redirect_uri", CALLBACK,
                "state", "state & more",
                "scope", "read offline_access",
                "code_challenge", challenge(),
                "code_challenge_method", "S256"));
    parameters.putAll(changes);
    return URI.create(provider.server().authorizationEndpoint() + "?" + form(parameters));
  }

  String codeFor(String account) {
    return Optional.ofNullable(query(provider.allow(authorizeUrl(Map.of()), account)).get("code"))
        .orElseThrow();
  }

  Map<String, String> exchangeForm(String code) {
    return new TreeMap<>(
        Map.of(
            "grant_type", "authorization_code",
            "client_id", "public",
            "code", code,
            "redirect_uri", CALLBACK,
            "code_verifier", VERIFIER));
  }

  JsonObject connect(String account) {
    return new JsonObject(token(exchangeForm(codeFor(account))).body());
  }

  HttpResponse<String> refresh(String refreshToken) {
    return send(refreshRequest(refreshToken));
  }

  /** Gives up after this time. */
  HttpResponse<String> refresh(String refreshToken, Duration patience) {
    return send(refreshRequest(refreshToken).timeout(patience));
  }

  private HttpRequest.Builder refreshRequest(String refreshToken) {
    return post(
        provider.server().tokenEndpoint(),
        form(
            Map.of(
                "grant_type",
                "refresh_token",
                "client_id",
                "public",
                "refresh_token",
                refreshToken)));
  }

  CompletableFuture<HttpResponse<String>> refreshLater(String refreshToken) {
    return http.sendAsync(refreshRequest(refreshToken).build(), BodyHandlers.ofString());
  }

  HttpResponse<String> token(Map<String, String> parameters) {
    return send(post(provider.server().tokenEndpoint(), form(parameters)));
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new BrokenAnswer(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** No whole answer arrived. */
  static final class BrokenAnswer extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private BrokenAnswer(IOException cause) {
      super(cause);
    }
  }

  static HttpRequest.Builder post(URI uri, String body) {
    return HttpRequest.newBuilder(uri)
        .timeout(Duration.ofSeconds(20))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(BodyPublishers.ofString(body));
  }

  static String form(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), UTF_8))
        .collect(Collectors.joining("&"));
  }

  static Map<String, String> query(URI uri) {
    Map<String, String> values = new TreeMap<>();
    for (String pair : uri.getRawQuery().split("&")) {
      String[] parts = pair.split("=", 2);
      values.put(parts[0], URLDecoder.decode(parts[1], UTF_8));
    }
    return values;
  }

  static String challenge() {
    try {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(MessageDigest.getInstance("SHA-256").digest(VERIFIER.getBytes(US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
