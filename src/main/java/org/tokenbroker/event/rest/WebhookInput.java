package org.tokenbroker.event.rest;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.event.Kind;
import org.tokenbroker.event.SigningSecret;
import org.tokenbroker.event.Webhook;
import org.tokenbroker.event.WebhookAddresses;
import org.tokenbroker.event.WebhookId;
import org.tokenbroker.platform.Fields;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Secret;
import org.tokenbroker.token.TenantId;

/**
 * Reads a webhook. Unknown fields are refused: a misspelt filter would tell more than was meant.
 */
final class WebhookInput {
  private static final Set<String> FIELDS =
      Set.of("url", "kinds", "tenants", "registrations", "secret", "disabled");
  private static final int LONGEST_URL = 2000;
  private static final int MOST_ITEMS = 200;
  private static final String URL_FORM =
      "must be an absolute https URL without user info, query and fragment, of at most 2000 characters";

  private final Fields fields = new Fields();
  private final WebhookAddresses addresses;

  private WebhookInput(WebhookAddresses addresses) {
    this.addresses = addresses;
  }

  /**
   * What is wanted.
   *
   * @param secret absent: it stays as it is
   */
  record Wanted(Webhook webhook, Optional<SigningSecret> secret) {}

  /**
   * @throws org.tokenbroker.platform.ProblemException naming all that is at fault
   */
  static Wanted wanted(String id, @Nullable JsonNode body, WebhookAddresses addresses) {
    if (body == null || !body.isObject()) {
      throw Fields.invalid("body", "must be a JSON object");
    }
    return new WebhookInput(addresses).read(id, body);
  }

  /** An id of another form names nothing. */
  static WebhookId id(String id) {
    try {
      return new WebhookId(id);
    } catch (IllegalArgumentException malformed) {
      throw EventProblems.unknownWebhook();
    }
  }

  /** Which page is asked for. */
  record Page(Optional<WebhookId> after, int limit) {}

  static Page page(@Nullable String after, String limit) {
    Fields fields = new Fields();
    Optional<WebhookId> from = fields.optional("after", after, WebhookId::new);
    Optional<Integer> size = fields.required("limit", limit, Fields::pageSize);
    fields.refuseIfFlawed();
    return new Page(from, size.orElseThrow());
  }

  private Wanted read(String id, JsonNode body) {
    Optional<WebhookId> webhook = fields.required("id", id, WebhookId::new);
    Optional<URI> url = fields.required("url", body.get("url"), node -> url(text(node)));
    List<Kind> kinds = list(body, "kinds", EventInput::kind);
    List<TenantId> tenants = list(body, "tenants", TenantId::new);
    List<RegistrationId> registrations = list(body, "registrations", RegistrationId::new);
    Optional<SigningSecret> secret =
        fields.optional("secret", body.get("secret"), node -> secret(text(node)));
    Optional<Boolean> disabled =
        fields.optional("disabled", body.get("disabled"), WebhookInput::truth);
    fields.refuseOthers(body.fieldNames(), FIELDS);
    fields.refuseIfFlawed();
    return new Wanted(
        new Webhook(
            webhook.orElseThrow(),
            url.orElseThrow(),
            kinds,
            tenants,
            registrations,
            disabled.orElse(false)),
        secret);
  }

  /** An empty list would mean everything to some and nothing to others. */
  private <T> List<T> list(JsonNode body, String field, Function<String, T> reader) {
    return fields
        .optional(
            field, body.get(field), node -> items(node).stream().map(reader).distinct().toList())
        .orElse(List.of());
  }

  private static List<String> items(JsonNode node) {
    List<String> items = new ArrayList<>();
    node.forEach(item -> items.add(text(item)));
    if (!node.isArray() || items.isEmpty() || items.size() > MOST_ITEMS) {
      throw new IllegalArgumentException(
          "must be a list of 1 to 200 texts; leave it out for everything");
    }
    return items;
  }

  private static String text(JsonNode node) {
    if (!node.isTextual()) {
      throw new IllegalArgumentException("must be a text");
    }
    return node.asText();
  }

  private static Boolean truth(JsonNode node) {
    if (!node.isBoolean()) {
      throw new IllegalArgumentException("must be true or false");
    }
    return node.asBoolean();
  }

  private static SigningSecret secret(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("must not be blank; leave it out to keep what is held");
    }
    return SigningSecret.of(Secret.of(text));
  }

  /** Everybody who may list webhooks reads it: it has no place for a secret. */
  private URI url(String text) {
    URI url = parsed(text);
    boolean whole =
        "https".equals(url.getScheme())
            && url.getHost() != null
            && url.getRawUserInfo() == null
            && url.getRawQuery() == null
            && url.getRawFragment() == null
            && text.length() <= LONGEST_URL;
    if (!whole) {
      throw new IllegalArgumentException(URL_FORM);
    }
    if (!addresses.allow(url)) {
      throw new IllegalArgumentException(
          "leads to an address that is out of reach; see token-broker.event.allowed-networks");
    }
    return url;
  }

  private static URI parsed(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException malformed) {
      throw new IllegalArgumentException(URL_FORM, malformed);
    }
  }
}
