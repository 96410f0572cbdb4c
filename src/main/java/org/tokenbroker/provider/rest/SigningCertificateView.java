package org.tokenbroker.provider.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import org.tokenbroker.provider.KeyCertificate;

/**
 * The certificate of a signing key as operators see it.
 *
 * @param subject RFC 2253
 * @param notAfter until when the provider takes it: have another key sign before
 */
@RegisterForReflection
public record SigningCertificateView(
    String subject,
    @JsonProperty("not_before") Instant notBefore,
    @JsonProperty("not_after") Instant notAfter) {

  static SigningCertificateView of(KeyCertificate certificate) {
    return new SigningCertificateView(
        certificate.subject(), certificate.notBefore(), certificate.notAfter());
  }
}
