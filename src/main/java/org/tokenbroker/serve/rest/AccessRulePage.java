package org.tokenbroker.serve.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.serve.AccessRuleStore.PageRead;

/**
 * A page of access rules, ordered by id.
 *
 * @param next the {@code after} of the next page; absent on the last one
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AccessRulePage(
    @JsonProperty("access_rules") List<AccessRuleView> accessRules, @Nullable String next) {
  static AccessRulePage of(PageRead.Page page) {
    List<AccessRuleView> views = page.rules().stream().map(AccessRuleView::of).toList();
    return new AccessRulePage(views, page.more() ? views.getLast().id() : null);
  }
}
