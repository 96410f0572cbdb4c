package org.tokenbroker.connection.rest;

import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.connection.ConnectionDesk.Flaw;
import org.tokenbroker.connection.ConnectionDesk.Order;
import org.tokenbroker.connection.Ledger;
import org.tokenbroker.connection.States;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;
import org.tokenbroker.token.TenantId;

/** Reads what operators send, naming every offending field at once. */
final class ConnectionInput {
  private static final Pattern PROVIDER = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
  private static final int MOST_METADATA = 20;
  private static final int LONGEST_VALUE = 256;
  private static final Pattern API_KEY = Pattern.compile("[!-~]{1,4096}");
  private static final int LARGEST_PAGE = 200;
  private static final Duration LONGEST_LINK_LIFE = Duration.ofDays(30);

  private final List<Flaw> flaws = new ArrayList<>();

  private ConnectionInput() {}

  static Order order(String id, @Nullable ConnectionRequest request) {
    ConnectionInput input = new ConnectionInput();
    if (request == null) {
      throw ConnectionProblems.flawed(List.of(new Flaw("body", "must be a JSON object")));
    }
    Optional<ConnectionId> connection = input.required("id", id, ConnectionId::new);
    Optional<TenantId> tenant = input.required("tenant", request.tenant(), TenantId::new);
    Optional<RegistrationId> registration =
        input.required("registration", request.registration(), RegistrationId::new);
    Optional<GrantType> grant =
        input.required("grant_type", request.grantType(), ConnectionInput::grant);
    Optional<Scopes> scopes = input.optional("scopes", request.scopes(), Scopes::of);
    Optional<Secret> apiKey = input.optional("api_key", request.apiKey(), ConnectionInput::apiKey);
    Map<String, String> metadata = input.metadata(request.metadata());
    input.refuseIfFlawed();
    return new Order(
        connection.orElseThrow(),
        tenant.orElseThrow(),
        registration.orElseThrow(),
        grant.orElseThrow(),
        scopes,
        apiKey,
        metadata);
  }

  /** A key to be put. */
  record KeyOrder(Secret key, Optional<Scopes> scopes) {}

  static KeyOrder keyOrder(@Nullable ApiKeyRequest request) {
    ConnectionInput input = new ConnectionInput();
    if (request == null) {
      throw ConnectionProblems.flawed(List.of(new Flaw("body", "must be a JSON object")));
    }
    Optional<Secret> key = input.required("api_key", request.apiKey(), ConnectionInput::apiKey);
    Optional<Scopes> scopes = input.optional("scopes", request.scopes(), Scopes::of);
    input.refuseIfFlawed();
    return new KeyOrder(key.orElseThrow(), scopes);
  }

  static Ledger.Filter filter(
      @Nullable String tenant,
      @Nullable String registration,
      @Nullable String provider,
      @Nullable String state,
      @Nullable String consentEndsBefore) {
    ConnectionInput input = new ConnectionInput();
    Ledger.Filter filter =
        new Ledger.Filter(
            input.optional("tenant", tenant, TenantId::new),
            input.optional("registration", registration, RegistrationId::new),
            input.optional("provider", provider, ConnectionInput::provider),
            input.optional("state", state, ConnectionInput::state),
            input.optional("consent_ends_before", consentEndsBefore, ConnectionInput::moment));
    input.refuseIfFlawed();
    return filter;
  }

  static Optional<ConnectionId> after(@Nullable String after) {
    ConnectionInput input = new ConnectionInput();
    Optional<ConnectionId> id = input.optional("after", after, ConnectionId::new);
    input.refuseIfFlawed();
    return id;
  }

  static int limit(String limit) {
    ConnectionInput input = new ConnectionInput();
    Optional<Integer> number = input.required("limit", limit, ConnectionInput::pageSize);
    input.refuseIfFlawed();
    return number.orElseThrow();
  }

  /** An id of another form names nothing. */
  static ConnectionId id(String id) {
    try {
      return new ConnectionId(id);
    } catch (IllegalArgumentException malformed) {
      throw ConnectionProblems.unknown();
    }
  }

  static TenantId tenant(@Nullable ClaimRequest request) {
    ConnectionInput input = new ConnectionInput();
    Optional<TenantId> tenant =
        input.required("tenant", request == null ? null : request.tenant(), TenantId::new);
    input.refuseIfFlawed();
    return tenant.orElseThrow();
  }

  static Duration linkLife(String validFor) {
    ConnectionInput input = new ConnectionInput();
    Optional<Duration> life = input.required("valid_for", validFor, ConnectionInput::life);
    input.refuseIfFlawed();
    return life.orElseThrow();
  }

  static Optional<URI> redirectUri(@Nullable String text) {
    ConnectionInput input = new ConnectionInput();
    Optional<URI> uri = CodeInput.uri(text, input.flaws);
    input.refuseIfFlawed();
    return uri;
  }

  private <S, T> Optional<T> required(String field, @Nullable S value, Function<S, T> reader) {
    if (value == null) {
      flaws.add(new Flaw(field, "must be given"));
      return Optional.empty();
    }
    return optional(field, value, reader);
  }

  private <S, T> Optional<T> optional(String field, @Nullable S value, Function<S, T> reader) {
    try {
      return Optional.ofNullable(value).map(reader);
    } catch (IllegalArgumentException | DateTimeException malformed) {
      flaws.add(new Flaw(field, String.valueOf(malformed.getMessage())));
      return Optional.empty();
    }
  }

  private Map<String, String> metadata(@Nullable Map<String, String> metadata) {
    if (metadata == null) {
      return Map.of();
    }
    if (metadata.size() > MOST_METADATA
        || metadata.values().stream()
            .anyMatch(value -> value == null || value.length() > LONGEST_VALUE)) {
      flaws.add(
          new Flaw(
              "metadata", "must have at most 20 members, each a text of at most 256 characters"));
      return Map.of();
    }
    return metadata;
  }

  private void refuseIfFlawed() {
    if (!flaws.isEmpty()) {
      throw ConnectionProblems.flawed(flaws);
    }
  }

  /** It stands in a header of each call to the API. */
  private static Secret apiKey(String value) {
    if (!API_KEY.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "must be 1 to 4096 visible ASCII characters, without spaces");
    }
    return Secret.of(value);
  }

  private static GrantType grant(String parameter) {
    return Arrays.stream(GrantType.values())
        .filter(grant -> grant.parameter().equals(parameter))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("must be one of " + grants()));
  }

  private static String grants() {
    return Arrays.stream(GrantType.values())
        .map(GrantType::parameter)
        .collect(Collectors.joining(", "));
  }

  private static String provider(String id) {
    if (!PROVIDER.matcher(id).matches()) {
      throw new IllegalArgumentException("must be the id of a provider's profile");
    }
    return id;
  }

  private static String state(String name) {
    if (!States.ALL.contains(name)) {
      throw new IllegalArgumentException("must be one of " + String.join(", ", States.ALL));
    }
    return name;
  }

  private static Instant moment(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException malformed) {
      throw new IllegalArgumentException(
          "must be an ISO 8601 time in UTC, for example 2026-03-01T12:00:00Z", malformed);
    }
  }

  private static int pageSize(String text) {
    if (!text.matches("[0-9]{1,3}")
        || Integer.parseInt(text) < 1
        || Integer.parseInt(text) > LARGEST_PAGE) {
      throw new IllegalArgumentException("must be a number from 1 to " + LARGEST_PAGE);
    }
    return Integer.parseInt(text);
  }

  private static Duration life(String text) {
    Duration life = parsed(text);
    if (life.isNegative() || life.isZero() || life.compareTo(LONGEST_LINK_LIFE) > 0) {
      throw new IllegalArgumentException(
          "must be an ISO 8601 duration above zero and of at most P30D");
    }
    return life;
  }

  private static Duration parsed(String text) {
    try {
      return Duration.parse(text);
    } catch (DateTimeException malformed) {
      throw new IllegalArgumentException(
          "must be an ISO 8601 duration, for example PT1H or P7D", malformed);
    }
  }
}
