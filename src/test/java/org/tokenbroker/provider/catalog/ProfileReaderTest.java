package org.tokenbroker.provider.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.ClientAuthenticationMethod;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.Rotation;
import org.tokenbroker.token.Scopes;

class ProfileReaderTest {
  private static final String LEAST =
      """
      id: acme
      name: Acme
      endpoints:
        token: https://as.example/token
      grants: [client_credentials]
      client_authentication: [client_secret_basic]
      """;

  @Test
  void theLeastProfileGetsTheDocumentedDefaults() {
    assertThat(accepted(LEAST))
        .isEqualTo(
            new Profile(
                "acme",
                "Acme",
                Optional.empty(),
                new Profile.Endpoints(
                    Optional.empty(), URI.create("https://as.example/token"), Optional.empty()),
                Set.of(GrantType.CLIENT_CREDENTIALS),
                Set.of(ClientAuthenticationMethod.CLIENT_SECRET_BASIC),
                new Profile.Authorize(true, false, Scopes.none(), Map.of(), true),
                new Profile.Token(Map.of(), false),
                new Profile.Assertion(
                    Optional.empty(),
                    Duration.ofSeconds(60),
                    Optional.of("client-authentication+jwt")),
                new Profile.Expiry(List.of("expires_in"), Duration.ofHours(1)),
                new Profile.Refresh(
                    new Rotation.Strict(),
                    false,
                    List.of("refresh_expires_in", "refresh_token_expires_in")),
                new Profile.Resource("Authorization", "Bearer"),
                new Profile.Limits(10, 8)));
  }

  @Test
  @Requirement({"X-5", "IV-12"})
  void everyFieldCanBeSaid() {
    Profile profile =
        accepted(
            """
            id: acme.v2
            name: "Acme: the API"
            issuer: https://as.example/op
            endpoints:
              authorize: https://as.example/authorize?tenant=x
              token: https://as.example/token
              revoke: https://as.example/revoke
            grants: [authorization_code, client_credentials]
            client_authentication: [private_key_jwt, client_secret_post, none]
            authorize:
              pkce: false
              require_iss: true
              required_scopes: [offline_access]
              parameters:
                prompt: consent
              send_scope: false
            token:
              parameters: {audience: api}
              require_refresh_token: true
            assertion:
              audience: https://as.example/token
              lifetime: 2m
              typ: ''
            expiry:
              fields: [expires, expires_in]
              default_lifetime: 1d
            refresh:
              rotation: {grace: 30s}
              send_scope: true
              expiry_fields: [x_refresh]
            resource:
              header: Authentication
              scheme: ''
            limits:
              requests_per_second: 1
              concurrency: 2
            """);

    assertThat(profile)
        .isEqualTo(
            new Profile(
                "acme.v2",
                "Acme: the API",
                Optional.of("https://as.example/op"),
                new Profile.Endpoints(
                    Optional.of(URI.create("https://as.example/authorize?tenant=x")),
                    URI.create("https://as.example/token"),
                    Optional.of(URI.create("https://as.example/revoke"))),
                Set.of(GrantType.AUTHORIZATION_CODE, GrantType.CLIENT_CREDENTIALS),
                Set.of(
                    ClientAuthenticationMethod.PRIVATE_KEY_JWT,
                    ClientAuthenticationMethod.CLIENT_SECRET_POST,
                    ClientAuthenticationMethod.NONE),
                new Profile.Authorize(
                    false, true, Scopes.of("offline_access"), Map.of("prompt", "consent"), false),
                new Profile.Token(Map.of("audience", "api"), true),
                new Profile.Assertion(
                    Optional.of("https://as.example/token"),
                    Duration.ofMinutes(2),
                    Optional.empty()),
                new Profile.Expiry(List.of("expires", "expires_in"), Duration.ofDays(1)),
                new Profile.Refresh(
                    new Rotation.Grace(Duration.ofSeconds(30)), true, List.of("x_refresh")),
                new Profile.Resource("Authentication", ""),
                new Profile.Limits(1, 2)));
  }

  @Test
  void allViolationsAreNamedAtOnceWithFileLineColumnAndPath() {
    assertThat(
            violations(
                """
                id: Acme!
                name: 7
                endpoints:
                  token: http://as.example/token
                  tokn: https://as.example/token
                grants: [password, authorization_code]
                client_authentication: client_secret_basic
                expiry:
                  default_lifetime: 3600
                limits:
                  concurrency: many
                """))
        .containsExactly(
            "acme.yaml:1:5: id must be 1 to 64 of a-z 0-9 . _ -, a letter or digit first",
            "acme.yaml:2:7: name must be text; put it in quotes",
            "acme.yaml:4:3: endpoints.authorize must be there: grants holds authorization_code",
            "acme.yaml:4:10: endpoints.token must be an https URL: tokens and secrets travel over it",
            "acme.yaml:5:3: endpoints.tokn is not a known field",
            "acme.yaml:6:10: grants[0] must be one of authorization_code, client_credentials",
            "acme.yaml:7:24: client_authentication must be a list, for example [a, b]",
            "acme.yaml:9:21: expiry.default_lifetime must be text; put it in quotes",
            "acme.yaml:11:16: limits.concurrency must be a whole number");
  }

  @Test
  void anEmptyMappingMissesEveryRequiredField() {
    assertThat(violations("{}"))
        .containsExactlyInAnyOrder(
            "acme.yaml:1:1: id must name the profile",
            "acme.yaml:1:1: name must say what an owner sees",
            "acme.yaml:1:1: endpoints.token must be there",
            "acme.yaml:1:1: grants must be a list of one or more of authorization_code, client_credentials",
            "acme.yaml:1:1: client_authentication must be a list of one or more of client_secret_basic,"
                + " client_secret_post, private_key_jwt, none");
  }

  @ParameterizedTest
  @Requirement("C9")
  @ValueSource(strings = {"password", "implicit", "refresh_token", "Authorization_Code", ""})
  void noGrantBeyondTheTwoCanBeAskedFor(String grant) {
    assertThat(violations(LEAST.replace("client_credentials", "'" + grant + "'")))
        .containsExactly(
            "acme.yaml:5:10: grants[0] must be one of authorization_code, client_credentials");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "as.example/token",
        "//as.example/token",
        "https:///token",
        "https://user:pw@as.example/token",
        "https://as.example/token#here",
        "ftp://as.example/token",
        "https://as example/token",
        "javascript:alert(1)",
        "''",
      })
  void aUrlThatIsNoUseIsRefusedWithoutRepeatingIt(String url) {
    List<String> violations = violations(LEAST.replace("https://as.example/token", url));

    assertThat(violations)
        .singleElement()
        .asString()
        .startsWith("acme.yaml:4:10: endpoints.token must be an absolute https URL");
  }

  @Test
  void plainHttpIsAcceptedOnlyWhereItIsAllowed() {
    String plain = LEAST.replace("https:", "http:");

    assertThat(violations(plain)).hasSize(1);
    assertThat(new ProfileReader(true).read("acme.yaml", plain))
        .isInstanceOf(Reading.Accepted.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "id: again                              | id is there twice; keep one",
        "token: {parameters: {code: x}}         | token.parameters.code is set by the broker; remove it",
        "token: {parameters: {client_secret: x}}| token.parameters.client_secret is set by the broker; remove it",
        "authorize: {parameters: {state: x}}    | authorize.parameters.state is set by the broker; remove it",
        "authorize: {pkce: plain}               | authorize.pkce must be true or false",
        "authorize: {pkce: 'true'}              | authorize.pkce must be true or false",
        "authorize: []                          | authorize must be a mapping of fields",
        "authorize: {required_scopes: [a b]}    | authorize.required_scopes[0] must be one scope of RFC 6749 section 3.3, without spaces",
        "refresh: {rotation: sometimes}         | refresh.rotation must be none, strict or {grace: 30s}",
        "refresh: {rotation: {grace: 0s}}       | refresh.rotation.grace must be a whole number of s, m, h or d, for example 90s, from 1s to 2592000s",
        "refresh: {rotation: {}}                | refresh.rotation.grace must say for how long, for example 30s",
        "assertion: {lifetime: 11m}             | assertion.lifetime must be a whole number of s, m, h or d, for example 90s, from 10s to 600s",
        "resource: {header: 'A B'}              | resource.header must be a header name",
        "resource: {scheme: 'A B'}              | resource.scheme must be one word, or empty for the bare token",
        "limits: {concurrency: 0}               | limits.concurrency must be a whole number from 1 to 1000",
        "limits: {requests_per_second: 1e3}     | limits.requests_per_second must be a whole number",
        "unknown: x                             | unknown is not a known field",
      })
  void eachFieldSaysWhatItMustBe(String line, String message) {
    List<String> violations = violations(LEAST + line + "\n");

    assertThat(violations)
        .singleElement()
        .asString()
        .matches("acme\\.yaml:7:\\d+: .*")
        .endsWith(message);
  }

  @Test
  @Requirement("C10")
  void assertionsNeedAnAudienceThatIsKnown() {
    String signed = LEAST.replace("client_secret_basic", "private_key_jwt");

    assertThat(violations(signed))
        .containsExactly("acme.yaml:1:1: issuer must be there: the profile compares or signs it");
    accepted(signed + "issuer: https://as.example/op\n");
    accepted(signed + "assertion: {audience: https://as.example/token}\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "# nothing",
        "a: b: c",
        "a: [",
        "\t",
        "- a",
        "text",
        "a: 1\n---\nb: 2",
        "a: &x [1]\nb: *x\n? [y]\n: z",
        "[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]",
      })
  void whatIsNoProfileAtAllIsRefusedWithAPlace(String yaml) {
    assertThat(violations(yaml))
        .isNotEmpty()
        .allMatch(text -> text.matches("acme\\.yaml:\\d+:\\d+: .+"));
  }

  @Test
  void aFileBeyondTheCapIsRefused() {
    assertThat(violations(LEAST + "# " + "x".repeat(70_000))).hasSize(1);
  }

  private static Profile accepted(String yaml) {
    return assertThat(new ProfileReader(false).read("acme.yaml", yaml))
        .asInstanceOf(InstanceOfAssertFactories.type(Reading.Accepted.class))
        .actual()
        .profile();
  }

  private static List<String> violations(String yaml) {
    return switch (new ProfileReader(false).read("acme.yaml", yaml)) {
      case Reading.Accepted accepted -> List.of();
      case Reading.Refused(List<Violation> violations) ->
          violations.stream().map(Violation::toString).toList();
    };
  }
}
