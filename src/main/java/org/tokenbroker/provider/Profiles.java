package org.tokenbroker.provider;

import java.util.List;
import java.util.Optional;

/** The catalogue as it is now: one immutable snapshot, replaced whole when its files change. */
public interface Profiles {
  Optional<Profile> find(String id);

  List<Profile> all();
}
