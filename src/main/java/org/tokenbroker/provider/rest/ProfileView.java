package org.tokenbroker.provider.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.provider.ClientAuthenticationMethod;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.UrlTemplate;
import org.tokenbroker.provider.Variable;

/**
 * A profile of the catalogue, as far as operators choose by it.
 *
 * @param endpoints by their field; with variables where they hold some
 * @param variables what a registration has to fill in, by name
 * @param tokenParameters names that {@code token_parameters} of a registration may have
 * @param authorizeParameters names that its {@code authorize_parameters} may have
 */
@RegisterForReflection
public record ProfileView(
    String id,
    String name,
    @JsonProperty("grant_types") List<String> grantTypes,
    @JsonProperty("client_authentication") List<String> clientAuthentication,
    Map<String, String> endpoints,
    Map<String, VariableView> variables,
    @JsonProperty("token_parameters") List<String> tokenParameters,
    @JsonProperty("authorize_parameters") List<String> authorizeParameters) {

  /**
   * What a value of a variable must be.
   *
   * @param kind {@code segment}: one part of a host or path; {@code location}: a host, with port
   *     and path where they are needed, without {@code https://}
   * @param optional whether it may be left out without a default: the endpoint that holds it is not
   *     there then
   */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record VariableView(
      String kind,
      List<String> values,
      @Nullable String pattern,
      @JsonProperty("default") @Nullable String unless,
      boolean optional) {
    static VariableView of(Variable variable) {
      return new VariableView(
          variable.kind().name().toLowerCase(Locale.ROOT),
          variable.values(),
          variable.pattern().orElse(null),
          variable.unless().orElse(null),
          variable.optional());
    }
  }

  static ProfileView of(Profile profile) {
    return new ProfileView(
        profile.id(),
        profile.name(),
        profile.grants().stream().map(GrantType::parameter).sorted().toList(),
        profile.clientAuthentication().stream()
            .map(ClientAuthenticationMethod::parameter)
            .sorted()
            .toList(),
        endpoints(profile.endpoints()),
        profile.variables().entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey,
                    variable -> VariableView.of(variable.getValue()),
                    (one, other) -> one,
                    TreeMap::new)),
        profile.token().registrationParameters().stream().sorted().toList(),
        profile.authorize().registrationParameters().stream().sorted().toList());
  }

  private static Map<String, String> endpoints(Profile.Endpoints endpoints) {
    Map<String, String> view = new TreeMap<>();
    put(view, "authorize", endpoints.authorize());
    put(view, "token", endpoints.token());
    put(view, "refresh", endpoints.refresh());
    put(view, "revoke", endpoints.revoke());
    put(view, "introspect", endpoints.introspect());
    return view;
  }

  private static void put(Map<String, String> view, String field, Optional<UrlTemplate> url) {
    url.ifPresent(known -> view.put(field, known.text()));
  }
}
