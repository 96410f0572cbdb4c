package org.tokenbroker.provider;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;
import org.tokenbroker.platform.outbound.AddressRules;
import org.tokenbroker.provider.DiscoveryObserver.Outcome;
import org.tokenbroker.provider.MetadataReading.Flaw;
import org.tokenbroker.provider.MetadataReading.Read;
import org.tokenbroker.provider.MetadataReading.Terms;

/**
 * Metadata of issuers, remembered (C20).
 *
 * <ol>
 *   <li>What was good stays in use until something better comes, however long its issuer is away.
 *   <li>It is fetched again about once an hour, and nobody waits for that. Only who asks first,
 *       while nothing is known, waits for one fetch.
 *   <li>An endpoint that moves to another host is not followed: log and metric say so, and the last
 *       good document stays (decision 56).
 * </ol>
 */
@ApplicationScoped
public class Discoveries {
  private static final Logger LOG = Logger.getLogger(Discoveries.class);
  private static final Duration FRESH_FOR = Duration.ofHours(1);
  private static final Duration RETRY_AFTER = Duration.ofMinutes(1);
  private static final double JITTER = 0.1;

  private final MetadataSource source;
  private final AddressRules addresses;
  private final ProviderConfig config;
  private final InstantSource clock;
  private final DiscoveryObserver observer;
  private final ConcurrentMap<Subject, Known> known = new ConcurrentHashMap<>();
  private final ConcurrentMap<Subject, Uni<Optional<Metadata>>> fetching =
      new ConcurrentHashMap<>();

  Discoveries(
      MetadataSource source,
      ProviderAddresses addresses,
      ProviderConfig config,
      InstantSource clock,
      DiscoveryObserver observer) {
    this.source = source;
    this.addresses = addresses.rules();
    this.config = config;
    this.clock = clock;
    this.observer = observer;
  }

  /** A profile judges what it accepts, so two profiles never share a document. */
  private record Subject(String profile, String issuer) {}

  private record Known(Optional<Metadata> good, Instant lookAgainAt) {}

  /** What is known of the issuer now; fetches it where nothing is. Never fails. */
  public Uni<Optional<Metadata>> find(Profile profile, String issuer) {
    Subject subject = new Subject(profile.id(), issuer);
    Optional<Known> now = Optional.ofNullable(known.get(subject));
    boolean due = now.filter(kept -> clock.instant().isBefore(kept.lookAgainAt())).isEmpty();
    Optional<Metadata> good = now.flatMap(Known::good);
    if (!due) {
      return Uni.createFrom().item(good);
    }
    Uni<Optional<Metadata>> fetch =
        fetching.computeIfAbsent(subject, key -> fetch(profile, key).memoize().indefinitely());
    if (good.isEmpty()) {
      return fetch;
    }
    fetch.subscribe().with(done -> {}, neverFails -> {});
    return Uni.createFrom().item(good);
  }

  /** What is known of the issuer now, without asking anybody. */
  public Optional<Metadata> known(Profile profile, String issuer) {
    return Optional.ofNullable(known.get(new Subject(profile.id(), issuer))).flatMap(Known::good);
  }

  private Uni<Optional<Metadata>> fetch(Profile profile, Subject subject) {
    Terms terms =
        Terms.of(profile, subject.issuer(), config.allowPlainHttp(), addresses::allowHost);
    return first(profile, MetadataReading.locations(subject.issuer()), terms)
        .onFailure()
        .recoverWithItem(Optional.empty())
        .map(read -> learned(subject, read))
        .onTermination()
        .invoke(() -> forget(subject));
  }

  private void forget(Subject subject) {
    fetching.remove(subject);
  }

  /**
   * The first usable document; else why the last one was not. A host that does not answer is not
   * asked a second time.
   */
  private Uni<Optional<Read>> first(Profile profile, List<URI> locations, Terms terms) {
    return source
        .fetch(profile, locations.getFirst())
        .map(answer -> answer.map(document -> MetadataReading.read(document, terms)))
        .chain(
            read ->
                read.map(Discoveries::isConclusive).orElse(true) || locations.size() == 1
                    ? Uni.createFrom().item(read)
                    : first(profile, locations.subList(1, locations.size()), terms));
  }

  /** A document that was refused is not looked for elsewhere: somebody has to look at it. */
  private static boolean isConclusive(Read read) {
    return switch (read) {
      case Read.Usable usable -> true;
      case Read.Refused refused -> refused.flaw() != Flaw.NO_DOCUMENT;
    };
  }

  private Optional<Metadata> learned(Subject subject, Optional<Read> read) {
    Optional<Metadata> before = Optional.ofNullable(known.get(subject)).flatMap(Known::good);
    Optional<Metadata> found = read.flatMap(Discoveries::usable);
    boolean moved = before.isPresent() && found.isPresent() && moved(before.get(), found.get());
    Optional<Metadata> good = moved || found.isEmpty() ? before : found;
    Outcome outcome = moved ? Outcome.HOST_CHANGED : outcome(read);
    tell(subject, outcome, read);
    known.put(subject, new Known(good, again(outcome == Outcome.FOUND)));
    return good;
  }

  private static Optional<Metadata> usable(Read read) {
    return read instanceof Read.Usable(Metadata metadata)
        ? Optional.of(metadata)
        : Optional.empty();
  }

  private static boolean moved(Metadata before, Metadata found) {
    return !before.authorities().containsAll(found.authorities());
  }

  private static Outcome outcome(Optional<Read> read) {
    return read.map(told -> told instanceof Read.Usable ? Outcome.FOUND : Outcome.REFUSED)
        .orElse(Outcome.UNREACHABLE);
  }

  private void tell(Subject subject, Outcome outcome, Optional<Read> read) {
    observer.ended(subject.profile(), outcome);
    switch (outcome) {
      case FOUND -> LOG.debugf("Metadata of %s was fetched", subject.issuer());
      case UNREACHABLE ->
          LOG.warnf(
              "Metadata of %s could not be fetched (profile %s)",
              subject.issuer(), subject.profile());
      case REFUSED ->
          LOG.warnf(
              "Metadata of %s is refused (profile %s): %s",
              subject.issuer(), subject.profile(), flaw(read));
      case HOST_CHANGED ->
          LOG.errorf(
              "Metadata of %s names endpoints on another host than before and is not followed (profile"
                  + " %s); if that is right, name them in the profile or restart",
              subject.issuer(), subject.profile());
    }
  }

  private static String flaw(Optional<Read> read) {
    return read.map(told -> told instanceof Read.Refused(Flaw flaw) ? flaw.name() : "").orElse("");
  }

  private Instant again(boolean found) {
    Duration pause = found ? FRESH_FOR : RETRY_AFTER;
    double factor = 1 + ThreadLocalRandom.current().nextDouble(-JITTER, JITTER);
    return clock.instant().plusMillis((long) (pause.toMillis() * factor));
  }
}
