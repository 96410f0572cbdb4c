package org.tokenbroker.sandbox;

import io.quarkus.runtime.Application;
import io.quarkus.runtime.Quarkus;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.tokenbroker.sandbox.OAuthClient.SecretBasic;

/**
 * Starts everything that a first run needs, then the broker: PostgreSQL, certificates, an
 * authorization server with strict rotation. What it starts listens on loopback only.
 */
public final class SandboxMain {
  static final String PROFILE = "sandbox";
  private static final Duration TOKEN_LIFE = Duration.ofMinutes(2);
  private static final int PROVIDER_START_SECONDS = 20;
  private static final Duration STOP_CHECK_EVERY = Duration.ofMillis(100);
  private static final int STOP_CHECKS = 400;

  private SandboxMain() {}

  public static void main(String... args) {
    SandboxSettings settings = SandboxSettings.of(System.getenv());
    SandboxCertificates certificates =
        SandboxCertificates.in(settings.folder().resolve("certificates"), Clock.systemUTC());
    EmbeddedPostgresServer postgres =
        EmbeddedPostgresServer.start(
            settings.folder().resolve("postgresql"), settings.postgresPort());
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> closeAfterBroker(postgres), "sandbox-postgresql-stop"));
    DemoClients clients = DemoClients.in(settings.folder(), settings.consentPort());
    StrictAuthorizationServer provider = startProvider(settings, clients);
    Path catalog = writeProfile(settings.folder().resolve("catalog"), provider);
    properties(settings, certificates, postgres, catalog).forEach(System::setProperty);
    Demonstration.prepare(settings, certificates, clients);
    Quarkus.run(Demonstration.class, args);
  }

  /** The broker ends refreshes in flight first; it has its own limit for that. */
  private static void closeAfterBroker(EmbeddedPostgresServer postgres) {
    for (int i = 0; i < STOP_CHECKS && Application.currentApplication() != null; i++) {
      LockSupport.parkNanos(STOP_CHECK_EVERY.toNanos());
    }
    postgres.close();
  }

  private static StrictAuthorizationServer startProvider(
      SandboxSettings settings, DemoClients clients) {
    StrictOptions options =
        StrictOptions.strict()
            .port(settings.providerPort())
            .tokenLife(TOKEN_LIFE)
            .marker("sandbox-")
            .client(
                new OAuthClient(
                    clients.machineId(),
                    new SecretBasic(clients.machineSecret()),
                    List.of(),
                    Set.of("demo.read")))
            .client(
                new OAuthClient(
                    clients.appId(),
                    new SecretBasic(clients.appSecret()),
                    List.of(clients.redirectUri()),
                    Set.of("demo.read", "demo.write", "offline_access")));
    try {
      return StrictAuthorizationServer.start(Vertx.vertx(), options)
          .toCompletionStage()
          .toCompletableFuture()
          .get(PROVIDER_START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException failed) {
      throw new IllegalStateException("the sandbox authorization server did not start", failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("stopped while starting", stopped);
    }
  }

  private static Path writeProfile(Path folder, StrictAuthorizationServer provider) {
    try {
      Files.createDirectories(folder);
      Files.writeString(
          folder.resolve(PROFILE + ".yaml"),
          """
          id: %s
          name: Sandbox provider
          issuer: %s
          endpoints:
            authorize: %s
            token: %s
            revoke: %s
          grants: [authorization_code, client_credentials]
          client_authentication: [client_secret_basic]
          authorize:
            require_iss: true
          token:
            require_refresh_token: true
          refresh:
            rotation: strict
          """
              .formatted(
                  PROFILE,
                  provider.issuer(),
                  provider.authorizationEndpoint(),
                  provider.tokenEndpoint(),
                  provider.revocationEndpoint()));
      return folder;
    } catch (IOException unwritable) {
      throw new UncheckedIOException("the sandbox profile cannot be written", unwritable);
    }
  }

  private static Map<String, String> properties(
      SandboxSettings settings,
      SandboxCertificates certificates,
      EmbeddedPostgresServer postgres,
      Path catalog) {
    Map<String, String> properties = new TreeMap<>();
    properties.put("quarkus.profile", PROFILE);
    properties.put("quarkus.http.host", "127.0.0.1");
    properties.put("quarkus.http.port", Integer.toString(settings.consentPort()));
    properties.put("quarkus.http.ssl-port", Integer.toString(settings.tokenPort()));
    properties.put("quarkus.management.host", "127.0.0.1");
    properties.put("quarkus.management.port", Integer.toString(settings.managementPort()));
    properties.put(
        "quarkus.tls.server.key-store.pem.0.cert", certificates.server().certificate().toString());
    properties.put(
        "quarkus.tls.server.key-store.pem.0.key", certificates.server().key().toString());
    properties.put("quarkus.tls.server.trust-store.pem.certs", certificates.bundle().toString());
    properties.put("quarkus.datasource.username", EmbeddedPostgresServer.USER);
    properties.put(
        "quarkus.datasource.reactive.url", postgres.reactiveUrl(EmbeddedPostgresServer.DATABASE));
    properties.put("quarkus.log.console.enabled", "false");
    properties.put("quarkus.log.file.enabled", "true");
    properties.put("quarkus.log.file.path", settings.folder().resolve("broker.log").toString());
    properties.put("token-broker.catalog.directory", catalog.toString());
    properties.put("token-broker.provider.allow-plain-http", "true");
    properties.put("token-broker.provider.allowed-networks", "127.0.0.0/8");
    properties.put("token-broker.consent.public-url", settings.consentUrl());
    properties.put("token-broker.identity.trust-domains", SandboxCertificates.TRUST_DOMAIN);
    properties.put("token-broker.operators", SandboxCertificates.OPERATOR);
    properties.put(
        "token-broker.sandbox.key-file", settings.folder().resolve("safe-key.json").toString());
    return properties;
  }
}
