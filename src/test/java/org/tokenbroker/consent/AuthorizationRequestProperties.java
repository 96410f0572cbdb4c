package org.tokenbroker.consent;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.ProfileFixture;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;

class AuthorizationRequestProperties {
  private static final URI ENDPOINT = URI.create("https://login.example/authorize");
  private static final URI CALLBACK = URI.create("https://broker.example/callback/crm");

  @Property
  @Requirement("MO-5")
  void everyScopeArrivesAsItWasAskedFor(@ForAll("scopes") Scopes scopes) {
    URI url = request(ENDPOINT, Map.of(), Secret.of("id"), scopes, true).url();

    assertThat(Scopes.parse(Scene.parameters(url).getOrDefault("scope", ""))).isEqualTo(scopes);
    assertThat(url.getRawQuery()).doesNotContain("+", " ");
  }

  @Property
  void everyClientIdArrivesAsItIs(@ForAll("clientIds") String clientId) {
    URI url = request(ENDPOINT, Map.of(), Secret.of(clientId), Scopes.none(), true).url();

    assertThat(Scene.parameters(url)).containsEntry("client_id", clientId);
  }

  @Property
  void furtherParametersAreAddedButNeverReplaceThoseOfTheProtocol(
      @ForAll("parameterNames") String name) {
    URI url =
        request(ENDPOINT, Map.of(name, "further"), Secret.of("id"), Scopes.of("a"), true).url();

    assertThat(Scene.parameters(url))
        .containsEntry("state", "the-state")
        .containsEntry("response_type", "code")
        .containsEntry("client_id", "id")
        .containsEntry("redirect_uri", CALLBACK.toString())
        .containsEntry("code_challenge_method", "S256")
        .containsEntry("scope", "a")
        .containsKey(name);
  }

  @Example
  @Requirement("MO-3")
  void theEndpointOfAPolicyKeepsItsPath() {
    URI endpoint =
        URI.create(
            "https://ringphonesso.b2clogin.com/ringphonesso.onmicrosoft.com/B2C_1_MyOrganizer_Login/oauth2/v2.0/authorize");

    URI url = request(endpoint, Map.of(), Secret.of("id"), Scopes.of("offline_access"), true).url();

    assertThat(url.toString()).startsWith(endpoint + "?response_type=code&client_id=id&");
    assertThat(Scene.parameters(url)).containsEntry("state", "the-state");
  }

  @Example
  void theEndpointsOwnQueryIsRetained() {
    URI url =
        request(URI.create(ENDPOINT + "?p=policy"), Map.of(), Secret.of("id"), Scopes.none(), true)
            .url();

    assertThat(url.getRawQuery()).startsWith("p=policy&response_type=code&");
  }

  @Example
  @Requirement("BE-5")
  void noScopeIsSentToAProviderThatWantsNone() {
    URI url = request(ENDPOINT, Map.of(), Secret.of("id"), Scopes.of("a"), false).url();

    assertThat(Scene.parameters(url)).doesNotContainKey("scope");
  }

  /** RFC 7636 appendix B. */
  @Example
  @Requirement("B2")
  void theChallengeIsTheOneOfTheSpecification() {
    CodeChallenge challenge =
        CodeChallenge.of(Secret.of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));

    assertThat(challenge.value()).isEqualTo("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
  }

  @Provide
  Arbitrary<Scopes> scopes() {
    return Arbitraries.strings()
        .withChars("azAZ09:/.|&=?#%+*~_-")
        .ofMinLength(1)
        .ofMaxLength(20)
        .set()
        .ofMinSize(1)
        .ofMaxSize(5)
        .map(Scopes::of);
  }

  @Provide
  Arbitrary<String> clientIds() {
    return Arbitraries.strings()
        .ofMinLength(1)
        .ofMaxLength(40)
        .filter(text -> !text.isBlank())
        .filter(text -> text.chars().noneMatch(c -> Character.isSurrogate((char) c)));
  }

  @Provide
  Arbitrary<String> parameterNames() {
    return Arbitraries.of(
        "state",
        "scope",
        "response_type",
        "client_id",
        "redirect_uri",
        "code_challenge_method",
        "prompt",
        "audience",
        "access_type");
  }

  private static AuthorizationRequest request(
      URI endpoint,
      Map<String, String> further,
      Secret clientId,
      Scopes scopes,
      boolean sendScope) {
    return new AuthorizationRequest(
        endpoint,
        ProfileFixture.anywhere()
            .with("authorize", "{send_scope: " + sendScope + "}")
            .profile()
            .authorize(),
        Map.of(),
        further,
        clientId,
        CALLBACK,
        scopes,
        Secret.of("the-state"),
        Optional.of(CodeChallenge.of(Secret.of("the-verifier"))));
  }
}
