package org.tokenbroker.connection.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import org.tokenbroker.consent.Invitation;

/**
 * A consent link or claim link for the customer.
 *
 * @param link to be opened in a browser; whoever holds it can agree
 */
@RegisterForReflection
public record ConsentLink(String link, @JsonProperty("expires_at") Instant expiresAt) {
  static ConsentLink of(Invitation invitation) {
    return new ConsentLink(invitation.link().toString(), invitation.expiresAt());
  }

  @Override
  public String toString() {
    return "ConsentLink[***, expiresAt=" + expiresAt + "]";
  }
}
