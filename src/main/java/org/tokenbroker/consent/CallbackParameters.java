package org.tokenbroker.consent;

import java.util.Map;
import java.util.Optional;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.token.Secret;

/** An authorization response: what a browser brought to the callback beside the state. */
sealed interface CallbackParameters {
  /** {@code iss}, where the provider sent one (RFC 9207 §2). */
  Optional<String> issuer();

  /**
   * RFC 6749 §4.1.2.
   *
   * @param code the authorization code; a secret until it is spent
   * @param facts public facts that came with it
   */
  record Code(Secret code, Optional<String> issuer, Map<String, String> facts)
      implements CallbackParameters {}

  /** RFC 6749 §4.1.2.1. */
  record Error(ProviderError error, Optional<String> issuer) implements CallbackParameters {}

  /** Empty where there is neither code nor error, or both. */
  static Optional<CallbackParameters> of(CallbackQuery query, Profile.Callback rules) {
    Optional<String> code = query.value(rules.codeParameter());
    Optional<String> error = query.value("error");
    if (code.isPresent() == error.isPresent()) {
      return Optional.empty();
    }
    return code.<CallbackParameters>map(
            value -> new Code(Secret.of(value), query.issuer(), query.facts(rules.metadata())))
        .or(() -> error.map(value -> new Error(ProviderError.of(value), query.issuer())));
  }
}
