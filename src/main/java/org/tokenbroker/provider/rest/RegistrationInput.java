package org.tokenbroker.provider.rest;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.platform.Fields;
import org.tokenbroker.provider.ClientAuthenticationMethod;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.provider.KeyImport;
import org.tokenbroker.provider.Particulars;
import org.tokenbroker.provider.RegistrationDesk.Order;
import org.tokenbroker.provider.SigningKey;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;

/** Reads what operators send, naming every offending field at once and repeating no value. */
final class RegistrationInput {
  private static final int LONGEST_TEXT = 500;
  private static final int LONGEST_SECRET = 4096;
  private static final int MOST_ITEMS = 50;
  private static final Pattern MEMBER = Pattern.compile("[A-Za-z0-9._~-]{1,64}");
  private static final Pattern TLS_NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private RegistrationInput() {}

  static Order order(String id, @Nullable RegistrationRequest request) {
    Fields fields = new Fields();
    if (request == null) {
      throw Fields.invalid("body", "must be a JSON object");
    }
    Optional<RegistrationId> registration = fields.required("id", id, RegistrationId::new);
    Optional<String> profile =
        fields.required("profile", request.profile(), RegistrationInput::text);
    Optional<String> name = fields.required("name", request.name(), RegistrationInput::text);
    Optional<String> purpose =
        fields.optional("purpose", request.purpose(), RegistrationInput::text);
    Optional<List<String>> contacts =
        fields.optional("contacts", request.contacts(), RegistrationInput::texts);
    Optional<ClientAuthenticationMethod> method =
        fields.optional(
            "client_authentication", request.clientAuthentication(), RegistrationInput::method);
    Optional<Scopes> scopes = fields.optional("scopes", request.scopes(), Scopes::of);
    Optional<List<URI>> redirectUris =
        fields.optional("redirect_uris", request.redirectUris(), RegistrationInput::redirectUris);
    Particulars particulars = particulars(request, fields);
    Optional<Secret> clientId =
        fields.optional("client_id", request.clientId(), RegistrationInput::secret);
    Optional<Secret> clientSecret =
        fields.optional("client_secret", request.clientSecret(), RegistrationInput::secret);
    Optional<SigningKey> key =
        fields.optional("private_key_jwk", request.privateKeyJwk(), RegistrationInput::key);
    fields.refuseIfFlawed();
    return new Order(
        registration.orElseThrow(),
        profile.orElseThrow(),
        name.orElseThrow(),
        purpose.orElse(""),
        contacts.orElse(List.of()),
        method.orElse(ClientAuthenticationMethod.NONE),
        Optional.ofNullable(request.signingAlgorithm()),
        scopes.orElse(Scopes.none()),
        redirectUris.orElse(List.of()),
        particulars,
        clientId,
        clientSecret,
        key);
  }

  private static Particulars particulars(RegistrationRequest request, Fields fields) {
    return new Particulars(
        members("variables", request.variables(), fields),
        members("token_parameters", request.tokenParameters(), fields),
        members("authorize_parameters", request.authorizeParameters(), fields),
        fields.optional(
            "tls_configuration", request.tlsConfiguration(), RegistrationInput::tlsName),
        fields
            .optional("grant_types", request.grantTypes(), RegistrationInput::grants)
            .orElse(Set.of()));
  }

  /** An id of another form names nothing. */
  static RegistrationId id(String id) {
    try {
      return new RegistrationId(id);
    } catch (IllegalArgumentException malformed) {
      throw RegistrationProblems.unknown();
    }
  }

  static Optional<RegistrationId> after(@Nullable String after) {
    Fields fields = new Fields();
    Optional<RegistrationId> id = fields.optional("after", after, RegistrationId::new);
    fields.refuseIfFlawed();
    return id;
  }

  static Optional<String> profile(@Nullable String profile) {
    Fields fields = new Fields();
    Optional<String> id = fields.optional("profile", profile, RegistrationInput::text);
    fields.refuseIfFlawed();
    return id;
  }

  static int limit(String limit) {
    Fields fields = new Fields();
    Optional<Integer> number = fields.required("limit", limit, Fields::pageSize);
    fields.refuseIfFlawed();
    return number.orElseThrow();
  }

  private static String text(String value) {
    if (value.isBlank()
        || value.length() > LONGEST_TEXT
        || value.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("must be 1 to 500 characters without control characters");
    }
    return value;
  }

  private static List<String> texts(List<String> values) {
    if (values.size() > MOST_ITEMS || values.stream().anyMatch(Objects::isNull)) {
      throw new IllegalArgumentException("must be a list of at most 50 texts");
    }
    return values.stream().map(RegistrationInput::text).toList();
  }

  private static Map<String, String> members(
      String field, @Nullable Map<String, @Nullable String> members, Fields fields) {
    Map<String, String> read = new TreeMap<>();
    if (members == null) {
      return read;
    }
    if (members.size() > MOST_ITEMS
        || members.keySet().stream().anyMatch(name -> !MEMBER.matcher(name).matches())) {
      fields.refuse(
          field, "must have at most 50 members, each named by 1 to 64 of A-Z a-z 0-9 . _ ~ -");
      return read;
    }
    members.forEach(
        (name, value) ->
            fields
                .required(field + "." + name, value, RegistrationInput::text)
                .ifPresent(text -> read.put(name, text)));
    return read;
  }

  private static String tlsName(String value) {
    if (!TLS_NAME.matcher(value).matches()) {
      throw new IllegalArgumentException("must be 1 to 64 of A-Z a-z 0-9 _ -");
    }
    return value;
  }

  /** What is copied from a provider's page may come with a line end that no request shows later. */
  private static Secret secret(String value) {
    if (value.isBlank()) {
      throw new IllegalArgumentException("must not be blank; leave it out to keep what is held");
    }
    if (value.length() > LONGEST_SECRET || value.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "must be 1 to 4096 characters without control characters, such as a line end");
    }
    return Secret.of(value);
  }

  private static ClientAuthenticationMethod method(String parameter) {
    return Arrays.stream(ClientAuthenticationMethod.values())
        .filter(method -> method.parameter().equals(parameter))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("must be one of " + methods()));
  }

  private static Set<GrantType> grants(List<String> parameters) {
    Set<String> known =
        Arrays.stream(GrantType.values()).map(GrantType::parameter).collect(Collectors.toSet());
    if (parameters.isEmpty() || !known.containsAll(parameters)) {
      throw new IllegalArgumentException(
          "must be some of " + known.stream().sorted().collect(Collectors.joining(", ")));
    }
    return Arrays.stream(GrantType.values())
        .filter(grant -> parameters.contains(grant.parameter()))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static String methods() {
    return Arrays.stream(ClientAuthenticationMethod.values())
        .map(ClientAuthenticationMethod::parameter)
        .collect(Collectors.joining(", "));
  }

  private static List<URI> redirectUris(List<String> values) {
    return texts(values).stream().map(RegistrationInput::redirectUri).toList();
  }

  /**
   * RFC 9700 §2.1, §4.1.3: https, or http on loopback for development; no fragment (RFC 6749
   * §3.1.2).
   */
  private static URI redirectUri(String value) {
    URI uri;
    try {
      uri = URI.create(value);
    } catch (IllegalArgumentException malformed) {
      throw new IllegalArgumentException(
          "each must be an absolute https URL without a fragment", malformed);
    }
    boolean isSafe =
        "https".equals(uri.getScheme())
            || ("http".equals(uri.getScheme()) && "localhost".equals(uri.getHost()));
    if (!isSafe || uri.getHost() == null || uri.getRawFragment() != null) {
      throw new IllegalArgumentException("each must be an absolute https URL without a fragment");
    }
    return uri;
  }

  private static SigningKey key(Map<String, Object> jwk) {
    return SigningKey.of(Secret.of(new JsonObject(jwk).encode()))
        .filter(key -> KeyImport.isKeyId(key.keyId()))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "must be a private JWK with a kid of letters, digits or . _ ~ = : @ + -: RSA of at least 2048 bits, or EC on P-256, P-384 or P-521"));
  }
}
