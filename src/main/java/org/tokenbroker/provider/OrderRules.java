package org.tokenbroker.provider;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.tokenbroker.platform.outbound.AddressRules;
import org.tokenbroker.provider.RegistrationDesk.Flaw;
import org.tokenbroker.provider.RegistrationDesk.Order;
import org.tokenbroker.token.Secret;

/** What the profile and the broker's own configuration allow an order to say. */
@ApplicationScoped
class OrderRules {
  private static final int SHORTEST_HMAC_KEY = 32;

  private final Profiles profiles;
  private final ClientCertificates certificates;
  private final AddressRules addresses;
  private final InstantSource time;

  OrderRules(
      Profiles profiles,
      ClientCertificates certificates,
      ProviderAddresses addresses,
      InstantSource time) {
    this.profiles = profiles;
    this.certificates = certificates;
    this.addresses = addresses.rules();
    this.time = time;
  }

  /**
   * @param clientId given with the order, or held from before
   * @param clientSecret given with the order, or held from before
   */
  List<Flaw> flaws(Order order, Optional<Secret> clientId, Optional<Secret> clientSecret) {
    List<Flaw> flaws = new ArrayList<>();
    Optional<Profile> profile = profiles.find(order.profile());
    if (profile.isEmpty()) {
      flaws.add(RegistrationDesk.NO_PROFILE);
    }
    profile
        .filter(known -> !known.clientAuthentication().contains(order.authentication()))
        .ifPresentOrElse(
            known -> flaws.add(ofMethod(known)),
            () -> flaws.addAll(ofAuthentication(order, clientSecret)));
    profile.map(known -> ofGrants(order, known)).ifPresent(flaws::addAll);
    if (clientId.isEmpty()) {
      flaws.add(new Flaw("client_id", "must be given"));
    }
    profile
        .map(
            known ->
                ParticularFlaws.of(
                    known,
                    order.authentication(),
                    order.particulars(),
                    certificates::has,
                    addresses::allowHost))
        .ifPresent(flaws::addAll);
    return flaws;
  }

  /**
   * What keeps a key from signing for the order.
   *
   * @param before what the safe holds
   * @param ring as the ledger has it
   */
  List<Flaw> ofKey(Order order, SigningKey key, Optional<KeptSecrets> before, KeyRing ring) {
    List<Flaw> flaws = new ArrayList<>();
    profiles
        .find(order.profile())
        .map(profile -> KeyRules.ofKey(profile, key, order.signingAlgorithm(), "signing_algorithm"))
        .ifPresent(flaws::addAll);
    boolean agrees = before.map(held -> held.agreesOn(key)).orElse(true);
    if (!agrees) {
      flaws.add(KeyRules.flaw(KeyRing.Refusal.KEY_ID_TAKEN));
    } else if (flaws.isEmpty()
        && ring.declared(key, algorithm(order, key), time.instant())
            instanceof KeyRing.Move.Refused refused) {
      flaws.add(KeyRules.flaw(refused.why()));
    }
    return flaws;
  }

  /**
   * JWS algorithm that the key signs with.
   *
   * @param order without a flaw, as far as its profile can tell
   */
  String algorithm(Order order, SigningKey key) {
    return profiles
        .find(order.profile())
        .flatMap(profile -> KeyRules.toSignWith(profile, key, order.signingAlgorithm()))
        .orElse(key.algorithms().getFirst());
  }

  /** A signing key may come later: until then the registration is not usable (IV-7). */
  private static List<Flaw> ofAuthentication(Order order, Optional<Secret> clientSecret) {
    return switch (order.authentication()) {
      case CLIENT_SECRET_BASIC, CLIENT_SECRET_POST ->
          clientSecret.isPresent()
              ? List.of()
              : List.of(new Flaw("client_secret", "must be given for this client_authentication"));
      case CLIENT_SECRET_JWT ->
          clientSecret.filter(OrderRules::signs).isPresent()
              ? List.of()
              : List.of(
                  new Flaw("client_secret", "must be given, at least 32 bytes, to sign with it"));
      case PRIVATE_KEY_JWT, TLS_CLIENT_AUTH -> List.of();
      case NONE ->
          order.clientSecret().isEmpty()
              ? List.of()
              : List.of(
                  new Flaw(
                      "client_authentication",
                      "must name how the client_secret is proven; none sends none"));
    };
  }

  /** RFC 7518 §3.2. */
  private static boolean signs(Secret clientSecret) {
    return clientSecret.reveal().getBytes(StandardCharsets.UTF_8).length >= SHORTEST_HMAC_KEY;
  }

  private static Flaw ofMethod(Profile profile) {
    return new Flaw(
        "client_authentication",
        "must be one of the profile's: "
            + profile.clientAuthentication().stream()
                .map(ClientAuthenticationMethod::parameter)
                .sorted()
                .collect(Collectors.joining(", ")));
  }

  private static List<Flaw> ofGrants(Order order, Profile profile) {
    return profile.grants().containsAll(order.particulars().grants())
        ? List.of()
        : List.of(
            new Flaw(
                "grant_types",
                "must be some of the profile's: "
                    + profile.grants().stream()
                        .map(GrantType::parameter)
                        .sorted()
                        .collect(Collectors.joining(", "))));
  }
}
