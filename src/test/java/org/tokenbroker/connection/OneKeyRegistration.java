package org.tokenbroker.connection;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tokenbroker.provider.ClientAuthenticationMethod;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.ProfileFixture;
import org.tokenbroker.provider.Profiles;
import org.tokenbroker.provider.Registration;
import org.tokenbroker.provider.RegistrationFault;
import org.tokenbroker.provider.RegistrationHealth;
import org.tokenbroker.provider.Registrations;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;

/** One registration at a provider that offers API keys, and its profile. */
final class OneKeyRegistration implements Registrations, Profiles {
  static final RegistrationId ID = new RegistrationId("own-portal");
  static final Scopes SCOPES = Scopes.of("everything");

  String grants = "[api_key]";

  @Override
  public Optional<Profile> find(String id) {
    return Optional.of(ProfileFixture.anywhere().with("grants", grants).profile());
  }

  @Override
  public List<Profile> all() {
    return find("acme").stream().toList();
  }

  @Override
  public Uni<Found> find(RegistrationId id) {
    return Uni.createFrom()
        .item(
            () ->
                id.equals(ID)
                    ? new Found.Yes(
                        new Kept(registration(), Set.of(), Instant.EPOCH, Instant.EPOCH))
                    : new Found.Unknown());
  }

  private static Registration registration() {
    return new Registration(
        ID,
        "acme",
        "Own portal",
        "",
        List.of(),
        ClientAuthenticationMethod.NONE,
        Optional.empty(),
        SCOPES,
        List.of(),
        new RegistrationHealth.Healthy(),
        1);
  }

  @Override
  public Uni<Dependents> dependents(RegistrationId id) {
    throw new AssertionError("not asked in this test");
  }

  @Override
  public Uni<Listing> list(Optional<String> profile, Optional<RegistrationId> after, int limit) {
    throw new AssertionError("not asked in this test");
  }

  @Override
  public Uni<Changed> put(Registration registration, Set<SecretKind> held, Instant now) {
    throw new AssertionError("not asked in this test");
  }

  @Override
  public Uni<Changed> delete(RegistrationId id) {
    throw new AssertionError("not asked in this test");
  }

  @Override
  public Uni<Changed> faulty(
      RegistrationId id, RegistrationFault reason, Instant now, Duration probeAfter) {
    throw new AssertionError("not asked in this test");
  }

  @Override
  public Uni<Changed> accepted(RegistrationId id, Instant now) {
    throw new AssertionError("not asked in this test");
  }
}
