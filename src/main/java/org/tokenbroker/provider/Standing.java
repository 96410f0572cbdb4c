package org.tokenbroker.provider;

import java.util.List;
import java.util.Optional;
import org.tokenbroker.provider.ClientLookup.Gap;

/** Whether a registration can be used with what the catalogue says now (MK-6). */
public sealed interface Standing {
  record Usable(Profile profile, Site site) implements Standing {}

  /**
   * @param missingEndpoints where they are the gap: their fields in the profile
   */
  record Lacking(Gap gap, List<String> missingEndpoints) implements Standing {}

  /**
   * @param profile the one that the registration names, where the catalogue has it
   */
  static Standing of(Optional<Profile> profile, Registration registration) {
    return profile
        .map(known -> of(known, registration))
        .orElseGet(() -> new Lacking(Gap.PROFILE, List.of()));
  }

  private static Standing of(Profile profile, Registration registration) {
    Standing standing = of(profile, registration.particulars());
    boolean lacksKey =
        registration.authentication() == ClientAuthenticationMethod.PRIVATE_KEY_JWT
            && registration.signing().isEmpty();
    return standing instanceof Usable && lacksKey ? new Lacking(Gap.KEY, List.of()) : standing;
  }

  private static Standing of(Profile profile, Particulars particulars) {
    if (!Variables.flaws(profile, particulars.variables()).isEmpty()) {
      return new Lacking(Gap.VARIABLES, List.of());
    }
    Site site = Site.of(profile, particulars.variables());
    List<String> missing = site.missing(profile);
    return missing.isEmpty() ? new Usable(profile, site) : new Lacking(Gap.ENDPOINTS, missing);
  }
}
