package org.tokenbroker.provider;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import org.tokenbroker.platform.ChangeFeed;
import org.tokenbroker.platform.ChangeFeed.Change;
import org.tokenbroker.provider.Registrations.Changed;
import org.tokenbroker.provider.Registrations.Found;
import org.tokenbroker.provider.Registrations.Kept;
import org.tokenbroker.token.RegistrationId;

/**
 * Registrations with their secrets, remembered until they change. What is remembered stays in use
 * while PostgreSQL or the safe does not answer (G-15); the profile is always the catalogue's
 * current one.
 */
@ApplicationScoped
public class KnownClients implements Clients {
  private static final Logger LOG = Logger.getLogger(KnownClients.class);
  private static final String KIND = "registration";

  /** Bounds what a lost notification can do. */
  private static final Duration LOOK_AGAIN_AFTER = Duration.ofMinutes(1);

  private static final int LOAD_ATTEMPTS = 3;

  /** How long a refused client is left alone between two probes (C7). */
  private static final Duration PROBE_AFTER = Duration.ofMinutes(5);

  private final Registrations registrations;
  private final ClientSecretsSafe secrets;
  private final Standings standings;
  private final InstantSource time;
  private final ConcurrentMap<RegistrationId, Remembered> remembered = new ConcurrentHashMap<>();

  /** How many changes were told: what was read before one of them may be older than it. */
  private final AtomicLong changesTold = new AtomicLong();

  KnownClients(
      Registrations registrations,
      ClientSecretsSafe secrets,
      Standings standings,
      ChangeFeed changes,
      InstantSource time) {
    this.registrations = registrations;
    this.secrets = secrets;
    this.standings = standings;
    this.time = time;
    changes.subscribe(this::changed);
  }

  private record Remembered(Registration registration, ClientSecrets secrets, Instant lookAgainAt) {
    Remembered outdated() {
      return new Remembered(registration, secrets, Instant.MIN);
    }
  }

  @Override
  public Uni<ClientLookup> find(RegistrationId id) {
    return Optional.ofNullable(remembered.get(id))
        .filter(known -> time.instant().isBefore(known.lookAgainAt()))
        .map(this::ready)
        .orElseGet(() -> load(id));
  }

  @Override
  public Uni<Void> accepted(RegistrationId id) {
    boolean isHealthy =
        Optional.ofNullable(remembered.get(id))
            .filter(known -> known.registration().health() instanceof RegistrationHealth.Healthy)
            .isPresent();
    return isHealthy
        ? Uni.createFrom().voidItem()
        : registrations
            .accepted(id, time.instant())
            .invoke(KnownClients::endAlarm)
            .invoke(() -> forget(id))
            .replaceWithVoid();
  }

  @Override
  public Uni<Void> faulty(RegistrationId id, RegistrationFault fault) {
    Instant now = time.instant().truncatedTo(ChronoUnit.MICROS);
    return registrations
        .faulty(id, fault, now, PROBE_AFTER)
        .invoke(changed -> raiseAlarm(changed, now))
        .invoke(() -> forget(id))
        .replaceWithVoid();
  }

  /** Once for a fault, however many calls run into it (IV-10); it says whom to tell (IV-9). */
  private static void raiseAlarm(Changed changed, Instant now) {
    if (changed instanceof Changed.Done(Kept kept, boolean created)
        && kept.registration().health() instanceof RegistrationHealth.Faulty faulty
        && faulty.since().equals(now)) {
      Registration registration = kept.registration();
      LOG.errorf(
          "Registration %s is faulty: %s (%s). Name: %s. Purpose: %s. Contacts: %s",
          registration.id(),
          faulty.reason().meaning(),
          faulty.reason(),
          registration.name(),
          registration.purpose(),
          String.join(", ", registration.contacts()));
    }
  }

  private static void endAlarm(Changed changed) {
    if (changed instanceof Changed.Done(Kept kept, boolean created)) {
      LOG.infof(
          "Registration %s is healthy. Name: %s. Contacts: %s",
          kept.registration().id(),
          kept.registration().name(),
          String.join(", ", kept.registration().contacts()));
    }
  }

  private Uni<ClientLookup> load(RegistrationId id) {
    return load(id, LOAD_ATTEMPTS);
  }

  private Uni<ClientLookup> load(RegistrationId id, int attempts) {
    long toldBefore = changesTold.get();
    return registrations
        .find(id)
        .chain(
            found ->
                switch (found) {
                  case Found.Yes yes ->
                      withSecrets(yes.kept().registration(), toldBefore, attempts);
                  case Found.Unknown unknown -> gone(id);
                  case Found.Unavailable unavailable ->
                      lastKnown(id, new ClientLookup.LedgerUnavailable());
                });
  }

  private Uni<ClientLookup> withSecrets(Registration registration, long toldBefore, int attempts) {
    return secrets
        .read(registration.id())
        .chain(
            read ->
                switch (read) {
                  case ClientSecretsSafe.Read.Found found ->
                      withKey(registration, found.secrets(), toldBefore, attempts);
                  case ClientSecretsSafe.Read.Absent absent -> incomplete(ClientLookup.Gap.SECRETS);
                  case ClientSecretsSafe.Read.Unavailable unavailable ->
                      lastKnown(
                          registration.id(), new ClientLookup.SafeUnavailable(unavailable.fault()));
                });
  }

  /**
   * Where the safe lacks the key that signs, another one may have taken over between both reads.
   */
  private Uni<ClientLookup> withKey(
      Registration registration, KeptSecrets held, long toldBefore, int attempts) {
    ClientSecrets inUse = held.inUse(registration.signing());
    boolean lacksKey =
        registration.authentication() == ClientAuthenticationMethod.PRIVATE_KEY_JWT
            && inUse.privateKey().isEmpty();
    if (!lacksKey) {
      return remember(registration, inUse, toldBefore);
    }
    return registration.signing().isPresent() && attempts > 1
        ? load(registration.id(), attempts - 1)
        : incomplete(ClientLookup.Gap.KEY);
  }

  private Uni<ClientLookup> remember(
      Registration registration, ClientSecrets found, long toldBefore) {
    Remembered known = new Remembered(registration, found, time.instant().plus(LOOK_AGAIN_AFTER));
    remembered.put(registration.id(), known);
    if (changesTold.get() != toldBefore) {
      lookAgain(registration.id());
    }
    return ready(known);
  }

  private Uni<ClientLookup> gone(RegistrationId id) {
    remembered.remove(id);
    return Uni.createFrom().item(new ClientLookup.Unknown());
  }

  private Uni<ClientLookup> lastKnown(RegistrationId id, ClientLookup otherwise) {
    return Optional.ofNullable(remembered.get(id))
        .map(this::ready)
        .orElseGet(() -> Uni.createFrom().item(otherwise));
  }

  private Uni<ClientLookup> ready(Remembered known) {
    Registration registration = known.registration();
    return standings.of(registration).map(standing -> lookup(standing, known));
  }

  private static ClientLookup lookup(Standing standing, Remembered known) {
    Registration registration = known.registration();
    return switch (standing) {
      case Standing.Usable usable ->
          new ClientLookup.Ready(
              new ProviderClient(usable.profile(), registration, known.secrets(), usable.site()));
      case Standing.Lacking lacking -> new ClientLookup.Incomplete(lacking.gap());
    };
  }

  private static Uni<ClientLookup> incomplete(ClientLookup.Gap gap) {
    return Uni.createFrom().item(new ClientLookup.Incomplete(gap));
  }

  private void changed(Change change) {
    if (change.kind().equals(KIND)) {
      forget(new RegistrationId(change.id()));
    }
  }

  /** Looked up anew at the next use, and kept for the case that nobody answers then. */
  private void forget(RegistrationId id) {
    changesTold.incrementAndGet();
    lookAgain(id);
  }

  private void lookAgain(RegistrationId id) {
    remembered.computeIfPresent(id, (key, known) -> known.outdated());
  }
}
