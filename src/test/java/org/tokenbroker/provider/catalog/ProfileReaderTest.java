package org.tokenbroker.provider.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.ClientAuthenticationMethod;
import org.tokenbroker.provider.ErrorMark;
import org.tokenbroker.provider.ErrorRule;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.provider.Place;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.Rotation;
import org.tokenbroker.provider.UrlTemplate;
import org.tokenbroker.provider.Variable;
import org.tokenbroker.token.Scopes;

class ProfileReaderTest {
  @Test
  void theLeastProfileGetsTheDocumentedDefaults() {
    Profile profile = ProfileYaml.accepted(ProfileYaml.LEAST);

    assertThat(profile.issuer()).isEmpty();
    assertThat(profile.discovery()).isFalse();
    assertThat(profile.variables()).isEmpty();
    assertThat(profile.hosts()).isEmpty();
    assertThat(profile.parameterNames()).isEmpty();
    assertThat(profile.authorize())
        .isEqualTo(
            new Profile.Authorize(
                Profile.Pkce.S256, false, "code", Scopes.none(), Map.of(), Set.of(), true, " "));
    assertThat(profile.callback())
        .isEqualTo(new Profile.Callback("code", Map.of(), Set.of(), false));
    assertThat(profile.token())
        .isEqualTo(
            new Profile.Token(
                Profile.Method.POST,
                Profile.Body.FORM,
                "application/json",
                Map.of(),
                Map.of(),
                Set.of(),
                false,
                true,
                false));
    assertThat(profile.response())
        .isEqualTo(
            new Profile.Response(
                List.of(new Place("access_token")),
                List.of(new Place("refresh_token")),
                List.of(new Place("token_type")),
                List.of(new Place("scope")),
                Set.of(),
                Map.of()));
    assertThat(profile.error())
        .isEqualTo(
            new Profile.ErrorReading(
                List.of(),
                List.of(new Place("error")),
                List.of(new Place("error_description")),
                List.of()));
    assertThat(profile.assertion())
        .isEqualTo(
            new Profile.Assertion(
                Optional.empty(),
                Optional.empty(),
                Set.of("RS256", "PS256", "ES256"),
                Profile.KeyName.KID,
                Duration.ofSeconds(60),
                Duration.ZERO,
                Optional.of("client-authentication+jwt"),
                Map.of()));
    assertThat(profile.expiry())
        .isEqualTo(
            new Profile.Expiry(
                List.of(new Place("expires_in")),
                Profile.Expiry.Mode.RELATIVE,
                Profile.Expiry.Unit.SECONDS,
                Profile.Expiry.Zero.EXPIRED,
                Duration.ofHours(1),
                false,
                false));
    assertThat(profile.grant()).isEqualTo(new Profile.Grant(Optional.empty(), Duration.ofDays(14)));
    assertThat(profile.refresh())
        .isEqualTo(
            new Profile.Refresh(
                Profile.Refresh.Mode.REFRESH_TOKEN,
                Optional.empty(),
                Optional.empty(),
                "refresh_token",
                "refresh_token",
                Map.of(),
                new Rotation.Strict(),
                Profile.Refresh.SentScope.NONE,
                false,
                List.of(
                    new Place("refresh_expires_in"),
                    new Place("refresh_token_expires_in"),
                    new Place("x_refresh_token_expires_in")),
                Optional.empty(),
                Duration.ZERO,
                Duration.ZERO,
                false,
                false));
    assertThat(profile.revoke())
        .isEqualTo(
            new Profile.Revoke(
                Profile.Method.POST,
                Profile.Body.FORM,
                Optional.empty(),
                "token",
                Map.of(),
                List.of(
                    Profile.Revoke.TokenKind.REFRESH_TOKEN, Profile.Revoke.TokenKind.ACCESS_TOKEN),
                Profile.Revoke.Authentication.CLIENT));
    assertThat(profile.postConnect()).isEmpty();
    assertThat(profile.resource())
        .isEqualTo(
            new Profile.Resource(
                Profile.Resource.Placement.HEADER, "Authorization", "Bearer", "access_token"));
    assertThat(profile.limits())
        .isEqualTo(new Profile.Limits(10, 8, Profile.Limits.Per.PROVIDER, Optional.empty()));
  }

  @Test
  @Requirement({"X-5", "IV-12"})
  void everyFieldCanBeSaid() {
    Profile profile =
        ProfileYaml.accepted(
            """
            id: acme.v2
            name: "Acme: the API"
            issuer: https://{shop}.acme.example/op
            discovery: true
            variables:
              shop: {pattern: '[a-z0-9-]+'}
              stage: {values: [test, live], default: live}
            hosts: ['*.acme.example', api.acme.example]
            endpoints:
              authorize: https://{shop}.acme.example/authorize?tenant=x
              token: https://{shop}.acme.example/{stage}/token
              refresh: https://{shop}.acme.example/refresh
              revoke: https://{shop}.acme.example/revoke
              introspect: https://{shop}.acme.example/introspect
            grants: [authorization_code, client_credentials]
            client_authentication: [private_key_jwt, client_secret_basic, tls_client_auth, none]
            parameter_names: {client_id: client_key}
            authorize:
              pkce: plain
              require_iss: true
              response_type: ''
              parameters: {prompt: consent}
              registration_parameters: [audience]
              send_scope: false
              scope_separator: ','
            callback:
              code_parameter: spapi_oauth_code
              metadata: {realm_id: realmId, stage: env}
              variables: [stage]
              provider_initiated: true
            token:
              method: get
              body: query
              accept: application/vnd.api+json
              headers: {X-Partner: acme}
              parameters: {audience: api}
              registration_parameters: [resource]
              require_refresh_token: true
              basic_urlencode: false
              basic_client_id: true
            response:
              access_token: [/authed_user/access_token, access_token]
              refresh_token: [refreshToken]
              token_type: [tokenType]
              scope: [/data/scopes]
              token_types: [User Access Token]
              metadata: {instance_url: instance_url}
            error:
              when:
                - {place: ok, value: 'false'}
                - {place: result, value: '0000', differs: true}
              code: [/errors/0/errorType]
              text: [message]
              rules:
                - {status: 400, code: invalid_request, text: 'AADB2C90080', on: [refresh_token], means: terminal}
            assertion:
              audience: https://{shop}.acme.example/op
              issuer: '{shop}.acme.example'
              algorithms: [PS256]
              key_id: x5t
              lifetime: 2m
              iat_skew: 5s
              typ: ''
              claims: {tenant: x}
            expiry:
              fields: [expires, /data/expireTime]
              mode: epoch
              unit: milliseconds
              zero_means: never
              default_lifetime: 1d
              never: false
              introspect: true
            grant:
              max_age: 90d
              warn_before: 7d
            refresh:
              method: get
              body: query
              mode: refresh_token
              grant_type: fb_exchange_token
              token_parameter: fb_exchange_token
              parameters: {format: json}
              rotation: {grace: 30s}
              send_scope: granted
              send_redirect_uri: true
              expiry_fields: [x_refresh]
              idle_lifetime: 60d
              margin: 30s
              min_interval: 1m
              revokes_access_token: true
              kept_on_reconsent: true
            revoke:
              method: get
              body: query
              token_parameter: access
              parameters: {all: 'yes'}
              tokens: [access_token]
              authentication: bearer
            post_connect:
              url: https://{shop}.acme.example/me
              optional_parameters: {include: everything}
              accept: application/vnd.api+json
              identity: /data/id
              metadata: {account: /data/id}
              required: [account]
              return_url: /data/links/url
              return_hosts: ['*.acme.example']
            resource:
              placement: query
              header: Authentication
              scheme: ''
              parameter: token
            limits:
              requests_per_second: 1
              concurrency: 2
              per: registration
              reset_header: x-ratelimit-reset
            """);

    assertThat(profile)
        .isEqualTo(
            new Profile(
                "acme.v2",
                "Acme: the API",
                Optional.of(new UrlTemplate("https://{shop}.acme.example/op")),
                true,
                Map.of(
                    "shop",
                    new Variable(
                        Variable.Kind.SEGMENT,
                        List.of(),
                        Optional.of("[a-z0-9-]+"),
                        Optional.empty(),
                        false),
                    "stage",
                    new Variable(
                        Variable.Kind.SEGMENT,
                        List.of("test", "live"),
                        Optional.empty(),
                        Optional.of("live"),
                        false)),
                List.of("*.acme.example", "api.acme.example"),
                new Profile.Endpoints(
                    Optional.of(new UrlTemplate("https://{shop}.acme.example/authorize?tenant=x")),
                    Optional.of(new UrlTemplate("https://{shop}.acme.example/{stage}/token")),
                    Optional.of(new UrlTemplate("https://{shop}.acme.example/refresh")),
                    Optional.of(new UrlTemplate("https://{shop}.acme.example/revoke")),
                    Optional.of(new UrlTemplate("https://{shop}.acme.example/introspect"))),
                Set.of(GrantType.AUTHORIZATION_CODE, GrantType.CLIENT_CREDENTIALS),
                Set.of(
                    ClientAuthenticationMethod.PRIVATE_KEY_JWT,
                    ClientAuthenticationMethod.CLIENT_SECRET_BASIC,
                    ClientAuthenticationMethod.TLS_CLIENT_AUTH,
                    ClientAuthenticationMethod.NONE),
                Map.of("client_id", "client_key"),
                new Profile.Authorize(
                    Profile.Pkce.PLAIN,
                    true,
                    "",
                    Scopes.none(),
                    Map.of("prompt", "consent"),
                    Set.of("audience"),
                    false,
                    ","),
                new Profile.Callback(
                    "spapi_oauth_code",
                    Map.of("realm_id", "realmId", "stage", "env"),
                    Set.of("stage"),
                    true),
                new Profile.Token(
                    Profile.Method.GET,
                    Profile.Body.QUERY,
                    "application/vnd.api+json",
                    Map.of("X-Partner", "acme"),
                    Map.of("audience", "api"),
                    Set.of("resource"),
                    true,
                    false,
                    true),
                new Profile.Response(
                    List.of(new Place("/authed_user/access_token"), new Place("access_token")),
                    List.of(new Place("refreshToken")),
                    List.of(new Place("tokenType")),
                    List.of(new Place("/data/scopes")),
                    Set.of("User Access Token"),
                    Map.of("instance_url", new Place("instance_url"))),
                new Profile.ErrorReading(
                    List.of(
                        new ErrorMark(new Place("ok"), "false", false),
                        new ErrorMark(new Place("result"), "0000", true)),
                    List.of(new Place("/errors/0/errorType")),
                    List.of(new Place("message")),
                    List.of(
                        new ErrorRule(
                            Optional.of(400),
                            Optional.of("invalid_request"),
                            Optional.of("AADB2C90080"),
                            Set.of(ErrorRule.RequestKind.REFRESH_TOKEN),
                            ErrorRule.Meaning.TERMINAL))),
                new Profile.Assertion(
                    Optional.of(new UrlTemplate("https://{shop}.acme.example/op")),
                    Optional.of(new UrlTemplate("{shop}.acme.example")),
                    Set.of("PS256"),
                    Profile.KeyName.X5T,
                    Duration.ofMinutes(2),
                    Duration.ofSeconds(5),
                    Optional.empty(),
                    Map.of("tenant", "x")),
                new Profile.Expiry(
                    List.of(new Place("expires"), new Place("/data/expireTime")),
                    Profile.Expiry.Mode.EPOCH,
                    Profile.Expiry.Unit.MILLISECONDS,
                    Profile.Expiry.Zero.NEVER,
                    Duration.ofDays(1),
                    false,
                    true),
                new Profile.Grant(Optional.of(Duration.ofDays(90)), Duration.ofDays(7)),
                new Profile.Refresh(
                    Profile.Refresh.Mode.REFRESH_TOKEN,
                    Optional.of(Profile.Method.GET),
                    Optional.of(Profile.Body.QUERY),
                    "fb_exchange_token",
                    "fb_exchange_token",
                    Map.of("format", "json"),
                    new Rotation.Grace(Duration.ofSeconds(30)),
                    Profile.Refresh.SentScope.GRANTED,
                    true,
                    List.of(new Place("x_refresh")),
                    Optional.of(Duration.ofDays(60)),
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(1),
                    true,
                    true),
                new Profile.Revoke(
                    Profile.Method.GET,
                    Profile.Body.QUERY,
                    Optional.empty(),
                    "access",
                    Map.of("all", "yes"),
                    List.of(Profile.Revoke.TokenKind.ACCESS_TOKEN),
                    Profile.Revoke.Authentication.BEARER),
                Optional.of(
                    new Profile.PostConnect(
                        new UrlTemplate("https://{shop}.acme.example/me"),
                        Map.of("include", "everything"),
                        "application/vnd.api+json",
                        Optional.of(new Place("/data/id")),
                        Map.of("account", new Place("/data/id")),
                        Set.of("account"),
                        Optional.of(new Place("/data/links/url")),
                        List.of("*.acme.example"))),
                new Profile.Resource(
                    Profile.Resource.Placement.QUERY, "Authentication", "", "token"),
                new Profile.Limits(
                    1, 2, Profile.Limits.Per.REGISTRATION, Optional.of("x-ratelimit-reset"))));
  }

  @Test
  void allViolationsAreNamedAtOnceWithFileLineColumnAndPath() {
    assertThat(
            ProfileYaml.violations(
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
            "acme.yaml:4:10: endpoints.token must be an https URL: tokens and secrets travel over it",
            "acme.yaml:5:3: endpoints.tokn is not a known field",
            "acme.yaml:6:10: grants[0] must be one of authorization_code, client_credentials, api_key",
            "acme.yaml:7:24: client_authentication must be a list, for example [a, b]",
            "acme.yaml:9:21: expiry.default_lifetime must be text; put it in quotes",
            "acme.yaml:11:16: limits.concurrency must be a whole number");
  }

  @Test
  void anEmptyMappingMissesEveryRequiredField() {
    assertThat(ProfileYaml.violations("{}"))
        .containsExactlyInAnyOrder(
            "acme.yaml:1:1: id must name the profile",
            "acme.yaml:1:1: name must say what an owner sees",
            "acme.yaml:1:1: grants must be a list of one or more of authorization_code, client_credentials, api_key",
            "acme.yaml:1:1: client_authentication must be a list of one or more of client_secret_basic,"
                + " client_secret_post, private_key_jwt, client_secret_jwt, tls_client_auth, none");
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
    assertThat(ProfileYaml.violations(yaml))
        .isNotEmpty()
        .allMatch(text -> text.matches("acme\\.yaml:\\d+:\\d+: .+"));
  }

  @Test
  void aFileBeyondTheCapIsRefused() {
    assertThat(ProfileYaml.violations(ProfileYaml.LEAST + "# " + "x".repeat(70_000))).hasSize(1);
  }
}
