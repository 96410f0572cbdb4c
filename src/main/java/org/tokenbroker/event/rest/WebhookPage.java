package org.tokenbroker.event.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.event.Webhooks.Listing;

/**
 * A page of webhooks, ordered by id.
 *
 * @param next the {@code after} of the next page; absent on the last one
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WebhookPage(List<WebhookView> webhooks, @Nullable String next) {
  static WebhookPage of(Listing.Page page) {
    List<WebhookView> views = page.webhooks().stream().map(WebhookView::of).toList();
    return new WebhookPage(views, page.more() ? views.getLast().id() : null);
  }
}
