package org.tokenbroker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tokenbroker.platform.startup.GivenSettings;
import org.tokenbroker.platform.startup.RefusalText;
import org.tokenbroker.platform.startup.Setting.Origin;
import org.tokenbroker.platform.startup.StartCheck;
import org.tokenbroker.platform.startup.StartDecision;
import org.tokenbroker.platform.startup.StartDecision.Refuse;
import org.tokenbroker.platform.startup.StartDecision.Start;
import org.tokenbroker.platform.startup.Violation;

class StartChecksTest {
  private static final String TOKEN = "quarkus.vault.authentication.client-token";
  private static final String KUBERNETES = "quarkus.vault.authentication.kubernetes.role";
  private static final String ROLE_ID = "quarkus.vault.authentication.app-role.role-id";
  private static final String SECRET_ID = "quarkus.vault.authentication.app-role.secret-id";
  private static final String ISSUED = "hvs.CAESIJ0123456789abcdefghijklmnop";
  private static final String KEY = "quarkus.tls.server.key-store.pem.server.key";
  private static final String CERT = "quarkus.tls.server.key-store.pem.server.cert";
  private static final String CA = "quarkus.tls.server.trust-store.pem.certs";
  private static final String PROTOCOLS = "quarkus.tls.server.protocols";
  private static final String ALLOW = "token-broker.start.allow";

  @Test
  void completeAndSafeSettingsStart() {
    assertThat(decide(GivenSettings.complete())).isEqualTo(new Start(List.of()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unsafe")
  void oneUnsafeOrMissingSettingIsNamed(
      String what, UnaryOperator<GivenSettings> change, List<String> offending) {
    StartDecision decision = decide(change.apply(GivenSettings.complete()));

    assertThat(decision)
        .isInstanceOfSatisfying(
            Refuse.class,
            refuse ->
                assertThat(refuse.violations())
                    .extracting(Violation::property)
                    .containsExactlyElementsOf(offending));
  }

  static Stream<Arguments> unsafe() {
    return Stream.of(
        row("no server certificate and key", s -> s.without(CERT).without(KEY), CERT, KEY),
        row("a certificate without its key", s -> s.without(KEY), KEY),
        row("a key without its certificate", s -> s.without(CERT), CERT),
        row("a key file that is not there", s -> s.with(KEY, "/absent/tls.key"), KEY),
        row(
            "a PKCS#12 store that is not there",
            s ->
                s.without(KEY)
                    .without(CERT)
                    .with("quarkus.tls.server.key-store.p12.path", "/absent/server.p12"),
            "quarkus.tls.server.key-store.p12.path"),
        row("no client CA", s -> s.without(CA), CA),
        row(
            "one of two client CA files not there",
            s -> s.with(CA, "/tls/ca.crt,/absent/other.crt"),
            CA),
        row(
            "client certificate only requested",
            s -> s.with("quarkus.http.ssl.client-auth", "request"),
            "quarkus.http.ssl.client-auth"),
        row(
            "client certificate not asked for",
            s -> s.without("quarkus.http.ssl.client-auth"),
            "quarkus.http.ssl.client-auth"),
        row(
            "other TLS material than the checked one",
            s -> s.with("quarkus.http.tls-configuration-name", "other"),
            "quarkus.http.tls-configuration-name"),
        row(
            "every client trusted",
            s -> s.with("quarkus.tls.server.trust-all", "true"),
            "quarkus.tls.server.trust-all"),
        row(
            "certificates exchanged by the framework",
            s -> s.with("quarkus.tls.server.reload-period", "30s"),
            "quarkus.tls.server.reload-period"),
        row(
            "every server trusted",
            s -> s.with("quarkus.tls.trust-all", "true"),
            "quarkus.tls.trust-all"),
        row(
            "every Vault trusted by bucket",
            s -> s.with("quarkus.tls.vault.trust-all", "true"),
            "quarkus.tls.vault.trust-all"),
        row(
            "any host taken for a provider",
            s -> s.with("quarkus.tls.provider.hostname-verification-algorithm", "NONE"),
            "quarkus.tls.provider.hostname-verification-algorithm"),
        row(
            "request lines in the log",
            s -> s.with("quarkus.http.access-log.enabled", "true"),
            "quarkus.http.access-log.enabled"),
        row(
            "no refresh at all",
            s -> s.with("token-broker.refresh.max-in-flight", "0"),
            "token-broker.refresh.max-in-flight"),
        row(
            "no refresh at the start",
            s -> s.with("token-broker.refresh.start-in-flight", "many"),
            "token-broker.refresh.start-in-flight"),
        row(
            "a sweep that never waits",
            s -> s.with("token-broker.refresh.sweep-every", "0s"),
            "token-broker.refresh.sweep-every"),
        row(
            "calls that outlast their lease",
            s -> s.with("token-broker.provider.timeout", "60s"),
            "token-broker.provider.timeout"),
        row("TLS 1.2 not opted in", s -> s.with(PROTOCOLS, "TLSv1.3,TLSv1.2"), PROTOCOLS),
        row("the framework's TLS protocols", s -> s.without(PROTOCOLS), PROTOCOLS),
        row(
            "TLS 1.1 even if TLS 1.2 is opted in",
            s -> s.with(PROTOCOLS, "TLSv1.2,TLSv1.1").with(ALLOW, "tls-1.2"),
            PROTOCOLS),
        row(
            "no trust domain",
            s -> s.without("token-broker.identity.trust-domains"),
            "token-broker.identity.trust-domains"),
        row(
            "a trust domain that is an id",
            s -> s.with("token-broker.identity.trust-domains", "spiffe://cluster.example.org"),
            "token-broker.identity.trust-domains"),
        row(
            "an operator by pattern",
            s -> s.with("token-broker.operators", "spiffe://cluster.example.org/ns/ops/*"),
            "token-broker.operators"),
        row(
            "an own tenant that is no id",
            s -> s.with("token-broker.connection.own-tenants", "acme,Our Company"),
            "token-broker.connection.own-tenants"),
        row(
            "room for no connection",
            s -> s.with("token-broker.serve.hot-connections", "0"),
            "token-broker.serve.hot-connections"),
        row(
            "no request a second",
            s -> s.with("token-broker.serve.requests-per-second", "0"),
            "token-broker.serve.requests-per-second"),
        row(
            "a burst of nothing",
            s -> s.with("token-broker.serve.burst", "none"),
            "token-broker.serve.burst"),
        row(
            "webhooks in what is no network",
            s -> s.with("token-broker.event.allowed-networks", "intranet"),
            "token-broker.event.allowed-networks"),
        row(
            "webhooks among our own ports",
            s -> s.with("token-broker.event.allowed-networks", "127.0.0.0/8"),
            "token-broker.event.allowed-networks"),
        row(
            "events that are forgotten at once",
            s -> s.with("token-broker.event.retention", "30m"),
            "token-broker.event.retention"),
        row(
            "events that nobody looks for",
            s -> s.with("token-broker.event.dispatch-every", "1h"),
            "token-broker.event.dispatch-every"),
        row(
            "deliveries that are given up at once",
            s -> s.with("token-broker.event.give-up-after", "soon"),
            "token-broker.event.give-up-after"),
        row(
            "an overlap of secrets that ends before it begins",
            s -> s.with("token-broker.event.secret-overlap", "PT-1S"),
            "token-broker.event.secret-overlap"),
        row(
            "a short audit key",
            s -> s.with("token-broker.serve.audit-key", "c2hvcnQ="),
            "token-broker.serve.audit-key"),
        row("no operator", s -> s.without("token-broker.operators"), "token-broker.operators"),
        row(
            "no PostgreSQL",
            s -> s.without("quarkus.datasource.reactive.url"),
            "quarkus.datasource.reactive.url"),
        row(
            "another database",
            s -> s.with("quarkus.datasource.reactive.url", "mysql://db.example.org/broker"),
            "quarkus.datasource.reactive.url"),
        row(
            "no PostgreSQL user",
            s -> s.without("quarkus.datasource.username"),
            "quarkus.datasource.username"),
        row(
            "a database password on the command line",
            s -> s.with("quarkus.datasource.password", "hunter2", Origin.COMMAND_LINE),
            "quarkus.datasource.password"),
        row(
            "the embedded safe",
            s -> s.with("token-broker.safe.embedded", "true"),
            "token-broker.safe.embedded"),
        row(
            "a setting of the sandbox",
            s -> s.with("token-broker.sandbox.key-file", "/keys/safe.key"),
            "token-broker.sandbox.key-file"),
        row(
            "secrets in Vault's log lines",
            s -> s.with("quarkus.vault.log-confidentiality-level", "LOW"),
            "quarkus.vault.log-confidentiality-level"),
        row("no Vault", s -> s.without("quarkus.vault.url"), "quarkus.vault.url"),
        row(
            "plain HTTP to Vault",
            s -> s.with("quarkus.vault.url", "http://vault:8200"),
            "quarkus.vault.url"),
        row(
            "plain HTTP to Vault on loopback",
            s -> s.with("quarkus.vault.url", "http://127.0.0.1:8200"),
            "quarkus.vault.url"),
        row(
            "a Vault address that is no URL",
            s -> s.with("quarkus.vault.url", "https://vault host"),
            "quarkus.vault.url"),
        row(
            "Vault not verified",
            s -> s.with("quarkus.vault.tls.skip-verify", "true"),
            "quarkus.vault.tls.skip-verify"),
        row("no login at Vault", s -> s.without(KUBERNETES), KUBERNETES),
        row("two logins at Vault", s -> s.with(TOKEN, ISSUED), KUBERNETES, TOKEN),
        row(
            "AppRole without a secret id",
            s -> s.without(KUBERNETES).with(ROLE_ID, "r"),
            SECRET_ID),
        row("AppRole without a role id", s -> s.without(KUBERNETES).with(SECRET_ID, "s"), ROLE_ID),
        row("the usual dev token", s -> s.without(KUBERNETES).with(TOKEN, "root"), TOKEN),
        row(
            "a dev token even if waived",
            s -> s.without(KUBERNETES).with(TOKEN, "dev-only-token").with(ALLOW, "tls-1.2"),
            TOKEN),
        row(
            "a token that merely starts right",
            s -> s.without(KUBERNETES).with(TOKEN, "hvs.root"),
            TOKEN),
        row(
            "an issued token on the command line",
            s -> s.without(KUBERNETES).with(TOKEN, ISSUED, Origin.COMMAND_LINE),
            TOKEN),
        row(
            "an issued token in the application",
            s -> s.without(KUBERNETES).with(TOKEN, ISSUED, Origin.SHIPPED),
            TOKEN),
        row(
            "plain HTTP to providers",
            s -> s.with("token-broker.provider.allow-plain-http", "true"),
            "token-broker.provider.allow-plain-http"),
        row(
            "an allowed network that is none",
            s -> s.with("token-broker.provider.allowed-networks", "10.0.0.0/8,10.0.0.1/8"),
            "token-broker.provider.allowed-networks"),
        row(
            "an allowed network that holds the cloud's metadata service",
            s -> s.with("token-broker.provider.allowed-networks", "0.0.0.0/0"),
            "token-broker.provider.allowed-networks"),
        row(
            "an allowed network of loopback",
            s -> s.with("token-broker.provider.allowed-networks", "::1/128"),
            "token-broker.provider.allowed-networks"),
        row(
            "no public address for consent",
            s -> s.without("token-broker.consent.public-url"),
            "token-broker.consent.public-url"),
        row(
            "plain HTTP for browsers",
            s -> s.with("token-broker.consent.public-url", "http://consent.example.org"),
            "token-broker.consent.public-url"),
        row("a waiver for a severe check", s -> s.with(ALLOW, "client-ca"), ALLOW),
        row(
            "a severe check in spite of its waiver",
            s -> s.without(CA).with(ALLOW, "client-ca"),
            ALLOW,
            CA));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("safe")
  void otherWaysToSayTheSameStartToo(String what, UnaryOperator<GivenSettings> change) {
    assertThat(decide(change.apply(GivenSettings.complete()))).isEqualTo(new Start(List.of()));
  }

  static Stream<Arguments> safe() {
    return Stream.of(
        row(
            "PKCS#12 stores",
            s ->
                s.without(KEY)
                    .without(CERT)
                    .without(CA)
                    .with("quarkus.tls.server.key-store.p12.path", "/tls/server.p12")
                    .with("quarkus.tls.server.trust-store.p12.path", "/tls/ca.p12")),
        row(
            "client CAs by index",
            s -> s.without(CA).with(CA + "[0]", "/tls/a.crt").with(CA + "[1]", "/tls/b.crt")),
        row(
            "client CAs as a folder",
            s -> s.without(CA).with("quarkus.tls.server.trust-store.pem.cert-dirs", "/tls/cas")),
        row(
            "callers known by DNS name",
            s ->
                s.without("token-broker.identity.trust-domains")
                    .with("token-broker.identity.accept", "dns")),
        row("login by AppRole", s -> s.without(KUBERNETES).with(ROLE_ID, "r").with(SECRET_ID, "s")),
        row(
            "login by AppRole with a wrapped secret id",
            s ->
                s.without(KUBERNETES)
                    .with(ROLE_ID, "r")
                    .with("quarkus.vault.authentication.app-role.secret-id-wrapping-token", "w")),
        row("login by a token of Vault", s -> s.without(KUBERNETES).with(TOKEN, ISSUED)),
        row(
            "login by a wrapped token",
            s ->
                s.without(KUBERNETES)
                    .with("quarkus.vault.authentication.client-token-wrapping-token", "w")),
        row(
            "login by a token of OpenBao",
            s -> s.without(KUBERNETES).with(TOKEN, "s.0123456789abcdefABCDEFGH")),
        row(
            "a database password from a file",
            s -> s.with("quarkus.datasource.password", "p", Origin.FILE)),
        row("the embedded safe switched off", s -> s.with("token-broker.safe.embedded", "false")));
  }

  @Test
  void whatMayBeWaivedStartsWhenItIsAndIsTold() {
    StartDecision decision =
        decide(
            GivenSettings.complete()
                .with(PROTOCOLS, "TLSv1.3,TLSv1.2")
                .without("token-broker.operators")
                .with(ALLOW, "tls-1.2,operators"));

    assertThat(decision).isEqualTo(new Start(List.of("operators", "tls-1.2")));
  }

  @Test
  void nothingConfiguredIsReportedAllAtOnce() {
    Refuse refuse = (Refuse) decide(GivenSettings.of(Map.of()));

    assertThat(refuse.violations())
        .extracting(Violation::property)
        .containsExactly(
            "quarkus.http.tls-configuration-name",
            CERT,
            KEY,
            CA,
            "quarkus.http.ssl.client-auth",
            PROTOCOLS,
            "token-broker.identity.trust-domains",
            "token-broker.operators",
            "quarkus.datasource.reactive.url",
            "quarkus.datasource.username",
            "quarkus.vault.url",
            KUBERNETES,
            "token-broker.consent.public-url");
  }

  @Test
  void theListingHasOneBlockForEachViolationAndNoValue() {
    Refuse refuse =
        (Refuse)
            decide(
                GivenSettings.complete()
                    .without(KUBERNETES)
                    .without(CA)
                    .with(TOKEN, "marker-of-a-dev-token"));

    String text = RefusalText.of(refuse.violations());

    assertThat(text)
        .startsWith("token-broker does not start: 2 settings to mend.\n")
        .contains("\n  " + CA + "\n      is missing; set ")
        .contains("\n  " + TOKEN + "\n      is not a token that Vault issued")
        .doesNotContain("marker-of-a-dev-token");
  }

  @Test
  void checksHaveNamesOfTheirOwn() {
    assertThat(StartChecks.ALL)
        .extracting(StartCheck::name)
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("[a-z0-9.-]+"));
  }

  private static StartDecision decide(GivenSettings settings) {
    return StartDecision.of(settings, StartChecks.ALL);
  }

  private static Arguments row(
      String what, UnaryOperator<GivenSettings> change, String... offending) {
    return arguments(what, change, List.of(offending));
  }
}
