package org.tokenbroker.story;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.tokenbroker.fixture.BrokerProcess;
import org.tokenbroker.fixture.Browser;
import org.tokenbroker.fixture.Certificates;
import org.tokenbroker.fixture.OpenBao;
import org.tokenbroker.fixture.OpenBaoAdmin;
import org.tokenbroker.fixture.OpenBaoAudit;
import org.tokenbroker.fixture.Postgres;
import org.tokenbroker.fixture.UserCache;
import org.tokenbroker.sandbox.KeyMaterial;
import org.tokenbroker.sandbox.Leaf;

/**
 * The broker configured as in production, and everybody it has to do with. Started when the first
 * story asks for it, shared by all stories of the JVM, ended with it. Stories keep apart by the
 * names they give to their registrations, connections and accounts; one that breaks something mends
 * it before it ends.
 */
final class World {
  /** Where browsers believe the broker to be; the ingress in front of it ends TLS. */
  static final URI PUBLIC_URL = URI.create("https://consent.story.test");

  /** The tenant that is the operator's own organization. */
  static final String OWN_TENANT = "own-organization";

  /** KV v2 mount of the broker. */
  static final String MOUNT = "kv";

  private static final Duration HOUR = Duration.ofHours(1);

  private final Path folder;
  private final Path catalogue;
  private final Certificates certificates = Certificates.shared();
  private final Canaries canaries = new Canaries();
  private final Transcript transcript = new Transcript();
  private final Map<String, Certificates.Identity> consumers = new ConcurrentHashMap<>();
  private final Postgres postgres = Postgres.start();
  private final Postgres.Database database = postgres.freshDatabase();
  private final OpenBao vault;
  private final OpenBaoAudit audit;
  private final Map<String, String> settings;
  private final Provider brief;
  private final Provider lasting;
  private final BrokerProcess broker;
  private final List<String> endedLogs = new CopyOnWriteArrayList<>();

  private World() {
    folder = newFolder();
    catalogue = folder.resolve("catalogue");
    makeFolder(catalogue);
    vault = OpenBao.server(vaultTls());
    audit = vault.admin().audit();
    settings = Map.copyOf(production());
    brief = provider("brief", "Brief Bank", Duration.ofSeconds(10));
    lasting = provider("lasting", "Lasting Ledger", HOUR);
    broker = BrokerProcess.start(settings);
    Runtime.getRuntime().addShutdownHook(new Thread(this::end));
  }

  private static final class Shared {
    private static final World INSTANCE = new World();
  }

  static World shared() {
    return Shared.INSTANCE;
  }

  /** Manages the broker with the operator's certificate. */
  Operator operator() {
    return new Operator(this);
  }

  /** A workload with the certificate of this service account, at the first replica. */
  Consumer consumer(String account) {
    return new Consumer(
        this, consumers.computeIfAbsent(account, certificates::consumer), broker.tokenDoor());
  }

  /** Somebody with an account at the providers, and a browser of its own. */
  Owner owner(String account) {
    return new Owner(
        this,
        account,
        new Browser(
            certificates.withoutCertificate(),
            Map.of(PUBLIC_URL.toString(), broker.browserDoor())));
  }

  /** A provider whose tokens live for 10 s. */
  Provider brief() {
    return brief;
  }

  /** A provider whose tokens live for an hour. */
  Provider lasting() {
    return lasting;
  }

  /** One more provider; the broker finds its profile in the catalogue within seconds. */
  Provider provider(String id, String name, Duration tokenLife) {
    KeyMaterial certificate =
        certificates.client("provider-" + id, Leaf.loopbackServer(id)).material();
    Provider provider = Provider.open(id, name, tokenLife, certificate);
    profile(id, provider.profile());
    return provider;
  }

  /** A certificate for a server on loopback that the broker and browsers believe. */
  KeyMaterial counterpartCertificate(String name) {
    return certificates.client("counterpart-" + name, Leaf.loopbackServer(name)).material();
  }

  /** Adds a profile to the catalogue; the broker finds it within seconds. */
  void profile(String id, String yaml) {
    try {
      Files.writeString(catalogue.resolve(id + ".yaml"), yaml);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the profile of " + id, e);
    }
  }

  BrokerProcess broker() {
    return broker;
  }

  /** Runs a part of a story with a second replica on the same engines. */
  void withSecondReplica(java.util.function.Consumer<BrokerProcess> part) {
    try (BrokerProcess second = BrokerProcess.start(settings)) {
      try {
        part.accept(second);
      } finally {
        endedLogs.add(second.log());
      }
    }
  }

  /** What all replicas have logged so far. */
  String logs() {
    return broker.log() + String.join("", endedLogs);
  }

  Certificates certificates() {
    return certificates;
  }

  OpenBao vault() {
    return vault;
  }

  /** Every request that OpenBao got since the start. */
  OpenBaoAudit vaultAudit() {
    return audit;
  }

  Postgres postgres() {
    return postgres;
  }

  Postgres.Database database() {
    return database;
  }

  /** Every secret that passed through the stories. */
  Canaries canaries() {
    return canaries;
  }

  /** Every answer that the broker gave to the stories. */
  Transcript transcript() {
    return transcript;
  }

  /** What an operator would write for production. */
  private Map<String, String> production() {
    OpenBaoAdmin admin = vault.admin();
    admin.kv(MOUNT);
    admin.brokerPolicy("token-broker", MOUNT);
    OpenBaoAdmin.AppRole login = admin.appRole("token-broker", "token-broker", HOUR, HOUR);
    Certificates.Identity server = certificates.server();
    String ca = certificates.caFile().toString();
    Map<String, String> given = new HashMap<>();
    given.put(
        "quarkus.tls.server.key-store.pem.server.cert", server.files().certificate().toString());
    given.put("quarkus.tls.server.key-store.pem.server.key", server.files().key().toString());
    given.put("quarkus.tls.server.trust-store.pem.certs", ca);
    given.put("quarkus.tls.provider.trust-store.pem.certs", ca);
    given.put("quarkus.tls.webhook.trust-store.pem.certs", ca);
    given.put("token-broker.event.allowed-networks", "127.0.0.0/8");
    given.put("quarkus.datasource.reactive.url", database.reactiveUrl());
    given.put("quarkus.datasource.username", database.username());
    given.put("quarkus.datasource.password", canaries.plant("database password", marked("db")));
    given.put("quarkus.vault.url", vault.address().toString());
    given.put("quarkus.vault.tls.ca-cert", ca);
    given.put("quarkus.vault.authentication.app-role.role-id", login.roleId());
    given.put(
        "quarkus.vault.authentication.app-role.secret-id",
        canaries.plant("AppRole secret id", login.secretId()));
    given.put("token-broker.safe.mount", MOUNT);
    given.put("token-broker.identity.trust-domains", Certificates.TRUST_DOMAIN);
    given.put("token-broker.operators", Certificates.OPERATOR);
    given.put("token-broker.connection.own-tenants", OWN_TENANT);
    given.put("token-broker.provider.allowed-networks", "127.0.0.0/8");
    given.put("token-broker.start.allow", "provider-allows-own-host,webhook-on-own-host");
    given.put("token-broker.consent.public-url", PUBLIC_URL.toString());
    given.put("token-broker.catalog.directory", catalogue.toString());
    return given;
  }

  /** A value nobody else has. */
  static String marked(String what) {
    return "canary-" + what + "-" + UUID.randomUUID();
  }

  private OpenBao.Tls vaultTls() {
    KeyMaterial.PemFiles files =
        certificates.client("openbao", Leaf.loopbackServer("openbao")).files();
    return new OpenBao.Tls(files.certificate(), files.key(), certificates.withoutCertificate());
  }

  private void end() {
    keepLogs();
    broker.close();
    brief.close();
    lasting.close();
    vault.close();
    try {
      UserCache.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot clean up " + folder, e);
    }
  }

  /** Whoever looks into a failed story finds what the broker logged in the build's folder. */
  private void keepLogs() {
    String world = System.getProperty("story.world", "1");
    Path kept =
        Path.of(
            System.getProperty("build.directory", "target"), "story", "broker-" + world + ".log");
    try {
      Files.createDirectories(kept.getParent());
      Files.writeString(kept, logs());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep the broker's log as " + kept, e);
    }
  }

  private static Path newFolder() {
    try {
      return Files.createTempDirectory("story-");
    } catch (IOException e) {
      throw new UncheckedIOException("no temporary folder for the stories", e);
    }
  }

  private static void makeFolder(Path path) {
    try {
      Files.createDirectory(path);
    } catch (IOException e) {
      throw new UncheckedIOException("no folder " + path, e);
    }
  }
}
