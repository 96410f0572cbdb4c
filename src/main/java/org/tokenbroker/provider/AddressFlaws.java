package org.tokenbroker.provider;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.tokenbroker.provider.RegistrationDesk.Flaw;

/**
 * Addresses out of reach among the URLs of a registration, as far as their hosts tell without being
 * looked up (C24). What a name leads to is seen when it is called, since it may change. Pure.
 */
final class AddressFlaws {
  static final String FIX = "allow its network by token-broker.provider.allowed-networks";

  private AddressFlaws() {}

  /**
   * @param variables of the registration; free of {@link Variables#flaws}
   * @param inReach whether the host of a URL may be called
   */
  static List<Flaw> of(Profile profile, Map<String, String> variables, Predicate<String> inReach) {
    Map<String, String> values = Variables.complete(profile, variables);
    Predicate<String> isCalled = field -> profile.discovery() || !field.equals("issuer");
    return Variables.urlsByField(profile, values).entrySet().stream()
        .filter(url -> isCalled.test(url.getKey()))
        .filter(url -> host(url.getValue().fill(values)).filter(inReach).isEmpty())
        .flatMap(url -> of(url.getKey(), url.getValue()))
        .toList();
  }

  private static Optional<String> host(String url) {
    return Optional.ofNullable(URI.create(url).getHost());
  }

  /** Whoever chose the host can choose another: the registration, else the profile. */
  private static Stream<Flaw> of(String field, UrlTemplate url) {
    return url.hostVariables().isEmpty()
        ? Stream.of(
            new Flaw("profile", "must not put " + field + " at an address out of reach; " + FIX))
        : url.hostVariables().stream()
            .map(name -> new Flaw("variables." + name, outOfReach(field)));
  }

  private static String outOfReach(String field) {
    return "must not lead " + field + " to an address out of reach: name a public host, or " + FIX;
  }
}
