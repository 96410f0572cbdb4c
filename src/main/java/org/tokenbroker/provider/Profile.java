package org.tokenbroker.provider;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;

/**
 * What the broker knows of a provider: an authorization server and the API behind it, as data
 * . Read from the catalogue, never written by code. In a catalogue file each field has the
 * snake_case form of its name here; a duration is a whole number of {@code s}, {@code m}, {@code h}
 * or {@code d}, for example {@code 90s}; a place in an answer is the name of a top-level member, or
 * a JSON Pointer (RFC 6901) whose {@code *} stands for each element of an array.
 *
 * @param id its name in the catalogue: 1 to 64 characters of {@code a-z 0-9 . _ -}; required
 * @param name what an owner sees on the consent page; required
 * @param issuer RFC 8414 issuer identifier, compared as an exact string (RFC 9207); may hold
 *     variables; required where {@code discovery} or {@code authorize.require_iss} is true, and
 *     where assertions are accepted without {@code assertion.audience}; default none
 * @param discovery whether endpoints that are not named here come from the issuer's metadata (RFC
 *     8414, OpenID Connect Discovery; C20); default false
 * @param variables parts of URLs that each registration fills in, by name; default none
 * @param hosts hosts that URLs with a variable in the host may lead to: {@code api.acme.example},
 *     or {@code *.acme.example} for one label more; {@code *} leaves the choice to registrations,
 *     within what the address check allows (C24); required exactly there; default none
 * @param endpoints where it is called
 * @param grants what it can be asked for; not empty; required
 * @param clientAuthentication methods it accepts, by their registered names; required unless {@code
 *     grants} is {@code [api_key]}
 * @param parameterNames other names for the parameters {@code client_id}, {@code client_secret},
 *     {@code redirect_uri}, {@code code} and {@code scope}; default none
 * @param authorize how the authorization request is made
 * @param callback what the provider brings back to us
 * @param token how token requests are made
 * @param response where a token answer holds what: lists of places, of which the first counts that
 *     is there, for example {@code access_token: [/data/token]}
 * @param error how refusals are recognised and what they mean
 * @param assertion how client assertions are made
 * @param expiry when an access token ends
 * @param grant how long an owner's agreement lasts
 * @param refresh how refresh tokens behave
 * @param revoke how tokens are revoked
 * @param postConnect what is looked up before a new connection becomes active; default nothing
 * @param resource how its API is called
 * @param limits how much it may be asked
 */
public record Profile(
    String id,
    String name,
    Optional<UrlTemplate> issuer,
    boolean discovery,
    Map<String, Variable> variables,
    List<String> hosts,
    Endpoints endpoints,
    Set<GrantType> grants,
    Set<ClientAuthenticationMethod> clientAuthentication,
    Map<String, String> parameterNames,
    Authorize authorize,
    Callback callback,
    Token token,
    Response response,
    ErrorReading error,
    Assertion assertion,
    Expiry expiry,
    Grant grant,
    Refresh refresh,
    Revoke revoke,
    Optional<PostConnect> postConnect,
    Resource resource,
    Limits limits) {

  /** Name that goes over the wire for one of the protocol's parameters. */
  public String parameterName(String standard) {
    return parameterNames.getOrDefault(standard, standard);
  }

  /**
   * Absolute URLs with a host, without user information or fragment; {@code https} outside the
   * sandbox. Each may hold variables, written {@code {name}}. One that is needed and neither here
   * nor discovered keeps registrations from being used, and is named there (MK-6).
   *
   * @param authorize for {@code authorization_code}; default none
   * @param token where tokens are asked for; default none
   * @param refresh where refresh tokens are presented; default the token endpoint
   * @param revoke RFC 7009; required with a section {@code revoke} unless discovered; default none
   * @param introspect RFC 7662; required with {@code expiry.introspect} unless discovered; default
   *     none
   */
  public record Endpoints(
      Optional<UrlTemplate> authorize,
      Optional<UrlTemplate> token,
      Optional<UrlTemplate> refresh,
      Optional<UrlTemplate> revoke,
      Optional<UrlTemplate> introspect) {}

  /**
   * The authorization request (RFC 6749 §4.1.1).
   *
   * @param pkce {@code s256}, {@code off}, or {@code plain} for a provider that knows nothing
   *     better (RFC 7636 §4.2); default {@code s256}
   * @param requireIss refuse an authorization response that lacks {@code iss} (RFC 9207, B3); one
   *     that carries a wrong one is always refused; discovered where {@code discovery} finds that
   *     the issuer sends it; default false
   * @param responseType value of {@code response_type}; empty: none is sent; default {@code code}
   * @param requiredScopes scopes that every request must hold, for example {@code offline_access}
   *     (MO-5); default none
   * @param parameters further fixed query parameters; none of those that the broker sets itself;
   *     default none
   * @param registrationParameters names of query parameters that each registration may add a value
   *     for, for example {@code audience}; default none
   * @param sendScope false where the provider wants no {@code scope} at all (BE-5); default true
   * @param scopeSeparator between scopes, here and in token requests: a space, {@code ,} or {@code
   *     +}; default a space
   */
  public record Authorize(
      Pkce pkce,
      boolean requireIss,
      String responseType,
      Scopes requiredScopes,
      Map<String, String> parameters,
      Set<String> registrationParameters,
      boolean sendScope,
      String scopeSeparator) {}

  /** How the code verifier is bound to the authorization request (RFC 7636). */
  public enum Pkce {
    S256,
    PLAIN,
    OFF
  }

  /**
   * The provider's way back to us.
   *
   * @param codeParameter query parameter that holds the code; default {@code code}
   * @param metadata public facts that come as query parameters: our name for each, and the
   *     parameter's; kept with the connection and served; default none
   * @param variables names of {@code variables} that a fact of the same name in {@code metadata}
   *     fills in, for this connection and in place of the registration's value, without {@code
   *     https://}: the provider tells at which of its hosts the owner is; a value that the variable
   *     or {@code hosts} does not allow is refused; never where {@code hosts} holds {@code *};
   *     default none
   * @param providerInitiated whether an install starts at the provider and comes back with a code
   *     and no state (BE-3); the connection it makes stays unclaimed until it is given to a tenant
   *     (BE-4); default false
   */
  public record Callback(
      String codeParameter,
      Map<String, String> metadata,
      Set<String> variables,
      boolean providerInitiated) {}

  /**
   * Token requests (RFC 6749 §4.1.3, §4.4.2, §6).
   *
   * @param method {@code post}, or {@code get} for a provider that knows nothing better: secrets
   *     travel in the URL then; default {@code post}
   * @param body {@code form}, {@code json} or {@code query}; default {@code form}
   * @param accept value of the {@code Accept} header; default {@code application/json}
   * @param headers further fixed headers; none of those that the broker sets itself; default none
   * @param parameters further fixed parameters of each token request; none of those that the broker
   *     sets itself; default none
   * @param registrationParameters names of parameters that each registration may add a value for,
   *     for example {@code audience} or {@code resource} (RFC 8707); default none
   * @param requireRefreshToken report a code answer that holds no refresh token (MO-5); default
   *     false
   * @param basicUrlencode whether id and secret are form-encoded before base64, as RFC 6749 §2.3.1
   *     wants (C2); default true
   * @param basicClientId whether {@code client_id} is also sent in the body beside {@code
   *     client_secret_basic}; default false
   */
  public record Token(
      Method method,
      Body body,
      String accept,
      Map<String, String> headers,
      Map<String, String> parameters,
      Set<String> registrationParameters,
      boolean requireRefreshToken,
      boolean basicUrlencode,
      boolean basicClientId) {}

  /** How a request is sent. */
  public enum Method {
    POST,
    GET,
    DELETE
  }

  /** Where the parameters of a request stand. */
  public enum Body {
    FORM,
    JSON,
    QUERY
  }

  /**
   * Where a token answer (RFC 6749 §5.1) holds what; of several places the first that holds
   * something counts.
   *
   * @param accessToken default {@code access_token}
   * @param refreshToken default {@code refresh_token}
   * @param tokenType default {@code token_type}
   * @param scope default {@code scope}; a text, or an array of texts
   * @param tokenTypes values of the token type that are taken for the profile's scheme, beside it
   *     and {@code Bearer}; compared without case (C4); default none
   * @param metadata public facts that the answer holds: our name for each, and its place; kept with
   *     the connection and served; default none
   */
  public record Response(
      List<Place> accessToken,
      List<Place> refreshToken,
      List<Place> tokenType,
      List<Place> scope,
      Set<String> tokenTypes,
      Map<String, Place> metadata) {}

  /**
   * How refusals are recognised (RFC 6749 §5.2) and what they mean. A success status without an
   * access token is always an error.
   *
   * @param when what marks an answer with a success status as an error, beside a member {@code
   *     error}; default none
   * @param code places of the error code; default {@code error}
   * @param text places of the text that {@code rules} look at; never told to anybody; default
   *     {@code error_description}
   * @param rules what an error means; the first that fits counts; default: the codes of RFC 6749
   */
  public record ErrorReading(
      List<ErrorMark> when, List<Place> code, List<Place> text, List<ErrorRule> rules) {}

  /**
   * How client assertions are built (C10, IV-12).
   *
   * @param audience sole value of {@code aud}; may hold variables; default the issuer
   * @param issuer value of {@code iss}; may hold variables; default the client id
   * @param algorithms JWS algorithms that the provider accepts, asymmetric ones only; default
   *     RS256, PS256 and ES256
   * @param keyId what names the key in the header: {@code kid}, {@code thumbprint} (SHA-1 of its
   *     certificate, sent as {@code kid}), {@code x5t} (the same, sent as {@code x5t}), {@code
   *     both} ({@code kid} and {@code x5t}) or {@code none}; keys have a certificate where it is
   *     needed; default {@code kid}
   * @param lifetime from {@code iat} to {@code exp}; 10 s to 10 minutes; default 60 s
   * @param iatSkew how far {@code iat} is set back; 0 s to 60 s; default 0 s
   * @param typ value of the {@code typ} header; written as an empty text: none is sent; default
   *     {@code client-authentication+jwt}
   * @param claims further fixed claims, texts; none of those that the broker sets itself; default
   *     none
   */
  public record Assertion(
      Optional<UrlTemplate> audience,
      Optional<UrlTemplate> issuer,
      Set<String> algorithms,
      KeyName keyId,
      Duration lifetime,
      Duration iatSkew,
      Optional<String> typ,
      Map<String, String> claims) {}

  /** What names the key in the header of an assertion (RFC 7515 §4.1.4, §4.1.7). */
  public enum KeyName {
    KID,
    THUMBPRINT,
    X5T,
    BOTH,
    NONE
  }

  /**
   * When an access token ends (MO-9, BE-13).
   *
   * @param fields places looked up in the answer in this order, numbers or texts; default {@code
   *     expires_in}
   * @param mode {@code relative}: a time from now; {@code epoch}: since 1970; {@code date}: an ISO
   *     8601 text; default {@code relative}
   * @param unit of {@code relative} and {@code epoch}: {@code seconds} or {@code milliseconds};
   *     default {@code seconds}
   * @param zeroMeans what a zero says: {@code expired}, {@code default} (as if it were missing) or
   *     {@code never}; default {@code expired}
   * @param defaultLifetime used where neither the answer nor the token, read as a JWT, says; 10 s
   *     to 365 days; default 1 h
   * @param never whether tokens have no end: they are kept for 365 days at a time; default false
   * @param introspect whether the introspection endpoint (RFC 7662) is asked where the answer does
   *     not say; default false
   */
  public record Expiry(
      List<Place> fields,
      Mode mode,
      Unit unit,
      Zero zeroMeans,
      Duration defaultLifetime,
      boolean never,
      boolean introspect) {

    /** What a number or text in an expiry field says. */
    public enum Mode {
      RELATIVE,
      EPOCH,
      DATE
    }

    /** In which unit a number counts. */
    public enum Unit {
      SECONDS,
      MILLISECONDS
    }

    /** What a life of zero says. */
    public enum Zero {
      EXPIRED,
      DEFAULT,
      NEVER
    }
  }

  /**
   * How long an owner's agreement lasts (G-9).
   *
   * @param maxAge after which the owner has to agree again, however fresh the refresh token is; 1
   *     hour to 3650 days; default without end
   * @param warnBefore how long before that end the event <i>consent expiring</i> is raised; 1 hour
   *     to 365 days; default 14 d
   */
  public record Grant(Optional<Duration> maxAge, Duration warnBefore) {}

  /**
   * How refresh tokens behave.
   *
   * @param mode {@code refresh_token}, or {@code access_token} where the access token itself is
   *     exchanged for the next one before it ends; default {@code refresh_token}
   * @param method {@code post} or {@code get}; default as for other token requests
   * @param body {@code form}, {@code json} or {@code query}; default as for other token requests
   * @param grantType value of {@code grant_type}; default {@code refresh_token}
   * @param tokenParameter parameter that holds the token; default {@code refresh_token}
   * @param parameters further fixed parameters of refresh requests only, beside {@code
   *     token.parameters}; default none
   * @param rotation {@code none}, {@code strict} or, as a mapping, {@code grace: 30s} (1 s to 30
   *     days); default {@code strict}
   * @param sendScope which scopes are repeated on refresh (BE-12: none): {@code none}, {@code
   *     granted} or {@code requested}; default {@code none}
   * @param sendRedirectUri whether the redirect URI that the grant was made with is repeated;
   *     default false
   * @param expiryFields places of the refresh token's own life, where the answer tells it; read
   *     like {@code expiry.fields}; default {@code refresh_expires_in}, {@code
   *     refresh_token_expires_in}, {@code x_refresh_token_expires_in}
   * @param idleLifetime after which an unused refresh token dies: it is used in time; 10 s to 3650
   *     days; default without end
   * @param margin how long before its end an access token is renewed at the latest; 0 s to 30 days;
   *     0 s: by the general rule alone; default 0 s
   * @param minInterval shortest time between two refreshes of one connection; 0 s to 1 day; default
   *     0 s
   * @param revokesAccessToken whether a refresh ends the access token before it: consumers are told
   *     to ask again soon; default false
   * @param keptOnReconsent whether the earlier refresh token stays in use where a further consent
   *     brings none; default false
   */
  public record Refresh(
      Mode mode,
      Optional<Method> method,
      Optional<Body> body,
      String grantType,
      String tokenParameter,
      Map<String, String> parameters,
      Rotation rotation,
      SentScope sendScope,
      boolean sendRedirectUri,
      List<Place> expiryFields,
      Optional<Duration> idleLifetime,
      Duration margin,
      Duration minInterval,
      boolean revokesAccessToken,
      boolean keptOnReconsent) {

    /** What is presented for the next access token. */
    public enum Mode {
      REFRESH_TOKEN,
      ACCESS_TOKEN
    }

    /** Which scopes a refresh repeats. */
    public enum SentScope {
      NONE,
      GRANTED,
      REQUESTED
    }
  }

  /**
   * How tokens are revoked on disconnect (RFC 7009, G-13).
   *
   * @param method {@code post}, {@code get} or {@code delete}; default {@code post}
   * @param body {@code form}, {@code json} or {@code query}; default {@code form}
   * @param path for a provider that wants the token in the URL: what follows the path of the
   *     endpoint, with the token as <code>{token}</code>, for example <code>/{token}</code>; it is
   *     percent-encoded, and no parameter holds it or its type then; default none
   * @param tokenParameter parameter that holds the token; default {@code token}
   * @param parameters further fixed parameters; default none
   * @param tokens which are revoked, in this order: {@code refresh_token}, {@code access_token};
   *     default both
   * @param authentication {@code client}: as at the token endpoint; {@code bearer}: by the access
   *     token in {@code Authorization: Bearer}; {@code none}; default {@code client}
   */
  public record Revoke(
      Method method,
      Body body,
      Optional<UrlTemplate> path,
      String tokenParameter,
      Map<String, String> parameters,
      List<TokenKind> tokens,
      Authentication authentication) {

    /** RFC 7009 §2.1 token types. */
    public enum TokenKind {
      REFRESH_TOKEN,
      ACCESS_TOKEN
    }

    /** How the revocation request proves itself. */
    public enum Authentication {
      CLIENT,
      BEARER,
      NONE
    }
  }

  /**
   * One look at the provider's API before a new connection becomes active (BE-9); sent with the new
   * access token as {@code resource} says.
   *
   * @param url what is fetched by GET; may hold variables; required
   * @param optionalParameters query parameters that ask for more than the provider may allow: what
   *     it refuses with them is fetched once more without; default none
   * @param accept value of the {@code Accept} header; default {@code application/json}
   * @param identity place of what names the provider's account: a second install with the same
   *     identity updates the first one's connection (BE-18); default none
   * @param metadata public facts that the answer holds: our name for each, and its place; kept with
   *     the connection and served; default none
   * @param required names of {@code metadata} without which the connection does not become active;
   *     default none
   * @param returnUrl place of the URL that the owner is led back to (BE-10); default none
   * @param returnHosts hosts that the return URL may lead to, written as in {@code hosts}; required
   *     with {@code return_url}; default none
   */
  public record PostConnect(
      UrlTemplate url,
      Map<String, String> optionalParameters,
      String accept,
      Optional<Place> identity,
      Map<String, Place> metadata,
      Set<String> required,
      Optional<Place> returnUrl,
      List<String> returnHosts) {}

  /**
   * How consumers present the token to the API (MO-11, MK-1).
   *
   * @param placement {@code header}, or {@code query} for an API that knows nothing better; default
   *     {@code header}
   * @param header header name; default {@code Authorization}
   * @param scheme one word before the token; empty: the bare token; default {@code Bearer}
   * @param parameter query parameter, for {@code query}; default {@code access_token}
   */
  public record Resource(Placement placement, String header, String scheme, String parameter) {
    /** Where the token stands in a call to the API. */
    public enum Placement {
      HEADER,
      QUERY
    }

    /** Value of the header, for {@code header}. */
    public Secret headerValue(Secret token) {
      return scheme.isEmpty() ? token : Secret.of(scheme + " " + token.reveal());
    }
  }

  /**
   * The provider's budget (G-7, reliability §2.2 rule 7), of one replica.
   *
   * @param requestsPerSecond token requests that may start in one second; 1 to 10000; default 10
   * @param concurrency token requests in flight; 1 to 1000; default 8
   * @param per what has a budget of its own: {@code provider}, each {@code registration}, or each
   *     {@code host} that tokens are asked for at; default {@code provider}
   * @param resetHeader header of a 429 that holds the Unix time in seconds at which the budget is
   *     full again; read where there is no {@code Retry-After}; default none
   */
  public record Limits(
      int requestsPerSecond, int concurrency, Per per, Optional<String> resetHeader) {
    /** What has a budget of its own. */
    public enum Per {
      PROVIDER,
      REGISTRATION,
      HOST
    }
  }
}
