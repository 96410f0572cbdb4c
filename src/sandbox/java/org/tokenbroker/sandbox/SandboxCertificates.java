package org.tokenbroker.sandbox;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.tokenbroker.sandbox.KeyMaterial.PemFiles;

/**
 * The certificates of the sandbox, made at the first run and again when they near their end.
 *
 * @param bundle trusted by the broker and by {@code curl}
 * @param server of the token door
 * @param operator may use the management API
 * @param consumer may fetch the tokens of the demonstration
 */
record SandboxCertificates(Path bundle, PemFiles server, PemFiles operator, PemFiles consumer) {
  static final String TRUST_DOMAIN = "sandbox.local";
  static final String OPERATOR = "spiffe://" + TRUST_DOMAIN + "/operator";
  static final String CONSUMER = "spiffe://" + TRUST_DOMAIN + "/demo-consumer";
  private static final Duration LIFE = Duration.ofDays(90);
  private static final Duration RENEW_BEFORE = Duration.ofDays(30);
  private static final Duration BACKDATED = Duration.ofMinutes(5);
  private static final String SERVER_NAME = "server";

  static SandboxCertificates in(Path folder, InstantSource time) {
    return isCurrent(folder, time) ? kept(folder) : made(folder, time);
  }

  private static boolean isCurrent(Path folder, InstantSource time) {
    return Files.exists(folder.resolve("ca.crt"))
        && Files.exists(folder.resolve("consumer.key"))
        && KeyMaterial.read(folder, SERVER_NAME)
            .certificate()
            .getNotAfter()
            .toInstant()
            .isAfter(time.instant().plus(RENEW_BEFORE));
  }

  private static SandboxCertificates kept(Path folder) {
    return new SandboxCertificates(
        folder.resolve("ca.crt"),
        files(folder, SERVER_NAME),
        files(folder, "operator"),
        files(folder, "consumer"));
  }

  private static SandboxCertificates made(Path folder, InstantSource time) {
    CertificateAuthority authority = CertificateAuthority.create("token-broker sandbox CA", time);
    Instant start = time.instant().minus(BACKDATED);
    Instant end = time.instant().plus(LIFE);
    Path bundle = authority.writeBundleTo(folder, "ca");
    return new SandboxCertificates(
        bundle,
        authority
            .issue(Leaf.loopbackServer("localhost").valid(start, end))
            .writeTo(folder, SERVER_NAME),
        authority
            .issue(Leaf.workload("operator", OPERATOR).valid(start, end))
            .writeTo(folder, "operator"),
        authority
            .issue(Leaf.workload("consumer", CONSUMER).valid(start, end))
            .writeTo(folder, "consumer"));
  }

  private static PemFiles files(Path folder, String name) {
    return new PemFiles(folder.resolve(name + ".crt"), folder.resolve(name + ".key"));
  }
}
