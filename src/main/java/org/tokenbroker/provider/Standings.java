package org.tokenbroker.provider;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Where registrations stand with the catalogue's profiles and what their issuers say. */
@ApplicationScoped
public class Standings {
  private final Profiles profiles;
  private final Discoveries discoveries;

  Standings(Profiles profiles, Discoveries discoveries) {
    this.profiles = profiles;
    this.discoveries = discoveries;
  }

  /** Waits for the issuer's metadata where they are needed and nothing is known; never fails. */
  public Uni<Standing> of(Registration registration) {
    Optional<Profile> profile = profiles.find(registration.profile());
    return profile
        .flatMap(known -> Standing.issuer(known, registration).map(i -> discoveries.find(known, i)))
        .orElseGet(() -> Uni.createFrom().item(Optional.empty()))
        .map(metadata -> Standing.of(profile, registration, metadata));
  }

  /** By what is known now, without asking anybody. */
  public Standing now(Registration registration) {
    Optional<Profile> profile = profiles.find(registration.profile());
    Optional<Metadata> metadata =
        profile.flatMap(
            known ->
                Standing.issuer(known, registration).flatMap(i -> discoveries.known(known, i)));
    return Standing.of(profile, registration, metadata);
  }
}
