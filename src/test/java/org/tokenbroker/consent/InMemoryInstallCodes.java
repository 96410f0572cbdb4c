package org.tokenbroker.consent;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.tokenbroker.consent.Attempts.Taking;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;

/** Codes of installs with the contract of their port, and a switch that takes them down. */
final class InMemoryInstallCodes implements InstallCodes {
  private final Map<Fingerprint, InstallCode> codes = new LinkedHashMap<>();
  private final Map<Fingerprint, Fingerprint> browsers = new HashMap<>();
  private boolean down;

  void goDown() {
    down = true;
  }

  int count() {
    return codes.size();
  }

  @Override
  public Uni<Taking> take(InstallCode code) {
    return Uni.createFrom()
        .item(
            () -> {
              if (down) {
                return Taking.UNAVAILABLE;
              }
              return codes.putIfAbsent(code.code(), code) == null ? Taking.TAKEN : Taking.LOST;
            });
  }

  @Override
  public Uni<Stored> release(Fingerprint code) {
    return done(() -> codes.remove(code));
  }

  @Override
  public Uni<Stored> kept(Fingerprint code, ConnectionId connection, Fingerprint browser) {
    return done(
        () -> {
          codes.computeIfPresent(
              code,
              (key, old) -> new InstallCode(key, old.registration(), connection, old.begunAt()));
          browsers.put(code, browser);
        });
  }

  @Override
  public Uni<BroughtRead> broughtBy(
      Fingerprint browser, RegistrationId registration, Instant since) {
    Optional<InstallCode> newest =
        codes.values().stream()
            .filter(code -> browser.equals(browsers.get(code.code())))
            .filter(code -> code.registration().equals(registration))
            .filter(code -> !code.begunAt().isBefore(since))
            .max(Comparator.comparing(InstallCode::begunAt));
    return Uni.createFrom()
        .item(
            newest
                .<BroughtRead>map(code -> new BroughtRead.Found(code.connection()))
                .orElseGet(BroughtRead.Nothing::new));
  }

  @Override
  public Uni<Stored> settled(Fingerprint browser, ConnectionId connection) {
    return done(
        () ->
            codes.values().stream()
                .filter(code -> code.connection().equals(connection))
                .forEach(code -> browsers.remove(code.code())));
  }

  @Override
  public Uni<Stored> forget(Instant begunBefore, int limit) {
    return done(() -> codes.values().removeIf(code -> code.begunAt().isBefore(begunBefore)));
  }

  private static Uni<Stored> done(Runnable change) {
    return Uni.createFrom()
        .item(
            () -> {
              change.run();
              return Stored.DONE;
            });
  }
}
