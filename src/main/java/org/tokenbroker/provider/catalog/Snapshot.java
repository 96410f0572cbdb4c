package org.tokenbroker.provider.catalog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tokenbroker.provider.Profile;

/**
 * All profile files as they were read at one moment. Immutable; {@link #next} makes the one that
 * follows.
 *
 * @param texts what each file held, by file name
 * @param profiles the profile of each file that has one: of its present text, else of the last good
 *     one
 * @param violations of the files whose present text is refused
 */
record Snapshot(
    Map<String, String> texts, SortedMap<String, Profile> profiles, List<Violation> violations) {
  static final Snapshot EMPTY = new Snapshot(Map.of(), new TreeMap<>(), List.of());

  /**
   * Of several files with one id the one that had it before keeps it. Where none had it, none gets
   * it: nobody can tell which is meant, and the wrong one would send the refresh tokens of all its
   * connections elsewhere.
   *
   * @param files text of each file by its name
   */
  Snapshot next(SortedMap<String, String> files, ProfileReader reader) {
    SortedMap<String, Reading> readings = new TreeMap<>();
    files.forEach((file, text) -> readings.put(file, reader.read(file, text)));
    Map<String, List<String>> claimants = claimants(readings);
    SortedMap<String, Profile> accepted = new TreeMap<>();
    List<Violation> refused = new ArrayList<>();
    readings.forEach(
        (file, read) -> {
          Reading reading = unique(file, read, claimants);
          if (reading instanceof Reading.Refused(List<Violation> found)) {
            refused.addAll(found);
          }
          inUse(file, reading, claimants).ifPresent(profile -> accepted.put(file, profile));
        });
    return new Snapshot(Map.copyOf(files), accepted, List.copyOf(refused));
  }

  /** Files by the id that each of them claims; only the one that had it, if that is one of them. */
  private Map<String, List<String>> claimants(SortedMap<String, Reading> readings) {
    Map<String, List<String>> claimants = new HashMap<>();
    readings.forEach(
        (file, reading) ->
            claimed(file, reading)
                .ifPresent(
                    id -> claimants.computeIfAbsent(id, any -> new ArrayList<>()).add(file)));
    claimants.replaceAll(
        (id, files) ->
            files.stream()
                .filter(file -> hadBefore(file, id))
                .findFirst()
                .map(List::of)
                .orElse(files));
    return claimants;
  }

  private Optional<String> claimed(String file, Reading reading) {
    return switch (reading) {
      case Reading.Accepted(Profile present) -> Optional.of(present.id());
      case Reading.Refused refused -> Optional.ofNullable(profiles.get(file)).map(Profile::id);
    };
  }

  private boolean hadBefore(String file, String id) {
    Profile before = profiles.get(file);
    return before != null && before.id().equals(id);
  }

  private static Reading unique(String file, Reading reading, Map<String, List<String>> claimants) {
    return reading instanceof Reading.Accepted(Profile profile)
        ? unique(file, reading, claimants.getOrDefault(profile.id(), List.of()))
        : reading;
  }

  private static Reading unique(String file, Reading reading, List<String> claimants) {
    return claimants.stream()
        .filter(other -> !other.equals(file))
        .findFirst()
        .<Reading>map(other -> taken(file, other, claimants))
        .orElse(reading);
  }

  private static Reading taken(String file, String other, List<String> claimants) {
    String end = claimants.contains(file) ? " too; neither is in use" : " already";
    String message = "is the id of the profile in " + other + end;
    return new Reading.Refused(List.of(new Violation(file, 1, 1, "id", message)));
  }

  private Optional<Profile> inUse(
      String file, Reading reading, Map<String, List<String>> claimants) {
    return switch (reading) {
      case Reading.Accepted(Profile present) -> Optional.of(present);
      case Reading.Refused refused ->
          Optional.ofNullable(profiles.get(file))
              .filter(last -> claimants.getOrDefault(last.id(), List.of(file)).contains(file));
    };
  }

  Map<String, Profile> byId() {
    Map<String, Profile> byId = new LinkedHashMap<>();
    Collection<Profile> all = profiles.values();
    all.forEach(profile -> byId.put(profile.id(), profile));
    return byId;
  }
}
