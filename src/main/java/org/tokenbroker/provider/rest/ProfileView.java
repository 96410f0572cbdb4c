package org.tokenbroker.provider.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.tokenbroker.provider.ClientAuthenticationMethod;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.provider.Profile;

/** A profile of the catalogue, as far as operators choose by it. */
@RegisterForReflection
public record ProfileView(
    String id,
    String name,
    @JsonProperty("grant_types") List<String> grantTypes,
    @JsonProperty("client_authentication") List<String> clientAuthentication) {
  static ProfileView of(Profile profile) {
    return new ProfileView(
        profile.id(),
        profile.name(),
        profile.grants().stream().map(GrantType::parameter).sorted().toList(),
        profile.clientAuthentication().stream()
            .map(ClientAuthenticationMethod::parameter)
            .sorted()
            .toList());
  }
}
