package org.tokenbroker.connection.rest;

import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.connection.ConnectionDesk.Order;
import org.tokenbroker.connection.Ledger;
import org.tokenbroker.connection.States;
import org.tokenbroker.platform.Fields;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;
import org.tokenbroker.token.TenantId;

/** Reads what operators send, naming every offending field at once. */
final class ConnectionInput {
  private static final Pattern PROVIDER = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
  private static final Pattern MEMBER = Pattern.compile("[A-Za-z0-9._~-]{1,64}");
  private static final int MOST_METADATA = 20;
  private static final int LONGEST_VALUE = 256;
  private static final Pattern API_KEY = Pattern.compile("[!-~]{1,4096}");
  private static final Duration LONGEST_LINK_LIFE = Duration.ofDays(30);

  private ConnectionInput() {}

  static Order order(String id, @Nullable ConnectionRequest request) {
    Fields fields = new Fields();
    if (request == null) {
      throw Fields.invalid("body", "must be a JSON object");
    }
    Optional<ConnectionId> connection = fields.required("id", id, ConnectionId::new);
    Optional<TenantId> tenant = fields.required("tenant", request.tenant(), TenantId::new);
    Optional<RegistrationId> registration =
        fields.required("registration", request.registration(), RegistrationId::new);
    Optional<GrantType> grant =
        fields.required("grant_type", request.grantType(), ConnectionInput::grant);
    Optional<Scopes> scopes = fields.optional("scopes", request.scopes(), Scopes::of);
    Optional<Secret> apiKey = fields.optional("api_key", request.apiKey(), ConnectionInput::apiKey);
    Map<String, String> metadata = metadata(request.metadata(), fields);
    fields.refuseIfFlawed();
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
    Fields fields = new Fields();
    if (request == null) {
      throw Fields.invalid("body", "must be a JSON object");
    }
    Optional<Secret> key = fields.required("api_key", request.apiKey(), ConnectionInput::apiKey);
    Optional<Scopes> scopes = fields.optional("scopes", request.scopes(), Scopes::of);
    fields.refuseIfFlawed();
    return new KeyOrder(key.orElseThrow(), scopes);
  }

  static Ledger.Filter filter(
      @Nullable String tenant,
      @Nullable String registration,
      @Nullable String provider,
      @Nullable String state,
      @Nullable String consentEndsBefore) {
    Fields fields = new Fields();
    Ledger.Filter filter =
        new Ledger.Filter(
            fields.optional("tenant", tenant, TenantId::new),
            fields.optional("registration", registration, RegistrationId::new),
            fields.optional("provider", provider, ConnectionInput::provider),
            fields.optional("state", state, ConnectionInput::state),
            fields.optional("consent_ends_before", consentEndsBefore, ConnectionInput::moment));
    fields.refuseIfFlawed();
    return filter;
  }

  static Optional<ConnectionId> after(@Nullable String after) {
    Fields fields = new Fields();
    Optional<ConnectionId> id = fields.optional("after", after, ConnectionId::new);
    fields.refuseIfFlawed();
    return id;
  }

  static int limit(String limit) {
    Fields fields = new Fields();
    Optional<Integer> number = fields.required("limit", limit, Fields::pageSize);
    fields.refuseIfFlawed();
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
    Fields fields = new Fields();
    Optional<TenantId> tenant =
        fields.required("tenant", request == null ? null : request.tenant(), TenantId::new);
    fields.refuseIfFlawed();
    return tenant.orElseThrow();
  }

  static Duration linkLife(String validFor) {
    Fields fields = new Fields();
    Optional<Duration> life = fields.required("valid_for", validFor, ConnectionInput::life);
    fields.refuseIfFlawed();
    return life.orElseThrow();
  }

  static Optional<URI> redirectUri(@Nullable String text) {
    Fields fields = new Fields();
    Optional<URI> uri = CodeInput.uri(text, fields);
    fields.refuseIfFlawed();
    return uri;
  }

  private static Map<String, String> metadata(
      @Nullable Map<String, String> metadata, Fields fields) {
    if (metadata == null) {
      return Map.of();
    }
    if (metadata.size() > MOST_METADATA
        || !metadata.keySet().stream().allMatch(name -> MEMBER.matcher(name).matches())
        || !metadata.values().stream().allMatch(ConnectionInput::isText)) {
      fields.refuse(
          "metadata",
          "must have at most 20 members, each named by 1 to 64 of A-Z a-z 0-9 . _ ~ - and a text"
              + " of at most 256 characters without control characters");
      return Map.of();
    }
    return metadata;
  }

  private static boolean isText(@Nullable String value) {
    return value != null
        && value.length() <= LONGEST_VALUE
        && value.chars().noneMatch(Character::isISOControl);
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
