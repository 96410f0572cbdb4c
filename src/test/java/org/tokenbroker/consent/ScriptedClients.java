package org.tokenbroker.consent;

import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import org.tokenbroker.provider.ClientLookup;
import org.tokenbroker.provider.Clients;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.RegistrationFault;
import org.tokenbroker.token.RegistrationId;

/** Knows one registration and notes what it is told about it. */
final class ScriptedClients implements Clients {
  private ClientLookup answer;
  private final List<String> told = new ArrayList<>();

  ScriptedClients(ProviderClient client) {
    this.answer = new ClientLookup.Ready(client);
  }

  void answer(ClientLookup next) {
    answer = next;
  }

  List<String> told() {
    return told;
  }

  @Override
  public Uni<ClientLookup> find(RegistrationId id) {
    return Uni.createFrom().item(() -> answer);
  }

  @Override
  public Uni<Void> accepted(RegistrationId id) {
    return Uni.createFrom().voidItem().invoke(() -> told.add("accepted " + id));
  }

  @Override
  public Uni<Void> faulty(RegistrationId id, RegistrationFault reason) {
    return Uni.createFrom().voidItem().invoke(() -> told.add("faulty " + id + " " + reason));
  }
}
