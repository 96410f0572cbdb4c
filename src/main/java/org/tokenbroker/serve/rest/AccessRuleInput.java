package org.tokenbroker.serve.rest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.platform.Problem;
import org.tokenbroker.platform.Problem.FieldError;
import org.tokenbroker.platform.ProblemException;
import org.tokenbroker.platform.identity.PeerIdentity;
import org.tokenbroker.serve.AccessRule;
import org.tokenbroker.serve.AccessRule.Allowance;
import org.tokenbroker.serve.AccessRule.Selector;
import org.tokenbroker.serve.AccessRuleId;
import org.tokenbroker.serve.Consumer;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.TenantId;

/**
 * Reads an access rule. Names every offending field at once, unknown ones too: a misspelt field
 * would make a rule allow more than was meant.
 */
final class AccessRuleInput {
  private static final Set<String> FIELDS =
      Set.of(
          "consumer", "connection", "tenant", "registration", "scopes", "all_scopes", "api_keys");
  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
  private static final int LARGEST_PAGE = 200;

  private final List<FieldError> errors = new ArrayList<>();

  private AccessRuleInput() {}

  /**
   * @throws ProblemException naming all that is at fault
   */
  static AccessRule rule(String id, @Nullable JsonNode body) {
    AccessRuleInput input = new AccessRuleInput();
    if (body == null || !body.isObject()) {
      throw new ProblemException(
          Problem.invalid(List.of(new FieldError("body", "must be a JSON object"))));
    }
    Optional<AccessRuleId> name = input.read("id", id, AccessRuleId::new);
    Optional<Consumer> consumer = input.consumer(body);
    Optional<Selector> selector = input.selector(body);
    Optional<Allowance> scopes = input.scopes(body);
    boolean apiKeys = input.apiKeys(body);
    input.unknownFields(body);
    input.refuseIfFlawed();
    return new AccessRule(
        name.orElseThrow(),
        consumer.orElseThrow(),
        selector.orElseThrow(),
        scopes.orElseThrow(),
        apiKeys);
  }

  /** An id of another form names nothing. */
  static AccessRuleId id(String id) {
    try {
      return new AccessRuleId(id);
    } catch (IllegalArgumentException malformed) {
      throw new ProblemException(AccessRuleResource.UNKNOWN);
    }
  }

  /** Filter and page of a listing. */
  record Page(Optional<Consumer> consumer, Optional<AccessRuleId> after, int limit) {}

  static Page page(@Nullable String consumer, @Nullable String after, String limit) {
    AccessRuleInput input = new AccessRuleInput();
    Optional<Consumer> of =
        Optional.ofNullable(consumer)
            .flatMap(text -> input.read("consumer", text, AccessRuleInput::identity));
    Optional<AccessRuleId> from =
        Optional.ofNullable(after).flatMap(text -> input.read("after", text, AccessRuleId::new));
    Optional<Integer> size = input.read("limit", limit, AccessRuleInput::pageSize);
    input.refuseIfFlawed();
    return new Page(of, from, size.orElseThrow());
  }

  private Optional<Consumer> consumer(JsonNode body) {
    if (!body.has("consumer")) {
      errors.add(new FieldError("consumer", "must be given: " + PeerIdentity.FORMS));
      return Optional.empty();
    }
    return text(body, "consumer")
        .flatMap(text -> read("consumer", text, AccessRuleInput::identity));
  }

  private Optional<Selector> selector(JsonNode body) {
    boolean one = body.has("connection");
    if (one == (body.has("tenant") || body.has("registration"))) {
      errors.add(
          new FieldError(
              "connection", "give either connection, or tenant or registration or both of these"));
      return Optional.empty();
    }
    Optional<ConnectionId> connection =
        text(body, "connection").flatMap(id -> read("connection", id, ConnectionId::new));
    Optional<TenantId> tenant =
        text(body, "tenant").flatMap(id -> read("tenant", id, TenantId::new));
    Optional<RegistrationId> registration =
        text(body, "registration").flatMap(id -> read("registration", id, RegistrationId::new));
    if (one) {
      return connection.map(Selector.OneConnection::new);
    }
    if (tenant.isPresent() && registration.isPresent()) {
      return Optional.of(new Selector.OfTenantAndRegistration(tenant.get(), registration.get()));
    }
    return tenant
        .<Selector>map(Selector.OfTenant::new)
        .or(() -> registration.map(Selector.OfRegistration::new));
  }

  private Optional<Allowance> scopes(JsonNode body) {
    boolean listed = body.has("scopes");
    if (listed == body.has("all_scopes")) {
      errors.add(new FieldError("scopes", "give either scopes or all_scopes"));
      return Optional.empty();
    }
    return listed ? only(body.get("scopes")) : everything(body.get("all_scopes"));
  }

  private Optional<Allowance> only(JsonNode list) {
    List<String> names = new ArrayList<>();
    list.forEach(name -> names.add(name.isTextual() ? name.asText() : ""));
    if (!list.isArray() || names.isEmpty()) {
      errors.add(new FieldError("scopes", "must be a list of at least one scope"));
      return Optional.empty();
    }
    return read("scopes", names, some -> new Allowance.Only(Scopes.of(some)));
  }

  private Optional<Allowance> everything(JsonNode all) {
    if (!all.isBoolean() || !all.asBoolean()) {
      errors.add(new FieldError("all_scopes", "must be true; to allow less, list scopes"));
      return Optional.empty();
    }
    return Optional.of(new Allowance.Everything());
  }

  private boolean apiKeys(JsonNode body) {
    JsonNode keys = body.path("api_keys");
    if (!keys.isMissingNode() && !keys.isBoolean()) {
      errors.add(new FieldError("api_keys", "must be true or false"));
    }
    return keys.asBoolean();
  }

  private Optional<String> text(JsonNode body, String field) {
    JsonNode value = body.get(field);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isTextual()) {
      errors.add(new FieldError(field, "must be a text"));
      return Optional.empty();
    }
    return Optional.of(value.asText());
  }

  private <S, T> Optional<T> read(String field, S value, Function<S, T> reader) {
    try {
      return Optional.of(reader.apply(value));
    } catch (IllegalArgumentException malformed) {
      errors.add(new FieldError(field, String.valueOf(malformed.getMessage())));
      return Optional.empty();
    }
  }

  private void unknownFields(JsonNode body) {
    body.fieldNames()
        .forEachRemaining(
            name -> {
              if (!FIELDS.contains(name)) {
                errors.add(
                    new FieldError(
                        PLAIN_NAME.matcher(name).matches() ? name : "(unprintable)",
                        "is not a known field: remove it"));
              }
            });
  }

  private void refuseIfFlawed() {
    if (!errors.isEmpty()) {
      throw new ProblemException(Problem.invalid(errors));
    }
  }

  private static Consumer identity(String text) {
    return PeerIdentity.parse(text)
        .map(Consumer::new)
        .orElseThrow(
            () -> new IllegalArgumentException("must be an exact identity: " + PeerIdentity.FORMS));
  }

  private static int pageSize(String text) {
    if (!text.matches("[0-9]{1,3}")
        || Integer.parseInt(text) < 1
        || Integer.parseInt(text) > LARGEST_PAGE) {
      throw new IllegalArgumentException("must be a number from 1 to " + LARGEST_PAGE);
    }
    return Integer.parseInt(text);
  }
}
