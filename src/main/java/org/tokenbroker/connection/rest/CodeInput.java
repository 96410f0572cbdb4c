package org.tokenbroker.connection.rest;

import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.consent.BroughtCode;
import org.tokenbroker.consent.RandomText;
import org.tokenbroker.platform.Fields;
import org.tokenbroker.token.Secret;

/** Reads a code that an operator brings, naming every offending field at once. */
final class CodeInput {
  private static final int LONGEST_CODE = 4096;

  private CodeInput() {}

  static BroughtCode code(@Nullable CodeRequest request) {
    if (request == null) {
      throw Fields.invalid("body", "must be a JSON object");
    }
    Fields fields = new Fields();
    String code = Optional.ofNullable(request.code()).orElse("");
    if (code.isBlank()
        || code.length() > LONGEST_CODE
        || code.chars().anyMatch(Character::isISOControl)) {
      fields.refuse("code", "must be the authorization code, at most 4096 characters");
    }
    Optional<String> state = Optional.ofNullable(request.state());
    if (state.filter(text -> !RandomText.isSecretForm(text)).isPresent()) {
      fields.refuse("state", "must be the state that came with the code, or be left out");
    }
    Optional<URI> redirectUri = uri(request.redirectUri(), fields);
    fields.refuseIfFlawed();
    return new BroughtCode(Secret.of(code), redirectUri, state.map(Secret::of));
  }

  /**
   * @param fields says so where it is no URL
   */
  static Optional<URI> uri(@Nullable String text, Fields fields) {
    try {
      return Optional.ofNullable(text).map(URI::create);
    } catch (IllegalArgumentException malformed) {
      fields.refuse("redirect_uri", "must be one of the registration's redirect_uris");
      return Optional.empty();
    }
  }
}
