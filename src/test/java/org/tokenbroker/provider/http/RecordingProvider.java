package org.tokenbroker.provider.http;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemTrustOptions;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.tokenbroker.fixture.Certificates;
import org.tokenbroker.fixture.TlsContexts;
import org.tokenbroker.fixture.Waited;
import org.tokenbroker.sandbox.KeyMaterial;

/**
 * A provider over HTTPS that grants whatever it is asked for, and keeps every request as it came.
 */
final class RecordingProvider implements AutoCloseable {

  private final Vertx vertx = Vertx.vertx();
  private final List<Came> requests = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private volatile Answer answer =
      Answer.json(new JsonObject().put("access_token", "canary-granted"));

  /**
   * @param type value of {@code Content-Type}; empty: none is sent
   */
  private record Answer(int status, String type, String body) {
    static Answer json(JsonObject body) {
      return new Answer(200, "application/json", body.encode());
    }
  }

  /**
   * One request.
   *
   * @param uri path and query, as they stood in the request line
   * @param client subject of the certificate that the client showed, if any
   */
  record Came(String method, String uri, MultiMap headers, String body, Optional<String> client) {
    String path() {
      return uri.replaceFirst("\\?.*", "");
    }

    Map<String, String> query() {
      return uri.contains("?") ? parameters(uri.substring(uri.indexOf('?') + 1)) : Map.of();
    }

    /** The body, read as a form. */
    Map<String, String> form() {
      return parameters(body);
    }

    Map<String, Object> json() {
      return new JsonObject(body).getMap();
    }

    Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name));
    }

    private static Map<String, String> parameters(String encoded) {
      Map<String, String> parameters = new LinkedHashMap<>();
      for (String pair : encoded.split("&")) {
        String[] parts = pair.split("=", 2);
        String before = parameters.put(decoded(parts[0]), decoded(parts[1]));
        if (before != null) {
          throw new AssertionError("a parameter came twice: " + parts[0]);
        }
      }
      return parameters;
    }

    private static String decoded(String text) {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
  }

  RecordingProvider() {
    this(ClientAuth.REQUEST);
  }

  /**
   * @param clientAuth whether it demands a certificate of its clients
   */
  RecordingProvider(ClientAuth clientAuth) {
    KeyMaterial material = Certificates.shared().server().material();
    HttpServerOptions options =
        TlsContexts.serving(material)
            .setClientAuth(clientAuth)
            .setTrustOptions(
                new PemTrustOptions().addCertPath(Certificates.shared().caFile().toString()));
    server = Waited.value(vertx.createHttpServer(options).requestHandler(this::answer).listen());
  }

  URI base() {
    return URI.create("https://127.0.0.1:" + server.actualPort());
  }

  /** What it grants from now on. */
  void grants(JsonObject tokens) {
    answer = Answer.json(tokens);
  }

  /**
   * What it answers from now on.
   *
   * @param type value of {@code Content-Type}; empty: none is sent
   */
  void answers(int status, String type, String body) {
    answer = new Answer(status, type, body);
  }

  List<Came> requests() {
    return List.copyOf(requests);
  }

  Came onlyRequest() {
    if (requests.size() != 1) {
      throw new AssertionError("one request was to come, not " + requests.size());
    }
    return requests.getFirst();
  }

  void forget() {
    requests.clear();
  }

  private void answer(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              requests.add(
                  new Came(
                      request.method().name(),
                      request.uri(),
                      request.headers(),
                      body.toString(),
                      client(request)));
              send(answer, request.response());
            });
  }

  private static void send(Answer answer, HttpServerResponse response) {
    if (!answer.type().isEmpty()) {
      response.putHeader("Content-Type", answer.type());
    }
    response.setStatusCode(answer.status()).end(answer.body());
  }

  private static Optional<String> client(HttpServerRequest request) {
    try {
      Certificate shown = request.connection().peerCertificates().getFirst();
      return Optional.of(((X509Certificate) shown).getSubjectX500Principal().getName());
    } catch (SSLPeerUnverifiedException none) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    Waited.value(vertx.close());
  }
}
