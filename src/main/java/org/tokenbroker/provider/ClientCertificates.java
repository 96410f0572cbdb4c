package org.tokenbroker.provider;

/** Certificates that our clients can show to providers (RFC 8705, C13). */
public interface ClientCertificates {
  /** Whether a TLS configuration of that name holds a certificate with its key. */
  boolean has(String tlsConfiguration);
}
