package org.tokenbroker.provider;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.tokenbroker.provider.RegistrationDesk.Flaw;

/** What is wrong with the particulars of a registration, by their field. Pure. */
final class ParticularFlaws {
  private ParticularFlaws() {}

  /**
   * @param showsCertificate whether the TLS configuration of that name holds a certificate of ours
   * @param inReach whether the host of a URL may be called, as far as it tells by itself
   */
  static List<Flaw> of(
      Profile profile,
      ClientAuthenticationMethod authentication,
      Particulars particulars,
      Predicate<String> showsCertificate,
      Predicate<String> inReach) {
    List<Flaw> flaws = new ArrayList<>();
    Variables.flaws(profile, particulars.variables())
        .forEach((name, fix) -> flaws.add(new Flaw("variables." + name, fix)));
    if (flaws.isEmpty()) {
      flaws.addAll(AddressFlaws.of(profile, particulars.variables(), inReach));
    }
    flaws.addAll(
        unknown(
            "token_parameters",
            particulars.tokenParameters(),
            profile.token().registrationParameters()));
    flaws.addAll(
        unknown(
            "authorize_parameters",
            particulars.authorizeParameters(),
            profile.authorize().registrationParameters()));
    flaws.addAll(ofResources("token_parameters", particulars.tokenParameters()));
    flaws.addAll(ofResources("authorize_parameters", particulars.authorizeParameters()));
    flaws.addAll(ofCertificate(authentication, particulars, showsCertificate));
    return flaws;
  }

  private static List<Flaw> unknown(String field, Map<String, String> given, Set<String> known) {
    String fix =
        known.isEmpty()
            ? "is not asked for by the profile; remove it"
            : "must be one that the profile asks for: "
                + String.join(", ", known.stream().sorted().toList());
    return given.keySet().stream()
        .filter(name -> !known.contains(name))
        .sorted()
        .map(name -> new Flaw(field + "." + name, fix))
        .toList();
  }

  /** RFC 8707 §2. */
  private static List<Flaw> ofResources(String field, Map<String, String> given) {
    return given.containsKey("resource") && !isAbsolute(given.getOrDefault("resource", ""))
        ? List.of(new Flaw(field + ".resource", "must be an absolute URI without a fragment"))
        : List.of();
  }

  private static boolean isAbsolute(String text) {
    try {
      URI uri = new URI(text);
      return uri.isAbsolute() && uri.getRawFragment() == null;
    } catch (URISyntaxException notOne) {
      return false;
    }
  }

  private static List<Flaw> ofCertificate(
      ClientAuthenticationMethod authentication,
      Particulars particulars,
      Predicate<String> showsCertificate) {
    boolean isNeeded = authentication == ClientAuthenticationMethod.TLS_CLIENT_AUTH;
    return particulars.tlsConfiguration().map(showsCertificate::test).orElse(!isNeeded)
        ? List.of()
        : List.of(
            new Flaw(
                "tls_configuration",
                "must name a TLS configuration of the broker with a key store:"
                    + " quarkus.tls.<name>.key-store"));
  }
}
