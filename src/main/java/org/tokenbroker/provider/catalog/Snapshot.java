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
   * @param files text of each file by its name; the order decides which of two profiles with one id
   *     is refused: the later
   */
  Snapshot next(SortedMap<String, String> files, ProfileReader reader) {
    SortedMap<String, Profile> accepted = new TreeMap<>();
    Map<String, String> owners = new HashMap<>();
    List<Violation> refused = new ArrayList<>();
    files.forEach(
        (file, text) -> {
          Reading reading = unique(file, reader.read(file, text), owners);
          if (reading instanceof Reading.Refused(List<Violation> found)) {
            refused.addAll(found);
          }
          inUse(file, reading, owners).ifPresent(profile -> accepted.put(file, profile));
        });
    return new Snapshot(Map.copyOf(files), accepted, List.copyOf(refused));
  }

  private static Reading unique(String file, Reading reading, Map<String, String> owners) {
    if (reading instanceof Reading.Accepted(Profile profile) && owners.containsKey(profile.id())) {
      String message = "is the id of the profile in " + owners.get(profile.id()) + " already";
      return new Reading.Refused(List.of(new Violation(file, 1, 1, "id", message)));
    }
    return reading;
  }

  private Optional<Profile> inUse(String file, Reading reading, Map<String, String> owners) {
    Optional<Profile> profile =
        switch (reading) {
          case Reading.Accepted(Profile present) -> Optional.of(present);
          case Reading.Refused refused ->
              Optional.ofNullable(profiles.get(file))
                  .filter(last -> !owners.containsKey(last.id()));
        };
    profile.ifPresent(used -> owners.put(used.id(), file));
    return profile;
  }

  Map<String, Profile> byId() {
    Map<String, Profile> byId = new LinkedHashMap<>();
    Collection<Profile> all = profiles.values();
    all.forEach(profile -> byId.put(profile.id(), profile));
    return byId;
  }
}
