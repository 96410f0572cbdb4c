package org.tokenbroker.connection;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.tokenbroker.provider.ClientAuthenticationMethod;
import org.tokenbroker.provider.ClientLookup;
import org.tokenbroker.provider.ClientSecrets;
import org.tokenbroker.provider.Clients;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.Registration;
import org.tokenbroker.provider.RegistrationFault;
import org.tokenbroker.provider.RegistrationHealth;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;

/** Finds one healthy client, or none. */
record KnownClient(Supplier<Optional<Profile>> profile) implements Clients {
  static KnownClient none() {
    return new KnownClient(Optional::empty);
  }

  @Override
  public Uni<ClientLookup> find(RegistrationId id) {
    return Uni.createFrom()
        .item(
            profile
                .get()
                .<ClientLookup>map(known -> new ClientLookup.Ready(client(id, known)))
                .orElseGet(ClientLookup.Unknown::new));
  }

  @Override
  public Uni<Void> accepted(RegistrationId id) {
    return Uni.createFrom().voidItem();
  }

  @Override
  public Uni<Void> faulty(RegistrationId id, RegistrationFault reason) {
    throw new AssertionError("not asked in this test");
  }

  private static ProviderClient client(RegistrationId id, Profile profile) {
    Registration registration =
        new Registration(
            id,
            profile.id(),
            "Acme app",
            "",
            List.of(),
            ClientAuthenticationMethod.CLIENT_SECRET_BASIC,
            Optional.empty(),
            Scopes.of("read"),
            List.of(),
            new RegistrationHealth.Healthy(),
            1);
    ClientSecrets secrets =
        new ClientSecrets(Secret.of("client"), Optional.of(Secret.of("secret")), Optional.empty());
    return new ProviderClient(profile, registration, secrets);
  }
}
