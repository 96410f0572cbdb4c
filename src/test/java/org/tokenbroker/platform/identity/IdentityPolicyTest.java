package org.tokenbroker.platform.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokenbroker.platform.identity.MadeCertificate.NOW;

import java.time.Duration;
import java.util.Set;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.platform.identity.Identification.Known;
import org.tokenbroker.platform.identity.Identification.Refusal;
import org.tokenbroker.platform.identity.Identification.Refused;
import org.tokenbroker.platform.identity.IdentityPolicy.Kind;

@Requirement("E2")
class IdentityPolicyTest {
  private static final String WORKLOAD = "spiffe://example.org/ns/shop/sa/cart";

  private final IdentityPolicy spiffeOnly =
      new IdentityPolicy(Set.of("example.org"), Set.of(Kind.SPIFFE));
  private final IdentityPolicy anyName =
      new IdentityPolicy(Set.of("example.org"), Set.of(Kind.values()));

  @Test
  void aWorkloadIsKnownByItsSpiffeId() {
    assertThat(spiffe(MadeCertificate.of(WORKLOAD).purposes(KeyPurposeId.id_kp_clientAuth)))
        .isEqualTo(known(WORKLOAD));
  }

  @Test
  void furtherNamesDoNotChangeIt() {
    assertThat(any(MadeCertificate.of(WORKLOAD).dns("cart.example.org")))
        .isEqualTo(known(WORKLOAD));
  }

  @Test
  void twoUriNamesAreRefused() {
    assertThat(any(MadeCertificate.of(WORKLOAD).uri("spiffe://example.org/other")))
        .isEqualTo(new Refused(Refusal.SEVERAL_URI_NAMES));
    assertThat(any(MadeCertificate.of(WORKLOAD).uri("https://example.org/other")))
        .isEqualTo(new Refused(Refusal.SEVERAL_URI_NAMES));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.org/ns/shop",
        "spiffe://example.org",
        "spiffe://example.org/",
        "spiffe://example.org/a/",
        "spiffe://example.org//a",
        "spiffe://example.org/a/../b",
        "spiffe://example.org:8443/a",
        "spiffe://user@example.org/a",
        "spiffe://example.org/a?b",
        "spiffe://example.org/a%2Fb",
        "Spiffe://example.org/a",
        "spiffe://EXAMPLE.org/a"
      })
  void aUriNameThatIsNoSpiffeIdOfAWorkloadIsRefusedWithoutFallback(String uri) {
    assertThat(any(MadeCertificate.of(uri).dns("cart.example.org")))
        .isEqualTo(new Refused(Refusal.NOT_A_SPIFFE_ID));
  }

  @Test
  void aForeignTrustDomainIsRefused() {
    assertThat(spiffe(MadeCertificate.of("spiffe://example.org.evil/ns/shop/sa/cart")))
        .isEqualTo(new Refused(Refusal.FOREIGN_TRUST_DOMAIN));
  }

  @Test
  void withoutATrustDomainNoSpiffeIdIsAccepted() {
    IdentityPolicy none = new IdentityPolicy(Set.of(), Set.of(Kind.values()));

    assertThat(none.identify(MadeCertificate.of(WORKLOAD).make(), NOW))
        .isEqualTo(new Refused(Refusal.FOREIGN_TRUST_DOMAIN));
  }

  @Test
  void anAuthorityIsNobody() {
    assertThat(any(MadeCertificate.of(WORKLOAD).asAuthority()))
        .isEqualTo(new Refused(Refusal.CERTIFICATE_AUTHORITY));
  }

  @ParameterizedTest
  @ValueSource(
      ints = {KeyUsage.keyCertSign, KeyUsage.cRLSign, KeyUsage.keyCertSign | KeyUsage.cRLSign})
  void aSigningKeyIsNobody(int bits) {
    assertThat(any(MadeCertificate.of(WORKLOAD).keyUsage(bits | KeyUsage.digitalSignature)))
        .isEqualTo(new Refused(Refusal.SIGNING_KEY));
  }

  @Test
  void aSpiffeIdNeedsDigitalSignature() {
    assertThat(spiffe(MadeCertificate.of(WORKLOAD).keyUsage(KeyUsage.keyEncipherment)))
        .isEqualTo(new Refused(Refusal.NO_DIGITAL_SIGNATURE));
    assertThat(spiffe(MadeCertificate.of(WORKLOAD).withoutKeyUsage()))
        .isEqualTo(new Refused(Refusal.NO_DIGITAL_SIGNATURE));
  }

  @Test
  @Requirement("E1")
  void aCertificateForServersOnlyIsRefused() {
    assertThat(spiffe(MadeCertificate.of(WORKLOAD).purposes(KeyPurposeId.id_kp_serverAuth)))
        .isEqualTo(new Refused(Refusal.NOT_FOR_CLIENTS));
    assertThat(
            spiffe(
                MadeCertificate.of(WORKLOAD)
                    .purposes(KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth)))
        .isEqualTo(known(WORKLOAD));
  }

  @Test
  @Requirement("E1")
  void outsideItsValidityACertificateIsRefusedEvenAfterTheHandshake() {
    assertThat(
            any(
                MadeCertificate.of(WORKLOAD)
                    .valid(NOW.minus(Duration.ofDays(1)), NOW.minusSeconds(1))))
        .isEqualTo(new Refused(Refusal.NOT_VALID_NOW));
    assertThat(
            any(
                MadeCertificate.of(WORKLOAD)
                    .valid(NOW.plusSeconds(1), NOW.plus(Duration.ofDays(1)))))
        .isEqualTo(new Refused(Refusal.NOT_VALID_NOW));
  }

  @Test
  void otherNamesAreAcceptedOnlyWhereConfigured() {
    assertThat(spiffe(MadeCertificate.nameless().dns("cart.example.org")))
        .isEqualTo(new Refused(Refusal.KIND_NOT_ACCEPTED));
    assertThat(any(MadeCertificate.nameless().dns("Cart.Example.org")))
        .isEqualTo(known("dns:cart.example.org"));
    assertThat(any(MadeCertificate.nameless().subject("CN=cart,O=Shop")))
        .isEqualTo(known("subject:CN=cart,O=Shop"));
  }

  @Test
  void aNameThatCouldMeanSeveralIsRefused() {
    assertThat(any(MadeCertificate.nameless().dns("a.example.org").dns("b.example.org")))
        .isEqualTo(new Refused(Refusal.AMBIGUOUS_NAME));
    assertThat(any(MadeCertificate.nameless().dns("*.example.org")))
        .isEqualTo(new Refused(Refusal.AMBIGUOUS_NAME));
  }

  @Test
  void namesThatCannotBeReadAreNotTakenForNone() {
    assertThat(any(MadeCertificate.nameless().brokenNames()))
        .isEqualTo(new Refused(Refusal.UNREADABLE));
  }

  private Identification spiffe(MadeCertificate certificate) {
    return spiffeOnly.identify(certificate.make(), NOW);
  }

  private Identification any(MadeCertificate certificate) {
    return anyName.identify(certificate.make(), NOW);
  }

  private static Identification known(String identity) {
    return new Known(new PeerIdentity(identity));
  }
}
