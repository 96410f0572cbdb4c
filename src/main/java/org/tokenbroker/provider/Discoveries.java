package org.tokenbroker.provider;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.tokenbroker.platform.Apart;
import org.tokenbroker.platform.outbound.AddressRules;
import org.tokenbroker.provider.AcceptedMetadata.Judged;
import org.tokenbroker.provider.AcceptedMetadata.Subject;
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
 *   <li>An endpoint that moves to another host is not followed, after a restart neither: log and
 *       metric say so, and the last good document stays until an operator accepts the move
 *       (decision 88).
 *   <li>What was accepted is used only as long as the profile's hosts allow all of it.
 * </ol>
 */
@ApplicationScoped
public class Discoveries {
  private static final Logger LOG = Logger.getLogger(Discoveries.class);
  private static final Duration FRESH_FOR = Duration.ofHours(1);
  private static final Duration RETRY_AFTER = Duration.ofMinutes(1);
  private static final double JITTER = 0.1;

  private final MetadataSource source;
  private final AcceptedMetadata accepted;
  private final Apart apart;
  private final AddressRules addresses;
  private final ProviderConfig config;
  private final InstantSource clock;
  private final DiscoveryObserver observer;
  private final ConcurrentMap<Subject, Known> known = new ConcurrentHashMap<>();
  private final ConcurrentMap<Subject, Uni<Optional<Metadata>>> fetching =
      new ConcurrentHashMap<>();

  Discoveries(
      MetadataSource source,
      AcceptedMetadata accepted,
      Apart apart,
      ProviderAddresses addresses,
      ProviderConfig config,
      InstantSource clock,
      DiscoveryObserver observer) {
    this.source = source;
    this.accepted = accepted;
    this.apart = apart;
    this.addresses = addresses.rules();
    this.config = config;
    this.clock = clock;
    this.observer = observer;
  }

  private record Known(Optional<Metadata> good, Instant lookAgainAt) {}

  /**
   * @param good what is in use from now on
   */
  private record Learned(Outcome outcome, Optional<Metadata> good) {}

  /** What is known of the issuer now; fetches it where nothing is. Never fails. */
  public Uni<Optional<Metadata>> find(Profile profile, String issuer) {
    Subject subject = new Subject(profile.id(), issuer);
    Optional<Known> now = Optional.ofNullable(known.get(subject));
    boolean due = now.filter(kept -> clock.instant().isBefore(kept.lookAgainAt())).isEmpty();
    Optional<Metadata> good = allowed(profile, issuer, now.flatMap(Known::good));
    if (!due) {
      return Uni.createFrom().item(good);
    }
    Uni<Optional<Metadata>> fetch =
        apart
            .run(() -> oneFetch(profile, subject))
            .map(fetched -> allowed(profile, issuer, fetched));
    if (good.isEmpty()) {
      return fetch;
    }
    fetch.subscribe().with(done -> {}, neverFails -> {});
    return Uni.createFrom().item(good);
  }

  /** What is known of the issuer now, without asking anybody. */
  public Optional<Metadata> known(Profile profile, String issuer) {
    return allowed(profile, issuer, remembered(new Subject(profile.id(), issuer)));
  }

  /** What was accepted before is not used where the profile's hosts have become narrower. */
  private Optional<Metadata> allowed(Profile profile, String issuer, Optional<Metadata> good) {
    Terms terms = terms(profile, issuer);
    return good.filter(found -> found.hosts().allMatch(terms.hosts()));
  }

  private Terms terms(Profile profile, String issuer) {
    return Terms.of(profile, issuer, config.allowPlainHttp(), addresses::allowHost);
  }

  private Uni<Optional<Metadata>> oneFetch(Profile profile, Subject subject) {
    return fetching.computeIfAbsent(subject, key -> fetch(profile, key).memoize().indefinitely());
  }

  private Uni<Optional<Metadata>> fetch(Profile profile, Subject subject) {
    return first(
            profile, MetadataReading.locations(subject.issuer()), terms(profile, subject.issuer()))
        .onFailure()
        .recoverWithItem(Optional.empty())
        .chain(
            read ->
                learn(profile, subject, read)
                    .invoke(now -> remember(subject, now))
                    .invoke(now -> tell(subject, now, read)))
        .map(Learned::good)
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

  private Uni<Learned> learn(Profile profile, Subject subject, Optional<Read> read) {
    return read.flatMap(Discoveries::usable)
        .map(found -> judge(profile, subject, found))
        .orElseGet(() -> lastGood(subject).map(good -> new Learned(outcome(read), good)));
  }

  private Uni<Learned> judge(Profile profile, Subject subject, Metadata found) {
    Set<String> hosts = unnamed(profile, found);
    return accepted
        .judge(subject, found, hosts, clock.instant())
        .map(
            judged ->
                switch (judged) {
                  case Judged.Accepted fits -> new Learned(Outcome.FOUND, Optional.of(found));
                  case Judged.Moved moved ->
                      new Learned(Outcome.HOST_CHANGED, Optional.of(moved.accepted()));
                  case Judged.Unavailable unavailable -> byMemory(profile, subject, found);
                });
  }

  /** Whoever cannot tell what was accepted before believes nothing. */
  private Learned byMemory(Profile profile, Subject subject, Metadata found) {
    Optional<Metadata> before = remembered(subject);
    boolean fits =
        before.filter(good -> good.authorities().containsAll(unnamed(profile, found))).isPresent();
    Outcome otherwise = before.isPresent() ? Outcome.HOST_CHANGED : Outcome.UNREACHABLE;
    return fits ? new Learned(Outcome.FOUND, Optional.of(found)) : new Learned(otherwise, before);
  }

  /** Where an operator named a host as it is, nobody has to ask for it. */
  private static Set<String> unnamed(Profile profile, Metadata found) {
    return found.authorities().stream()
        .filter(authority -> !profile.hosts().contains(host(authority)))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static String host(String authority) {
    return authority.replaceFirst(":\\d+$", "");
  }

  private Uni<Optional<Metadata>> lastGood(Subject subject) {
    Optional<Metadata> known = remembered(subject);
    return known.isPresent() ? Uni.createFrom().item(known) : accepted.find(subject);
  }

  private Optional<Metadata> remembered(Subject subject) {
    return Optional.ofNullable(known.get(subject)).flatMap(Known::good);
  }

  private void remember(Subject subject, Learned now) {
    known.put(subject, new Known(now.good(), again(now.outcome() == Outcome.FOUND)));
  }

  private static Optional<Metadata> usable(Read read) {
    return read instanceof Read.Usable(Metadata metadata)
        ? Optional.of(metadata)
        : Optional.empty();
  }

  private static Outcome outcome(Optional<Read> read) {
    return read.map(told -> told instanceof Read.Usable ? Outcome.FOUND : Outcome.REFUSED)
        .orElse(Outcome.UNREACHABLE);
  }

  private void tell(Subject subject, Learned now, Optional<Read> read) {
    observer.ended(subject.profile(), now.outcome());
    switch (now.outcome()) {
      case FOUND -> LOG.debugf("Metadata of %s was fetched", subject.issuer());
      case UNREACHABLE ->
          LOG.warnf(
              "Metadata of %s could not be fetched, or not be compared with what was accepted before"
                  + " (profile %s)",
              subject.issuer(), subject.profile());
      case REFUSED ->
          LOG.warnf(
              "Metadata of %s is refused (profile %s): %s",
              subject.issuer(), subject.profile(), flaw(read));
      case HOST_CHANGED ->
          LOG.errorf(
              "Metadata of %s names endpoints on another host than before and is not followed (profile"
                  + " %s); if that is right, put one of its registrations again, or name the host in the profile's"
                  + " hosts",
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
