package org.tokenbroker.provider;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@link AcceptedMetadata} in memory, which can be away. */
final class MemoryMetadata implements AcceptedMetadata {
  boolean away;

  private final Map<Subject, Row> rows = new HashMap<>();

  private record Row(Set<String> hosts, Metadata metadata, Optional<Set<String>> refused) {}

  @Override
  public Uni<Judged> judge(Subject subject, Metadata found, Set<String> hosts, Instant now) {
    return Uni.createFrom()
        .item(() -> away ? new Judged.Unavailable() : judged(subject, found, hosts));
  }

  private Judged judged(Subject subject, Metadata found, Set<String> hosts) {
    Row before = rows.get(subject);
    if (before == null || before.hosts().containsAll(hosts)) {
      rows.put(subject, new Row(hosts, found, Optional.empty()));
      return new Judged.Accepted();
    }
    rows.put(subject, new Row(before.hosts(), before.metadata(), Optional.of(hosts)));
    return new Judged.Moved(before.metadata());
  }

  @Override
  public Uni<Optional<Metadata>> find(Subject subject) {
    return Uni.createFrom()
        .item(
            () ->
                away
                    ? Optional.empty()
                    : Optional.ofNullable(rows.get(subject)).map(Row::metadata));
  }

  @Override
  public Uni<Accepting> accept(Subject subject, Instant now) {
    rows.computeIfPresent(
        subject,
        (key, row) -> new Row(row.refused().orElse(row.hosts()), row.metadata(), Optional.empty()));
    return Uni.createFrom().item(Accepting.DONE);
  }
}
