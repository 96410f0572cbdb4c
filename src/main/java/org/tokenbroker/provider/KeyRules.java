package org.tokenbroker.provider;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tokenbroker.provider.RegistrationDesk.Flaw;

/** Which keys a profile takes. Pure. */
final class KeyRules {
  private KeyRules() {}

  /**
   * @param asked absent: the profile's only one
   */
  static Optional<String> toGenerate(Profile profile, Optional<String> asked) {
    List<String> allowed = allowed(profile);
    return asked.isEmpty() && allowed.size() == 1
        ? Optional.of(allowed.getFirst())
        : asked.filter(allowed::contains);
  }

  /**
   * @param asked absent: the first of the profile's, by name, that fits the key
   */
  static Optional<String> toSignWith(Profile profile, SigningKey key, Optional<String> asked) {
    List<String> fitting = allowed(profile).stream().filter(key::signsWith).toList();
    return asked.isEmpty() ? fitting.stream().findFirst() : asked.filter(fitting::contains);
  }

  /** What is wrong where no key can be made. */
  static Flaw ofGenerating(Profile profile) {
    return new Flaw("algorithm", "must be one of the profile's: " + words(allowed(profile)));
  }

  /**
   * What keeps a key from signing for this profile.
   *
   * @param field that says the algorithm
   */
  static List<Flaw> ofKey(Profile profile, SigningKey key, Optional<String> asked, String field) {
    List<Flaw> flaws = new ArrayList<>();
    if (toSignWith(profile, key, asked).isEmpty()) {
      flaws.add(
          new Flaw(
              field,
              "must be one that fits the key ("
                  + words(key.algorithms())
                  + ") and that the profile allows ("
                  + words(allowed(profile))
                  + ")"));
    }
    if (wantsCertificate(profile) && key.certificateThumbprint().isEmpty()) {
      flaws.add(
          new Flaw(
              "certificate_chain",
              "must be given, or x5c in the JWK: the profile names keys by their certificate"));
    }
    return flaws;
  }

  /** What stands in the way of a key that is put with its registration. */
  static Flaw flaw(KeyRing.Refusal why) {
    return switch (why) {
      case KEY_ID_TAKEN ->
          new Flaw(
              "private_key_jwk",
              "its kid names another key, or one that was retired: give it another kid");
      case TWO_LIVING ->
          new Flaw(
              "private_key_jwk", "two keys are on their way already: delete one of them first");
      case UNKNOWN_KEY, NOT_UPLOADED, RETIRED, IN_USE, PRIVATE_PART_MISSING, SECRETS_MISSING ->
          new Flaw("private_key_jwk", "must be put again: its registration changed meanwhile");
    };
  }

  static List<String> allowed(Profile profile) {
    return profile.assertion().algorithms().stream().sorted().toList();
  }

  /** Whether the provider knows keys by their certificate only. */
  static boolean wantsCertificate(Profile profile) {
    return switch (profile.assertion().keyId()) {
      case THUMBPRINT, X5T, BOTH -> true;
      case KID, NONE -> false;
    };
  }

  private static String words(List<String> algorithms) {
    return String.join(", ", algorithms);
  }
}
