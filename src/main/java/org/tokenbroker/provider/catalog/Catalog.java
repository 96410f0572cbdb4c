package org.tokenbroker.provider.catalog;

import io.quarkus.runtime.Startup;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.jboss.logging.Logger;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.Profiles;
import org.tokenbroker.provider.ProviderAddresses;
import org.tokenbroker.provider.ProviderConfig;

/**
 * The profiles in use: shipped ones and those of the mounted folder, which is read again every few
 * seconds.
 *
 * <ol>
 *   <li>Readers always see one whole set; reading never waits for a file.
 *   <li>A file that is not valid never changes the set: its last good profile stays.
 *   <li>A file never takes over the id of another's profile.
 *   <li>A folder that cannot be read leaves everything as it was.
 * </ol>
 */
@Startup
@ApplicationScoped
public class Catalog implements Profiles {
  private static final Logger LOG = Logger.getLogger(Catalog.class);

  private final String index;
  private final Optional<Path> directory;
  private final ProfileReader reader;
  private final InstantSource clock;
  private volatile State state;
  private volatile Instant readAt = Instant.EPOCH;

  @Inject
  Catalog(
      CatalogConfig config,
      ProviderConfig provider,
      ProviderAddresses addresses,
      InstantSource clock) {
    this(
        ProfileFiles.INDEX,
        config.directory(),
        new ProfileReader(provider.allowPlainHttp(), addresses.rules()::allowHost),
        clock);
  }

  /**
   * @param index resource that names the shipped files
   */
  Catalog(String index, Optional<Path> directory, ProfileReader reader, InstantSource clock) {
    this.index = index;
    this.directory = directory;
    this.reader = reader;
    this.clock = clock;
    this.state = new State(Snapshot.EMPTY, List.of(), clock.instant());
  }

  @PostConstruct
  @Scheduled(every = "5s", delayed = "5s", concurrentExecution = ConcurrentExecution.SKIP)
  void reload() {
    State before = state;
    State after = read(before);
    if (after.violations().isEmpty()) {
      readAt = clock.instant();
    }
    if (!after.equals(before)) {
      state = after;
      after.violations().forEach(violation -> LOG.errorf("profile refused: %s", violation));
      LOG.infof("catalogue holds %d profiles", after.byId().size());
    }
  }

  private State read(State before) {
    SortedMap<String, String> files;
    try {
      files = ProfileFiles.shipped(Catalog.class.getClassLoader(), index);
      if (directory.isPresent()) {
        files.putAll(ProfileFiles.mounted(directory.get()));
      }
    } catch (IOException unreadable) {
      Violation violation =
          new Violation(directory.map(Path::toString).orElse(index), 1, 1, "", "cannot be read");
      return before.with(before.snapshot(), List.of(violation), clock);
    }
    Snapshot next =
        files.equals(before.snapshot().texts())
            ? before.snapshot()
            : before.snapshot().next(files, reader);
    return before.with(next, List.of(), clock);
  }

  @Override
  public Optional<Profile> find(String id) {
    return Optional.ofNullable(state.byId().get(id));
  }

  @Override
  public List<Profile> all() {
    return List.copyOf(state.byId().values());
  }

  /** When all files were last read and none was refused; the epoch where that never was. */
  Instant lastSuccess() {
    return readAt;
  }

  public CatalogStatus status() {
    State now = state;
    return new CatalogStatus(now.byId().size(), now.changedAt(), now.violations());
  }

  /**
   * @param unreadable what keeps the folder itself from being read
   */
  private record State(
      Snapshot snapshot, Map<String, Profile> byId, List<Violation> unreadable, Instant changedAt) {
    State(Snapshot snapshot, List<Violation> unreadable, Instant changedAt) {
      this(snapshot, snapshot.byId(), unreadable, changedAt);
    }

    State with(Snapshot snapshot, List<Violation> unreadable, InstantSource clock) {
      boolean same = snapshot.equals(this.snapshot) && unreadable.equals(this.unreadable);
      return same ? this : new State(snapshot, unreadable, clock.instant());
    }

    List<Violation> violations() {
      List<Violation> all = new ArrayList<>(unreadable);
      all.addAll(snapshot.violations());
      return List.copyOf(all);
    }
  }
}
