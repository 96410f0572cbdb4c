package org.tokenbroker.serve.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.serve.AccessRule;
import org.tokenbroker.serve.AccessRule.Allowance;
import org.tokenbroker.serve.AccessRule.Selector;

/**
 * An access rule as operators see it, and as they send it without its id.
 *
 * @param consumer identity as its certificate tells it: {@code spiffe://…}, {@code dns:…} or {@code
 *     subject:…}
 * @param connection the only connection selected; excludes tenant and registration
 * @param tenant connections of this tenant
 * @param registration connections under this registration; with a tenant: of this tenant only
 * @param scopes tokens whose granted scopes are among these; excludes {@code all_scopes}
 * @param allScopes true: whatever was granted
 * @param apiKeys true: API keys too; without it only access tokens
 */
@RegisterForReflection
@Schema(name = "AccessRule")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AccessRuleView(
    @Nullable String id,
    String consumer,
    @Nullable String connection,
    @Nullable String tenant,
    @Nullable String registration,
    @Nullable List<String> scopes,
    @JsonProperty("all_scopes") @Nullable Boolean allScopes,
    @JsonProperty("api_keys") @Nullable Boolean apiKeys) {

  static AccessRuleView of(AccessRule rule) {
    List<String> scopes =
        switch (rule.scopes()) {
          case Allowance.Everything everything -> null;
          case Allowance.Only only -> List.copyOf(only.scopes().names());
        };
    Boolean all = scopes == null ? true : null;
    Boolean keys = rule.apiKeys() ? true : null;
    String id = rule.id().value();
    String consumer = rule.consumer().toString();
    return switch (rule.selector()) {
      case Selector.OneConnection one ->
          new AccessRuleView(id, consumer, one.connection().value(), null, null, scopes, all, keys);
      case Selector.OfTenant of ->
          new AccessRuleView(id, consumer, null, of.tenant().value(), null, scopes, all, keys);
      case Selector.OfRegistration of ->
          new AccessRuleView(
              id, consumer, null, null, of.registration().value(), scopes, all, keys);
      case Selector.OfTenantAndRegistration of ->
          new AccessRuleView(
              id,
              consumer,
              null,
              of.tenant().value(),
              of.registration().value(),
              scopes,
              all,
              keys);
    };
  }
}
