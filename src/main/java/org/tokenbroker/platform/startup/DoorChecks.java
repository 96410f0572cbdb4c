package org.tokenbroker.platform.startup;

import static org.tokenbroker.platform.startup.StartCheck.severe;
import static org.tokenbroker.platform.startup.StartCheck.waivable;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Port 8443 asks each caller for a certificate of our CA, in TLS 1.3 (E1). Its TLS material is the
 * bucket {@code server} of the TLS registry, as PEM, PKCS#12 or JKS.
 */
public final class DoorChecks {
  private static final String BUCKET = "quarkus.tls.server.";
  private static final String KEY_STORE = BUCKET + "key-store.";
  private static final String TRUST_STORE = BUCKET + "trust-store.";
  private static final String CLIENT_AUTH = "quarkus.http.ssl.client-auth";
  private static final String BUCKET_NAME = "quarkus.http.tls-configuration-name";
  private static final String PROTOCOLS = BUCKET + "protocols";
  private static final Pattern PEM_PAIR =
      Pattern.compile("quarkus\\.tls\\.server\\.key[.-]store\\.pem\\.(.+)\\.(?:cert|key)");
  private static final Pattern TRUST_ALL =
      Pattern.compile("quarkus\\.tls\\.(?:.+\\.)?trust[.-]all");
  private static final Pattern HOST_NAMES =
      Pattern.compile("quarkus\\.tls\\.(?:.+\\.)?hostname[.-]verification[.-]algorithm");
  private static final String KEY_FIX =
      "set quarkus.tls.server.key-store.pem.server.cert and .key to the server's certificate chain and private key";
  private static final String CA_FIX =
      "set quarkus.tls.server.trust-store.pem.certs to the CA certificates that sign your consumers' certificates";

  /** In the order in which they are reported. */
  public static final List<StartCheck> ALL =
      List.of(
          severe("server-tls-bucket", DoorChecks::doorUsesTheServerBucket),
          severe("server-certificate", DoorChecks::serverHasACertificate),
          severe("client-ca", DoorChecks::clientsHaveACa),
          severe("client-certificate-required", DoorChecks::clientCertificateIsRequired),
          severe("reload-period", DoorChecks::materialIsReadAgainByUs),
          severe("anyone-trusted", DoorChecks::nobodyIsTrustedUnseen),
          severe("any-host-trusted", DoorChecks::hostNamesAreCompared),
          severe(
              "access-log",
              Rules.off(
                  "quarkus.http.access-log.enabled",
                  "writes request lines to the log, and with them consent links and authorization codes")),
          severe("obsolete-tls", DoorChecks::nothingOlderThanTls12),
          waivable("tls-1.2", DoorChecks::noTls12));

  private DoorChecks() {}

  private static List<Violation> doorUsesTheServerBucket(Settings settings) {
    return expect(
        settings,
        BUCKET_NAME,
        "server",
        "names other TLS material than the one that is checked here");
  }

  private static List<Violation> clientCertificateIsRequired(Settings settings) {
    return expect(settings, CLIENT_AUTH, "required", "lets callers in without a certificate");
  }

  private static List<Violation> materialIsReadAgainByUs(Settings settings) {
    String property = BUCKET + "reload-period";
    return settings.has(property)
        ? List.of(
            new Violation(
                property,
                "has the framework exchange certificates too, which cuts whoever connects meanwhile",
                "remove it: certificates are read again every 30 s"))
        : List.of();
  }

  private static List<Violation> expect(
      Settings settings, String property, String value, String problem) {
    boolean asExpected =
        settings.find(property).map(Setting::value).filter(value::equalsIgnoreCase).isPresent();
    return asExpected ? List.of() : List.of(new Violation(property, problem, "set it to " + value));
  }

  private static List<Violation> serverHasACertificate(Settings settings) {
    List<String> stores = stores(settings, KEY_STORE);
    Set<String> pairs = pemPairs(settings);
    if (stores.isEmpty() && pairs.isEmpty()) {
      return pemPair(settings, "server").toList();
    }
    return Stream.concat(
            pairs.stream().flatMap(pair -> pemPair(settings, pair)),
            stores.stream().flatMap(store -> unreadable(settings, store)))
        .toList();
  }

  private static Stream<Violation> pemPair(Settings settings, String pair) {
    return Stream.of(KEY_STORE + "pem." + pair + ".cert", KEY_STORE + "pem." + pair + ".key")
        .flatMap(
            property ->
                settings.has(property)
                    ? unreadable(settings, property)
                    : Stream.of(Rules.missing(property, KEY_FIX)));
  }

  private static Set<String> pemPairs(Settings settings) {
    return settings.names().stream()
        .map(PEM_PAIR::matcher)
        .filter(Matcher::matches)
        .map(match -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<Violation> clientsHaveACa(Settings settings) {
    String certificates = TRUST_STORE + "pem.certs";
    List<String> files = settings.list(certificates);
    List<String> stores = stores(settings, TRUST_STORE);
    boolean folders = !settings.list(TRUST_STORE + "pem.cert-dirs").isEmpty();
    if (files.isEmpty() && stores.isEmpty() && !folders) {
      return List.of(Rules.missing(certificates, CA_FIX));
    }
    List<Violation> violations = new ArrayList<>();
    if (files.stream().anyMatch(file -> !settings.readable(file))) {
      violations.add(notReadable(certificates));
    }
    stores.forEach(property -> unreadable(settings, property).forEach(violations::add));
    return violations;
  }

  private static List<Violation> nobodyIsTrustedUnseen(Settings settings) {
    return settings.names().stream()
        .filter(name -> TRUST_ALL.matcher(name).matches())
        .map(name -> name.replace("trust.all", "trust-all"))
        .flatMap(
            name ->
                Rules.off(name, "accepts any certificate as genuine").violations(settings).stream())
        .toList();
  }

  private static List<Violation> hostNamesAreCompared(Settings settings) {
    return settings.names().stream()
        .filter(name -> HOST_NAMES.matcher(name).matches())
        .filter(
            name ->
                settings
                    .find(name)
                    .map(Setting::value)
                    .filter("none"::equalsIgnoreCase)
                    .isPresent())
        .map(
            name ->
                name.replace("hostname.verification.algorithm", "hostname-verification-algorithm"))
        .map(
            name ->
                new Violation(
                    name,
                    "takes the certificate of any host for the one that was called",
                    "remove it"))
        .toList();
  }

  private static List<Violation> nothingOlderThanTls12(Settings settings) {
    boolean obsolete =
        settings.list(PROTOCOLS).stream()
            .anyMatch(protocol -> !Set.of("TLSv1.3", "TLSv1.2").contains(protocol));
    return obsolete
        ? List.of(
            new Violation(
                PROTOCOLS, "names a protocol other than TLSv1.3 and TLSv1.2", "set it to TLSv1.3"))
        : List.of();
  }

  private static List<Violation> noTls12(Settings settings) {
    List<String> protocols = settings.list(PROTOCOLS);
    return protocols.isEmpty() || protocols.contains("TLSv1.2")
        ? List.of(
            new Violation(
                PROTOCOLS,
                protocols.isEmpty() ? "is missing, which lets TLS 1.2 in" : "lets TLS 1.2 in",
                "set it to TLSv1.3, or list tls-1.2 in token-broker.start.allow while old callers remain"))
        : List.of();
  }

  private static List<String> stores(Settings settings, String prefix) {
    return List.of(prefix + "p12.path", prefix + "jks.path").stream()
        .filter(settings::has)
        .toList();
  }

  private static Stream<Violation> unreadable(Settings settings, String property) {
    return settings.find(property).stream()
        .filter(path -> !settings.readable(path.value()))
        .map(path -> notReadable(property));
  }

  private static Violation notReadable(String property) {
    return new Violation(
        property,
        "names a file that is missing or cannot be read",
        "mount the file or correct the path");
  }
}
