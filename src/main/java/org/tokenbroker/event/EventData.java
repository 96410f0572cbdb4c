package org.tokenbroker.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.token.TenantId;

/**
 * What an event is about. Members that do not apply are absent.
 *
 * @param tenant absent while the connection is unclaimed, and for a registration
 * @param provider id of the profile
 * @param state what the connection is now
 * @param previousState what it was before; absent where it was just created
 * @param cause why
 * @param consentEndsAt when the owner's agreement ends
 * @param name of the registration
 * @param purpose of the registration
 * @param contacts of the registration: who is to be told
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EventData(
    @Nullable String connection,
    @Nullable String tenant,
    String registration,
    String provider,
    @Nullable String state,
    @JsonProperty("previous_state") @Nullable String previousState,
    @Nullable String cause,
    @JsonProperty("consent_ends_at") @Nullable String consentEndsAt,
    @Nullable String name,
    @Nullable String purpose,
    @Nullable List<String> contacts) {

  static EventData of(Event event) {
    return switch (event) {
      case Event.StateChanged changed ->
          ofConnection(
              changed.whose(),
              changed.state(),
              changed.previousState().orElse(null),
              changed.cause().orElse(null),
              null);
      case Event.ConsentExpiring expiring ->
          ofConnection(
              expiring.whose(), expiring.state(), null, null, expiring.endsAt().toString());
      case Event.RegistrationFaulty faulty -> ofRegistration(faulty.which(), faulty.cause());
      case Event.RegistrationHealthy healthy -> ofRegistration(healthy.which(), healthy.cause());
    };
  }

  private static EventData ofConnection(
      Event.Whose whose,
      String state,
      @Nullable String previousState,
      @Nullable String cause,
      @Nullable String consentEndsAt) {
    return new EventData(
        whose.connection().value(),
        whose.tenant().map(TenantId::value).orElse(null),
        whose.registration().value(),
        whose.provider(),
        state,
        previousState,
        cause,
        consentEndsAt,
        null,
        null,
        null);
  }

  private static EventData ofRegistration(Event.Which which, String cause) {
    return new EventData(
        null,
        null,
        which.registration().value(),
        which.provider(),
        null,
        null,
        cause,
        null,
        which.name(),
        which.purpose(),
        which.contacts());
  }
}
