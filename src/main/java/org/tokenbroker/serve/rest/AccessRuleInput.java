package org.tokenbroker.serve.rest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.platform.Fields;
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

  private final Fields fields = new Fields();

  private AccessRuleInput() {}

  /**
   * @throws ProblemException naming all that is at fault
   */
  static AccessRule rule(String id, @Nullable JsonNode body) {
    AccessRuleInput input = new AccessRuleInput();
    if (body == null || !body.isObject()) {
      throw Fields.invalid("body", "must be a JSON object");
    }
    Optional<AccessRuleId> name = input.fields.required("id", id, AccessRuleId::new);
    Optional<Consumer> consumer = input.consumer(body);
    Optional<Selector> selector = input.selector(body);
    Optional<Allowance> scopes = input.scopes(body);
    boolean apiKeys = input.apiKeys(body);
    input.fields.refuseOthers(body.fieldNames(), FIELDS);
    input.fields.refuseIfFlawed();
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
    Fields fields = new Fields();
    Optional<Consumer> of = fields.optional("consumer", consumer, AccessRuleInput::identity);
    Optional<AccessRuleId> from = fields.optional("after", after, AccessRuleId::new);
    Optional<Integer> size = fields.required("limit", limit, Fields::pageSize);
    fields.refuseIfFlawed();
    return new Page(of, from, size.orElseThrow());
  }

  private Optional<Consumer> consumer(JsonNode body) {
    if (!body.has("consumer")) {
      fields.refuse("consumer", "must be given: " + PeerIdentity.FORMS);
      return Optional.empty();
    }
    return text(body, "consumer")
        .flatMap(text -> fields.required("consumer", text, AccessRuleInput::identity));
  }

  private Optional<Selector> selector(JsonNode body) {
    boolean one = body.has("connection");
    if (one == (body.has("tenant") || body.has("registration"))) {
      fields.refuse(
          "connection", "give either connection, or tenant or registration or both of these");
      return Optional.empty();
    }
    Optional<ConnectionId> connection =
        text(body, "connection")
            .flatMap(id -> fields.required("connection", id, ConnectionId::new));
    Optional<TenantId> tenant =
        text(body, "tenant").flatMap(id -> fields.required("tenant", id, TenantId::new));
    Optional<RegistrationId> registration =
        text(body, "registration")
            .flatMap(id -> fields.required("registration", id, RegistrationId::new));
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
      fields.refuse("scopes", "give either scopes or all_scopes");
      return Optional.empty();
    }
    return listed ? only(body.get("scopes")) : everything(body.get("all_scopes"));
  }

  private Optional<Allowance> only(JsonNode list) {
    List<String> names = new ArrayList<>();
    list.forEach(name -> names.add(name.isTextual() ? name.asText() : ""));
    if (!list.isArray() || names.isEmpty()) {
      fields.refuse("scopes", "must be a list of at least one scope");
      return Optional.empty();
    }
    return fields.required("scopes", names, some -> new Allowance.Only(Scopes.of(some)));
  }

  private Optional<Allowance> everything(JsonNode all) {
    if (!all.isBoolean() || !all.asBoolean()) {
      fields.refuse("all_scopes", "must be true; to allow less, list scopes");
      return Optional.empty();
    }
    return Optional.of(new Allowance.Everything());
  }

  private boolean apiKeys(JsonNode body) {
    JsonNode keys = body.path("api_keys");
    if (!keys.isMissingNode() && !keys.isBoolean()) {
      fields.refuse("api_keys", "must be true or false");
    }
    return keys.asBoolean();
  }

  private Optional<String> text(JsonNode body, String field) {
    JsonNode value = body.get(field);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isTextual()) {
      fields.refuse(field, "must be a text");
      return Optional.empty();
    }
    return Optional.of(value.asText());
  }

  private static Consumer identity(String text) {
    return PeerIdentity.parse(text)
        .map(Consumer::new)
        .orElseThrow(
            () -> new IllegalArgumentException("must be an exact identity: " + PeerIdentity.FORMS));
  }
}
