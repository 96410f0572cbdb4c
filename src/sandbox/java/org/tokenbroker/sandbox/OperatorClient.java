package org.tokenbroker.sandbox;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The management API over mTLS, with the operator's certificate. */
final class OperatorClient {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final String base;
  private final HttpClient http;

  OperatorClient(String base, SandboxCertificates certificates) {
    this.base = base;
    this.http =
        HttpClient.newBuilder().sslContext(context(certificates)).connectTimeout(PATIENCE).build();
  }

  /**
   * The broker did not do what the demonstration needs. The message holds no body: that may repeat
   * a secret.
   */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refused(String message, Throwable cause) {
      super(message, cause);
    }

    Refused(String message) {
      super(message);
    }
  }

  void put(String path, JsonObject body) {
    send("PUT", path, BodyPublishers.ofString(body.encode()));
  }

  JsonObject post(String path) {
    return new JsonObject(send("POST", path, BodyPublishers.noBody()));
  }

  private String send(String method, String path, BodyPublisher body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base + path))
            .method(method, body)
            .header("Content-Type", "application/json")
            .timeout(PATIENCE)
            .build();
    try {
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      if (response.statusCode() / 100 != 2) {
        throw new Refused(
            "the broker answered " + response.statusCode() + " to " + method + " " + path);
      }
      return response.body();
    } catch (IOException unreachable) {
      throw new Refused("the broker does not answer " + method + " " + path, unreachable);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new Refused("stopped while setting up", stopped);
    }
  }

  private static SSLContext context(SandboxCertificates certificates) {
    char[] password = new char[0];
    try {
      KeyStore own = KeyStore.getInstance("PKCS12");
      own.load(null, password);
      KeyMaterial operator = KeyMaterial.read(folder(certificates), "operator");
      own.setKeyEntry(
          "operator", operator.key(), password, operator.chain().toArray(Certificate[]::new));
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(own, password);
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, password);
      trusted.setCertificateEntry("ca", certificate(certificates.bundle()));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), new SecureRandom());
      return context;
    } catch (GeneralSecurityException | IOException unusable) {
      throw new Refused("the sandbox certificates cannot be used", unusable);
    }
  }

  private static Certificate certificate(Path pem) throws GeneralSecurityException, IOException {
    try (InputStream in = Files.newInputStream(pem)) {
      return CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  private static Path folder(SandboxCertificates certificates) {
    return certificates.bundle().resolveSibling("");
  }
}
