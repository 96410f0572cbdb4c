package org.tokenbroker.story;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.restassured.config.RestAssuredConfig;
import io.restassured.response.Response;
import java.net.ConnectException;
import java.net.SocketException;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.Certificates;
import org.tokenbroker.fixture.Requirement;

@Requirement("K-4")
class CertificateStoryIT {
  private static final String ACCOUNT = "known-pod";
  private static final String ID = Certificates.consumerId(ACCOUNT);

  private final World world = World.shared();
  private final Operator operator = world.operator();
  private final Certificates certificates = world.certificates();

  @BeforeEach
  void theRightCertificateIsServed() {
    operator.registers("guarded-app", world.lasting(), Proof.SECRET_IN_BODY);
    operator.connectsMachine("guarded", "guarded-tenant", "guarded-app");
    operator.allows(ACCOUNT, "guarded").waitsForGeneration("guarded", 1);
  }

  @Test
  @Requirement("E1")
  void withoutCertificateThereIsNoHandshake() {
    refusedInHandshake(certificates.restAssuredWithoutCertificate());
  }

  @Test
  @Requirement("E1")
  void theRightNameByAForeignAuthorityIsRefusedInTheHandshake() {
    refusedInHandshake(certificates.ofForeignAuthority(ID).restAssured());
  }

  @Test
  @Requirement("E1")
  void anExpiredCertificateIsRefusedInTheHandshake() {
    refusedInHandshake(certificates.expired(ID).restAssured());
  }

  @Test
  @Requirement("E1")
  void aCertificateOfTomorrowIsRefusedInTheHandshake() {
    refusedInHandshake(certificates.notYetValid(ID).restAssured());
  }

  @Test
  @Requirement("E1")
  void aServersCertificateIsRefusedInTheHandshake() {
    refusedInHandshake(certificates.serverAuthOnly(ID).restAssured());
  }

  @Test
  @Requirement({"E1", "E2"})
  void anAuthoritysCertificateIsRefusedInTheHandshake() {
    refusedInHandshake(certificates.authorityAsLeaf(ID).restAssured());
  }

  @Test
  @Requirement("E2")
  void aSecondUriNameMakesACertificateIdentifyNobody() {
    identifiesNobody(certificates.twoUris(ID, "spiffe://cluster.test/ns/apps/sa/other"));
  }

  @Test
  @Requirement("E2")
  void anotherTrustDomainIsNotBelieved() {
    identifiesNobody(certificates.workload("elsewhere", "spiffe://elsewhere.test/ns/apps/sa/pod"));
  }

  @Test
  @Requirement("E3")
  void aWorkloadThatNoRuleNamesGetsNothing() {
    Response answer = asksWith(certificates.consumer(ACCOUNT + "-2").restAssured());

    assertThat(answer.statusCode()).isEqualTo(404);
  }

  @Test
  @Requirement("E4")
  void aHeaderThatNamesTheRightWorkloadChangesNothing() {
    Response answer =
        given()
            .config(certificates.consumer("claiming-pod").restAssured())
            .baseUri(world.broker().tokenDoor().toString())
            .header("X-Forwarded-Client-Cert", "URI=" + ID)
            .header("X-SSL-Client-S-DN", ID)
            .header("Forwarded", "for=" + ID)
            .get("/v1/connections/guarded/token");

    assertThat(answer.statusCode()).isEqualTo(404);
  }

  private void refusedInHandshake(RestAssuredConfig tls) {
    assertThatThrownBy(() -> asksWith(tls))
        .isInstanceOfAny(SSLException.class, SocketException.class)
        .isNotInstanceOf(ConnectException.class);
  }

  private void identifiesNobody(Certificates.Identity identity) {
    Response answer = asksWith(identity.restAssured());

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.asString()).contains("certificate_refused");
  }

  private Response asksWith(RestAssuredConfig tls) {
    return given()
        .config(tls)
        .baseUri(world.broker().tokenDoor().toString())
        .filter(world.transcript())
        .get("/v1/connections/guarded/token");
  }
}
