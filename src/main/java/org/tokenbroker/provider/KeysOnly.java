package org.tokenbroker.provider;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tokenbroker.provider.RegistrationDesk.Flaw;
import org.tokenbroker.provider.RegistrationDesk.Order;

/**
 * Registrations at a provider that offers API keys and nothing else: there is no OAuth client to
 * prove, each key lies with its connection.
 */
final class KeysOnly {
  private KeysOnly() {}

  static boolean isOffered(Profile profile) {
    return profile.grants().equals(Set.of(GrantType.API_KEY));
  }

  static List<Flaw> flaws(Order order) {
    List<Flaw> flaws = new ArrayList<>();
    if (order.authentication() != ClientAuthenticationMethod.NONE) {
      flaws.add(leftOut("client_authentication"));
    }
    flaws.addAll(leftOut("client_id", order.clientId()));
    flaws.addAll(leftOut("client_secret", order.clientSecret()));
    flaws.addAll(leftOut("private_key_jwk", order.privateKey()));
    return flaws;
  }

  private static List<Flaw> leftOut(String field, Optional<?> given) {
    return given.isPresent() ? List.of(leftOut(field)) : List.of();
  }

  private static Flaw leftOut(String field) {
    return new Flaw(
        field, "must be left out: the profile offers API keys only, there is no client");
  }
}
