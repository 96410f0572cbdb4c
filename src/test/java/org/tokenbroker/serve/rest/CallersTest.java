package org.tokenbroker.serve.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.config.RestAssuredConfig;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tokenbroker.fixture.Certificates;
import org.tokenbroker.fixture.Requirement;

/** Who is let in at which door. */
@QuarkusTest
@TestProfile(ServingOnly.class)
class CallersTest {
  private static final Certificates CERTIFICATES = Certificates.shared();
  private static final String TENANT = "door-tenant";
  private static final String PATH = "/v1/connections/at-the-door/token";
  private static final String RIGHTFUL = Certificates.consumerId("rightful");

  @TestHTTPResource(value = "/", tls = true)
  URI door;

  @TestHTTPResource("/")
  URI browserDoor;

  @Inject ScriptedEngines engines;

  private Caller rightful;

  @BeforeEach
  void oneConsumerIsAllowed() {
    engines.holds("at-the-door", TENANT, 1);
    rightful = Caller.consumer("rightful", door);
    Caller.operator(door)
        .with()
        .contentType("application/json")
        .body(
            "{\"consumer\": \"%s\", \"tenant\": \"%s\", \"all_scopes\": true}"
                .formatted(RIGHTFUL, TENANT))
        .put("/v1/access-rules/at-the-door");
  }

  static Stream<RestAssuredConfig> refusedInTheHandshake() {
    return Stream.of(
        CERTIFICATES.restAssuredWithoutCertificate(),
        CERTIFICATES.ofForeignAuthority(RIGHTFUL).restAssured(),
        CERTIFICATES.expired(RIGHTFUL).restAssured(),
        CERTIFICATES.notYetValid(RIGHTFUL).restAssured(),
        CERTIFICATES.serverAuthOnly(RIGHTFUL).restAssured(),
        CERTIFICATES.authorityAsLeaf(RIGHTFUL).restAssured());
  }

  @ParameterizedTest
  @MethodSource("refusedInTheHandshake")
  @Requirement({"E1", "K-4"})
  void withoutAGoodCertificateThereIsNoConnection(RestAssuredConfig config) {
    rightful.get(PATH).then().statusCode(200);

    assertThatThrownBy(() -> given().config(config).get(door.resolve(PATH)))
        .isInstanceOf(IOException.class);
  }

  @Test
  @Requirement("E1")
  void withoutACertificateTheAlertSaysThatOneIsRequired() {
    assertThatThrownBy(
            () ->
                talk(
                    (SSLSocket)
                        CERTIFICATES
                            .withoutCertificate()
                            .getSocketFactory()
                            .createSocket(door.getHost(), door.getPort())))
        .isInstanceOf(SSLHandshakeException.class)
        .hasMessageContaining("certificate_required");
  }

  @Test
  @Requirement("E1")
  void olderTlsIsRefused() {
    assertThatThrownBy(
            () -> {
              SSLSocket socket =
                  (SSLSocket)
                      CERTIFICATES
                          .consumer("rightful")
                          .context()
                          .getSocketFactory()
                          .createSocket(door.getHost(), door.getPort());
              socket.setEnabledProtocols(new String[] {"TLSv1.2"});
              talk(socket);
            })
        .isInstanceOf(SSLHandshakeException.class)
        .hasMessageContaining("protocol_version");
  }

  static Stream<RestAssuredConfig> refusedByTheirNames() {
    return Stream.of(
        CERTIFICATES.twoUris(RIGHTFUL, "spiffe://cluster.test/other").restAssured(),
        CERTIFICATES
            .workload("foreign-domain", "spiffe://elsewhere.test/ns/apps/sa/rightful")
            .restAssured(),
        CERTIFICATES.workload("no-path", "spiffe://cluster.test").restAssured(),
        CERTIFICATES.dnsOnly("rightful.cluster.test").restAssured(),
        CERTIFICATES.subjectOnly("rightful").restAssured());
  }

  @ParameterizedTest
  @MethodSource("refusedByTheirNames")
  @Requirement({"E1", "E2"})
  void aCertificateThatNamesNobodyGetsNothing(RestAssuredConfig config) {
    for (String path : List.of(PATH, "/v1/access-rules", "/v1/nothing")) {
      given()
          .config(config)
          .get(door.resolve(path))
          .then()
          .statusCode(403)
          .contentType("application/problem+json")
          .header("Connection", "close")
          .body("code", equalTo("certificate_refused"));
    }
  }

  @Test
  @Requirement("E4")
  void headersThatNameAnotherCallerAreIgnored() {
    Caller stranger = Caller.consumer("stranger", door);

    stranger
        .with()
        .header("X-Forwarded-Client-Cert", "URI=" + RIGHTFUL)
        .header("Forwarded", "for=127.0.0.1;proto=https")
        .header("X-SSL-Client-S-DN", "CN=rightful")
        .header(
            "X-SSL-Client-Cert",
            CERTIFICATES.consumer("rightful").material().chainPem().replace("\n", ""))
        .get(PATH)
        .then()
        .statusCode(404);
  }

  @Test
  void noTokenOrManagementRouteAnswersAtTheBrowsersDoor() {
    for (String path :
        List.of(
            PATH,
            "/v1/token",
            "/v1/access-rules",
            "/consent/../v1/access-rules",
            "//v1/access-rules",
            "/V1/access-rules",
            "/")) {
      given()
          .urlEncodingEnabled(false)
          .header("X-Forwarded-Proto", "https")
          .get(browserDoor.resolve("/").toString().replaceAll("/$", "") + path)
          .then()
          .statusCode(404)
          .contentType("application/problem+json")
          .body("code", equalTo("not_found"));
    }
  }

  @Test
  void noBrowserOrUnknownRouteAnswersAtTheTlsDoor() {
    for (String path :
        List.of(
            "/consent/abc",
            "/callback/crm",
            "/static/none",
            "/v1/nothing",
            "/v10/token",
            "/q/health",
            "/")) {
      rightful
          .get(path)
          .then()
          .statusCode(404)
          .contentType("application/problem+json")
          .body("code", equalTo("not_found"));
    }
  }

  @Test
  void theManagementApiIsForOperators() {
    for (String path :
        List.of("/v1/access-rules", "/v1/access-rules/at-the-door", "/v1/connections")) {
      rightful
          .get(path)
          .then()
          .statusCode(403)
          .contentType("application/problem+json")
          .body("code", equalTo("operators_only"));
    }
    rightful
        .with()
        .contentType("application/json")
        .body("{}")
        .put("/v1/access-rules/mine")
        .then()
        .statusCode(403);
    rightful.with().delete("/v1/access-rules/at-the-door").then().statusCode(403);

    Caller.operator(door).get("/v1/access-rules/at-the-door").then().statusCode(200);
  }

  @Test
  @Requirement("G-11")
  void anOperatorIsNoConsumerWithoutARule() {
    Caller.operator(door).get(PATH).then().statusCode(404);
  }

  /** Only announced: a client that is still writing may not get to read the answer. */
  @Test
  void aRequestThatIsTooLargeIsRefused() throws IOException {
    try (SSLSocket socket =
        (SSLSocket)
            CERTIFICATES
                .operator()
                .context()
                .getSocketFactory()
                .createSocket(door.getHost(), door.getPort())) {
      socket.setSoTimeout(5_000);
      String request =
          "PUT /v1/access-rules/large HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 307200\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));

      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

      assertThat(answer)
          .startsWith("HTTP/1.1 413")
          .containsIgnoringCase("content-type: application/problem+json")
          .contains("\"code\":\"content_too_large\"");
    }
  }

  @Test
  void serversDoNotSayWhatTheyAreMadeOf() {
    rightful
        .get("/v1/nothing")
        .then()
        .header("Server", equalTo(null))
        .body(not(containsString("quarkus")));
  }

  private static void talk(SSLSocket socket) throws IOException {
    try (socket) {
      socket.setSoTimeout(5_000);
      socket.startHandshake();
      OutputStream out = socket.getOutputStream();
      out.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
      if (socket.getInputStream().read() < 0) {
        throw new IOException("closed without an alert");
      }
    }
  }
}
