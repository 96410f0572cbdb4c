package org.tokenbroker.counterpart;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.tokenbroker.fixture.Certificates;
import org.tokenbroker.sandbox.KeyMaterial;
import org.tokenbroker.sandbox.Leaf;

/** Calls a counterpart by hand: right, and then wrong in one thing. */
final class Visitor {
  private final HttpClient http =
      HttpClient.newBuilder().sslContext(Certificates.shared().withoutCertificate()).build();
  private final String authority;

  Visitor(String authority) {
    this.authority = authority;
  }

  static KeyMaterial certificate(String name) {
    return Certificates.shared().client(name, Leaf.loopbackServer(name)).material();
  }

  /** Where a counterpart's secrets are told to nobody. */
  static String keep(String kind, String value) {
    return value;
  }

  HttpResponse<String> form(String path, Map<String, String> body, String... headers) {
    return post(path, Parameters.FORM, encoded(body), headers);
  }

  HttpResponse<String> json(String path, Map<String, String> body, String... headers) {
    return post(path, Parameters.JSON, new JsonObject(Map.copyOf(body)).encode(), headers);
  }

  HttpResponse<String> get(String path, Map<String, String> query, String... headers) {
    return send(with(request(path + "?" + encoded(query)).GET(), headers));
  }

  /** What the browser is sent back with. */
  static Map<String, String> sentBackWith(HttpResponse<String> redirect) {
    URI location = URI.create(redirect.headers().firstValue("Location").orElseThrow());
    return Arrays.stream(location.getRawQuery().split("&", -1))
        .map(pair -> pair.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> decoded(pair[1])));
  }

  static String codeIn(HttpResponse<String> redirect) {
    return sentBackWith(redirect).getOrDefault("code", "");
  }

  static JsonObject body(HttpResponse<String> answer) {
    return new JsonObject(answer.body());
  }

  /** The same parameters, but for one. */
  static Map<String, String> but(Map<String, String> right, String name, String value) {
    Map<String, String> wrong = new LinkedHashMap<>(right);
    wrong.put(name, value);
    return wrong;
  }

  static Map<String, String> without(Map<String, String> right, String name) {
    Map<String, String> wrong = new LinkedHashMap<>(right);
    wrong.remove(name);
    return wrong;
  }

  private HttpResponse<String> post(String path, String type, String body, String... headers) {
    return send(
        with(
            request(path).header("Content-Type", type).POST(BodyPublishers.ofString(body)),
            headers));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("https://" + authority + path));
  }

  private static HttpRequest with(HttpRequest.Builder request, String... headers) {
    return headers.length == 0 ? request.build() : request.headers(headers).build();
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException("a counterpart does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while visiting a counterpart", e);
    }
  }

  static String encoded(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(each -> each.getKey() + "=" + encoded(each.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  private static String decoded(String value) {
    return URLDecoder.decode(value, StandardCharsets.UTF_8);
  }
}
