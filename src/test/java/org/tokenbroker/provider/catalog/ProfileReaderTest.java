package org.tokenbroker.provider.catalog;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.tokenbroker.platform.outbound.AddressRules;
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
  private static final String LEAST =
      """
      id: acme
      name: Acme
      endpoints:
        token: https://as.example/token
      grants: [client_credentials]
      client_authentication: [client_secret_basic]
      """;

  private static final String WHOLE =
      """
      id: acme
      name: Acme
      endpoints:
        authorize: https://as.example/authorize
        token: https://as.example/token
        revoke: https://as.example/revoke
        introspect: https://as.example/introspect
      grants: [authorization_code]
      client_authentication: [client_secret_post]
      """;

  @Test
  void theLeastProfileGetsTheDocumentedDefaults() {
    Profile profile = accepted(LEAST);

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
        accepted(
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
              required_scopes: [offline_access]
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
                        Optional.empty()),
                    "stage",
                    new Variable(
                        Variable.Kind.SEGMENT,
                        List.of("test", "live"),
                        Optional.empty(),
                        Optional.of("live"))),
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
                    Scopes.of("offline_access"),
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
                    "access",
                    Map.of("all", "yes"),
                    List.of(Profile.Revoke.TokenKind.ACCESS_TOKEN),
                    Profile.Revoke.Authentication.BEARER),
                Optional.of(
                    new Profile.PostConnect(
                        new UrlTemplate("https://{shop}.acme.example/me"),
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
            "acme.yaml:4:10: endpoints.token must be an https URL: tokens and secrets travel over it",
            "acme.yaml:5:3: endpoints.tokn is not a known field",
            "acme.yaml:6:10: grants[0] must be one of authorization_code, client_credentials, api_key",
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
            "acme.yaml:1:1: grants must be a list of one or more of authorization_code, client_credentials, api_key",
            "acme.yaml:1:1: client_authentication must be a list of one or more of client_secret_basic,"
                + " client_secret_post, private_key_jwt, client_secret_jwt, tls_client_auth, none");
  }

  @ParameterizedTest
  @Requirement("C9")
  @ValueSource(strings = {"password", "implicit", "refresh_token", "Authorization_Code", ""})
  void noGrantBeyondTheTwoCanBeAskedFor(String grant) {
    assertThat(violations(LEAST.replace("client_credentials", "'" + grant + "'")))
        .containsExactly(
            "acme.yaml:5:10: grants[0] must be one of authorization_code, client_credentials, api_key");
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "token: {parameters: {key: '1'}}",
        "token: {registration_parameters: [key]}",
        "refresh: {parameters: {key: '1'}}",
        "authorize: {parameters: {key: '1'}}",
        "authorize: {registration_parameters: [key]}",
      })
  void twoParametersNeverGoUnderOneName(String further) {
    assertThat(violations(LEAST + "parameter_names: {client_id: key}\n" + further + "\n"))
        .singleElement()
        .asString()
        .endsWith("parameter_names must not give the name of a further parameter");
  }

  @Test
  void plainHttpIsAcceptedOnlyWhereItIsAllowed() {
    String plain = LEAST.replace("https:", "http:");

    assertThat(violations(plain)).hasSize(1);
    assertThat(
            new ProfileReader(true, AddressRules.publicOnly()::allowHost).read("acme.yaml", plain))
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
        "authorize: {pkce: never}               | authorize.pkce must be one of s256, plain, off",
        "authorize: {pkce: false}               | authorize.pkce must be text; put it in quotes",
        "authorize: {scope_separator: ';'}      | authorize.scope_separator must be a space, , or +",
        "authorize: {registration_parameters: [state]} | authorize.registration_parameters[0] is set by the broker; remove it",
        "callback: {metadata: {Realm: x}}       | callback.metadata.Realm must have a name of a-z 0-9 _, a letter first, at most 64 long",
        "callback: {metadata: {realm: 'x y'}}   | callback.metadata.realm must be the name of a parameter",
        "callback: {code_parameter: 'a b'}      | callback.code_parameter must be the name of a parameter",
        "parameter_names: {state: x}            | parameter_names.state cannot be renamed; known are client_id, client_secret, code, redirect_uri, scope",
        "parameter_names: {client_id: 'x y'}    | parameter_names.client_id must be the name of a parameter",
        "parameter_names: {client_id: x, code: x} | parameter_names must give each parameter a name of its own",
        "refresh: {token_parameter: code}        | refresh.token_parameter must be the name of a parameter that holds nothing else",
        "refresh: {token_parameter: x, parameters: {x: '1'}} | refresh.parameters must not hold the token_parameter",
        "token: {method: put}                   | token.method must be one of post, get",
        "token: {body: xml}                     | token.body must be one of form, json, query",
        "token: {accept: ''}                    | token.accept must be a list of media types",
        "token: {headers: {Authorization: x}}   | token.headers.Authorization is set by the broker; remove it",
        "token: {headers: {'A B': x}}           | token.headers.A B must be a header name with a visible ASCII value",
        "response: {access_token: ['/a~2']}     | response.access_token[0] must be the name of a member, or a JSON Pointer such as /data/id",
        "response: {token_types: ['']}          | response.token_types[0] must not be empty",
        "error: {rules: {}}                     | error.rules must be a list of mappings",
        "error: {rules: [{means: terminal}]}    | error.rules[0].code must be there, or status or text",
        "error: {rules: [{code: x}]}            | error.rules[0].means must say what the error means",
        "error: {rules: [{code: x, means: bad}]} | error.rules[0].means must be one of terminal, unclear, app, transient, rate, scope, request, ambiguous",
        "error: {rules: [{status: 401, means: unclear}]} | error.rules[0].on must be [refresh_token] where means is unclear",
        "error: {rules: [{status: 99, means: app}]} | error.rules[0].status must be a whole number from 200 to 599",
        "error: {when: [{place: ok}]}           | error.when[0].value must say what to compare with",
        "assertion: {algorithms: [HS256]}       | assertion.algorithms must be some of RS256, PS256, ES256 and their longer kin",
        "assertion: {key_id: x5c}               | assertion.key_id must be one of kid, thumbprint, x5t, both, none",
        "assertion: {claims: {iss: x}}          | assertion.claims.iss is set by the broker; remove it",
        "expiry: {mode: absolute}               | expiry.mode must be one of relative, epoch, date",
        "expiry: {unit: minutes}                | expiry.unit must be one of seconds, milliseconds",
        "expiry: {zero_means: forever}          | expiry.zero_means must be one of expired, default, never",
        "grant: {max_age: 5m}                   | grant.max_age must be a whole number of s, m, h or d, for example 90s, from 3600s to 315360000s",
        "refresh: {mode: none}                  | refresh.mode must be one of refresh_token, access_token",
        "refresh: {send_scope: true}            | refresh.send_scope must be text; put it in quotes",
        "refresh: {min_interval: 2d}            | refresh.min_interval must be a whole number of s, m, h or d, for example 90s, from 0s to 86400s",
        "resource: {placement: body}            | resource.placement must be one of header, query",
        "limits: {per: tenant}                  | limits.per must be one of provider, registration, host",
        "limits: {reset_header: 'a b'}          | limits.reset_header must be a header name",
        "hosts: ['*.example']                   | hosts[0] must be a host in lower case, *. and one of at least two labels, or *",
        "variables: {Shop: {values: [a]}}       | variables.Shop must be named by a-z 0-9 _, a letter first",
        "variables: {shop: {kind: url, values: [a]}} | variables.shop.kind must be one of segment, location",
        "variables: {shop: {}}                  | variables.shop.pattern must be there, or values",
        "variables: {shop: {pattern: '['}}      | variables.shop.pattern must be a regular expression",
        "variables: {shop: {values: [a], default: b}} | variables.shop.default must be one of a",
        "issuer: 'https://as.example/{shop}'    | variables.shop must be declared: a URL holds it",
        "post_connect: {}                       | post_connect.url must say what is fetched",
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
        .matches("acme\\.yaml:[17]:\\d+: .*")
        .endsWith(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "revoke: {token_parameter: client_id}    | revoke.token_parameter must be the name of a parameter that holds nothing else",
        "revoke: {tokens: [id_token]}    | revoke.tokens[0] must be one of refresh_token, access_token",
        "revoke: {authentication: basic} | revoke.authentication must be one of client, bearer, none",
        "revoke: {method: get, body: json} | revoke.body must be query, or left out: method is get",
        "token: {method: get, body: form} | token.body must be query, or left out: method is get",
        "refresh: {method: get, body: form} | refresh.body must be query, or left out: method is get",
        "expiry: {never: true, introspect: true} | expiry.introspect must be left out: tokens never end",
        "expiry: {never: true, default_lifetime: 1h} | expiry.default_lifetime must be left out: tokens never end",
        "expiry: {mode: date, unit: seconds} | expiry.unit must be left out: a date has none",
        "grant: {max_age: 30d, warn_before: 60d} | grant.warn_before must not be longer than max_age",
        "token: {basic_client_id: true}  | token.basic_client_id must be left out: client_authentication has no client_secret_basic",
        "response: {refresh_token: [access_token]} | response.refresh_token must not be a place of the access token; refresh.mode: access_token says that",
        "refresh: {mode: access_token, idle_lifetime: 1d} | refresh.idle_lifetime must be left out: refresh.mode is access_token",
        "refresh: {mode: access_token, kept_on_reconsent: true} | refresh.kept_on_reconsent must be left out: refresh.mode is access_token",
      })
  void fieldsThatContradictEachOtherAreRefused(String line, String message) {
    assertThat(violations(WHOLE + line + "\n")).singleElement().asString().endsWith(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "expiry: {introspect: true}",
        "revoke: {tokens: [refresh_token]}",
        "token: {method: get}",
        "token: {method: get, body: query}",
        "expiry: {never: true}",
        "expiry: {mode: epoch, unit: milliseconds}",
        "grant: {max_age: 30d, warn_before: 30d}",
        "grant: {max_age: 7d}",
        "token: {require_refresh_token: true}",
        "refresh: {mode: access_token, grant_type: exchange, token_parameter: token}",
        "refresh: {mode: access_token}\nresponse: {refresh_token: [access_token]}",
        "refresh: {rotation: none, idle_lifetime: 180d}",
        "response: {metadata: {shop: shop}}\ncallback: {metadata: {realm: realm}}",
      })
  void whatGoesTogetherIsAccepted(String lines) {
    accepted(WHOLE + lines + "\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "expiry: {introspect: true}      | endpoints.introspect must be there, or discovery: expiry.introspect asks it",
        "revoke: {tokens: [access_token]} | endpoints.revoke must be there, or discovery: revoke says how it is called",
        "token: {require_refresh_token: true} | token.require_refresh_token must be left out: grants has no authorization_code",
        "callback: {provider_initiated: true} | callback.provider_initiated must be left out: grants has no authorization_code",
        "grant: {max_age: 90d}           | grant.max_age must be left out: grants has no authorization_code",
        "refresh: {idle_lifetime: 90d}   | refresh.idle_lifetime must be left out: grants has no authorization_code",
      })
  void whatIsSaidOfAPartThatIsNotThereIsRefused(String line, String message) {
    assertThat(violations(LEAST + line + "\n")).singleElement().asString().endsWith(message);
  }

  @Test
  void discoveryMayBringWhatIsAsked() {
    accepted(
        LEAST
            + "issuer: https://as.example\ndiscovery: true\nexpiry: {introspect: true}\nrevoke: {body: json}\n");
  }

  @Test
  void aRefreshTokenIsNotRequiredWhereTheAccessTokenIsExchanged() {
    assertThat(
            violations(
                WHOLE + "refresh: {mode: access_token}\ntoken: {require_refresh_token: true}\n"))
        .singleElement()
        .asString()
        .endsWith("token.require_refresh_token must be left out: refresh.mode is access_token");
  }

  @Test
  @Requirement("X-1")
  void aFactOfOneNameHasOneSource() {
    assertThat(
            violations(
                WHOLE
                    + "callback: {metadata: {shop: shop}}\nresponse: {metadata: {shop: shop, site: site}}\n"
                    + "post_connect: {url: 'https://api.example/me', metadata: {site: /data/site}}\n"))
        .satisfiesExactlyInAnyOrder(
            shop -> assertThat(shop).contains("response.metadata.shop is there twice"),
            site -> assertThat(site).contains("post_connect.metadata.site is there twice"));
  }

  @ParameterizedTest
  @Requirement("C24")
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.0.0.1:8443",
        "2130706433",
        "017700000001",
        "0x7f000001",
        "010.0.0.1",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "224.0.0.1",
        "255.255.255.255",
        "[::1]",
        "[::]",
        "[fe80::1]",
        "[fd00::1]",
        "[ff02::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::a00:1]",
        "localhost",
        "LOCALHOST",
        "localhost.",
        "api.localhost",
        "Api.LocalHost.",
      })
  void anAddressOutOfReachIsRefusedWhenTheFileIsLoaded(String host) {
    assertThat(violations(LEAST.replace("as.example", host)))
        .singleElement()
        .asString()
        .startsWith("acme.yaml:4:10: endpoints.token must not be at an address out of reach")
        .contains("token-broker.provider.allowed-networks")
        .doesNotContain(host);
  }

  /** What is no host to everybody is no URL to us. */
  @ParameterizedTest
  @Requirement("C24")
  @ValueSource(strings = {"127.0.0.1.", "127.1", "0X7F.0.0.1", "\u0661.2.3.4", "l\u24debalhost"})
  void anAddressInAFormThatIsNotReadAlikeIsRefusedToo(String host) {
    assertThat(violations(LEAST.replace("as.example", host))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"issuer", "post_connect"})
  void everyUrlOfAFileIsLookedAt(String field) {
    String url = field.equals("issuer") ? "https://10.0.0.1/" : "{url: 'https://10.0.0.1/'}";

    assertThat(violations(WHOLE + field + ": " + url + "\n"))
        .isNotEmpty()
        .allMatch(text -> text.contains("must not be at an address out of reach"));
  }

  @Test
  void anAddressThatAnOperatorAllowsIsAccepted() {
    AddressRules rules = AddressRules.allowing(List.of("10.0.0.0/8"));

    assertThat(
            new ProfileReader(false, rules::allowHost)
                .read("acme.yaml", LEAST.replace("as.example", "10.1.2.3")))
        .isInstanceOf(Reading.Accepted.class);
  }

  @Test
  @Requirement("C10")
  void assertionsNeedAnAudienceThatIsKnown() {
    String signed = LEAST.replace("client_secret_basic", "private_key_jwt");

    assertThat(violations(signed))
        .containsExactly(
            "acme.yaml:1:1: issuer must be there: the profile compares, signs or discovers by it");
    accepted(signed + "issuer: https://as.example/op\n");
    accepted(signed + "assertion: {audience: https://as.example/token}\n");
  }

  @Test
  @Requirement("C24")
  void theCallbackChoosesAmongHostsOfTheProfileOnly() {
    String told =
        LEAST.replace("https://as.example/token", "https://{place}/token")
            + "variables: {place: {kind: location, pattern: '.+', default: as.example}}\n"
            + "callback: {metadata: {place: at, x: y}, variables: [place]}\n";

    accepted(told + "hosts: [as.example, as.example.eu]\n");
    assertThat(violations(told + "hosts: ['*']\n"))
        .singleElement()
        .asString()
        .endsWith("callback.variables must not be there: hosts leaves the choice to anybody");
    assertThat(violations(told.replace("[place]", "[x]") + "hosts: [as.example]\n"))
        .singleElement()
        .asString()
        .endsWith("callback.variables must be names of variables and of callback.metadata");
  }

  @Test
  void aVariableInAHostNeedsAListOfHosts() {
    String shop =
        LEAST.replace("https://as.example/token", "https://{shop}.acme.example/token")
            + "variables: {shop: {pattern: '[a-z]+'}}\n";

    assertThat(violations(shop))
        .containsExactly("acme.yaml:1:1: hosts must be there: a URL has a variable in its host");
    accepted(shop + "hosts: ['*.acme.example']\n");
  }

  @Test
  @Requirement("BE-10")
  void aReturnUrlNeedsAListOfHosts() {
    assertThat(
            violations(
                LEAST + "post_connect: {url: 'https://api.example/me', return_url: /links/url}\n"))
        .containsExactly(
            "acme.yaml:7:15: post_connect.return_hosts must say where return_url may lead");
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
    return assertThat(
            new ProfileReader(false, AddressRules.publicOnly()::allowHost).read("acme.yaml", yaml))
        .asInstanceOf(InstanceOfAssertFactories.type(Reading.Accepted.class))
        .actual()
        .profile();
  }

  private static List<String> violations(String yaml) {
    return switch (new ProfileReader(false, AddressRules.publicOnly()::allowHost)
        .read("acme.yaml", yaml)) {
      case Reading.Accepted accepted -> List.of();
      case Reading.Refused(List<Violation> violations) ->
          violations.stream().map(Violation::toString).toList();
    };
  }
}
