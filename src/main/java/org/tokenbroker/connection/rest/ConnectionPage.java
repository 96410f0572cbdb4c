package org.tokenbroker.connection.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.connection.Ledger.Listing;

/**
 * A page of connections, ordered by id.
 *
 * @param next the {@code after} of the next page; absent on the last one
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ConnectionPage(List<ConnectionView> connections, @Nullable String next) {
  static ConnectionPage of(Listing.Page page) {
    List<ConnectionView> views = page.connections().stream().map(ConnectionView::of).toList();
    return new ConnectionPage(views, page.more() ? views.getLast().id() : null);
  }
}
