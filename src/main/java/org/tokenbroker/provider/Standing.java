package org.tokenbroker.provider;

import java.util.List;
import java.util.Map;
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
   * @param metadata what is known of its issuer, where the profile wants that
   */
  static Standing of(
      Optional<Profile> profile, Registration registration, Optional<Metadata> metadata) {
    return profile
        .map(known -> of(known, registration, metadata))
        .orElseGet(() -> new Lacking(Gap.PROFILE, List.of()));
  }

  /** The issuer whose metadata is needed to tell; absent where none is. */
  static Optional<String> issuer(Profile profile, Registration registration) {
    Map<String, String> variables = registration.particulars().variables();
    return profile.discovery() && Variables.flaws(profile, variables).isEmpty()
        ? Site.of(profile, variables).issuer()
        : Optional.empty();
  }

  private static Standing of(
      Profile profile, Registration registration, Optional<Metadata> metadata) {
    Standing standing = of(profile, registration.particulars(), metadata);
    boolean lacksKey =
        registration.authentication() == ClientAuthenticationMethod.PRIVATE_KEY_JWT
            && registration.signing().isEmpty();
    return standing instanceof Usable && lacksKey ? new Lacking(Gap.KEY, List.of()) : standing;
  }

  private static Standing of(
      Profile profile, Particulars particulars, Optional<Metadata> metadata) {
    if (!Variables.flaws(profile, particulars.variables()).isEmpty()) {
      return new Lacking(Gap.VARIABLES, List.of());
    }
    Site named = Site.of(profile, particulars.variables());
    boolean showsCertificate = particulars.tlsConfiguration().isPresent();
    Site site =
        metadata
            .map(found -> showsCertificate ? found.forMutualTls() : found)
            .map(named::with)
            .orElse(named);
    List<String> missing = site.missing(profile);
    return missing.isEmpty() ? new Usable(profile, site) : new Lacking(Gap.ENDPOINTS, missing);
  }
}
