package org.tokenbroker.provider.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.provider.Registrations.Listing;
import org.tokenbroker.provider.Standings;

/**
 * A page of registrations, ordered by id.
 *
 * @param next the {@code after} of the next page; absent on the last one
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RegistrationPage(List<RegistrationView> registrations, @Nullable String next) {
  static RegistrationPage of(Listing.Page page, Standings standings) {
    List<RegistrationView> views =
        page.registrations().stream()
            .map(kept -> RegistrationView.of(kept, standings.now(kept.registration())))
            .toList();
    return new RegistrationPage(views, page.more() ? views.getLast().id() : null);
  }
}
