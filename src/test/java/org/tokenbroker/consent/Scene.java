package org.tokenbroker.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokenbroker.fixture.Waited.value;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tokenbroker.fixture.HandTime;
import org.tokenbroker.fixture.MemorySafe;
import org.tokenbroker.provider.ClientAuthenticationMethod;
import org.tokenbroker.provider.ClientLookup;
import org.tokenbroker.provider.ClientSecrets;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.provider.GrantedTokens;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.ProfileFixture;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.Registration;
import org.tokenbroker.provider.RegistrationHealth;
import org.tokenbroker.provider.TokenReply;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Lifetime;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;
import org.tokenbroker.token.TenantId;

/** The consent chapter with everything around it scripted: one registration, one connection. */
final class Scene {
  static final URI PUBLIC_URL = URI.create("https://broker.example");
  static final String ISSUER = "https://login.provider.example";
  static final RegistrationId REGISTRATION = new RegistrationId("crm");
  static final ConsentSubject SUBJECT =
      new ConsentSubject(
          new ConnectionId("acme-crm"),
          new TenantId("acme"),
          REGISTRATION,
          Scopes.of("offline_access", "contacts.read"));
  static final String RULES = "{required_scopes: [offline_access]}";

  final HandTime time = HandTime.atNoon();
  final MemorySafe safe = new MemorySafe();
  final InMemoryTickets tickets = new InMemoryTickets();
  final InMemoryAttempts attempts = new InMemoryAttempts(tickets);
  final ScriptedKeeper keeper = new ScriptedKeeper();
  final ScriptedClients clients;
  final ScriptedEndpoint endpoint;
  final LinkInvitations invitations;
  final ConsentStart start;
  final ConsentCallback callback;
  final ConsentCleaner cleaner;
  final InMemoryBroughtCodes codes = new InMemoryBroughtCodes();
  final CodeImport codeImport;
  final InMemoryInstallCodes installCodes = new InMemoryInstallCodes();
  final InMemoryClaimTickets claims = new InMemoryClaimTickets();
  final ScriptedInstalls installs = new ScriptedInstalls();
  final ClaimInvitations claimInvitations;
  final ClaimLinks claimLinks;

  Scene() {
    this(RULES);
  }

  Scene(String rules) {
    RandomText random = new SecureRandomText();
    ConsentConfig config = new Settings();
    clients = new ScriptedClients(client(rules));
    endpoint = new ScriptedEndpoint(granted(Optional.of(Secret.of("refresh-token-1"))));
    AttemptSecrets secrets = new AttemptSecrets(safe, attempts);
    CodeExchange exchange = new CodeExchange(keeper, endpoint, clients, installs);
    invitations = new LinkInvitations(clients, tickets, random, config, time);
    start =
        new ConsentStart(
            new Links(tickets, clients, config, time), attempts, secrets, random, config, time);
    callback =
        new ConsentCallback(
            attempts, secrets, clients, exchange, install(exchange, random, config), time);
    codeImport = new CodeImport(clients, codes, attempts, secrets, exchange, random, time);
    claimInvitations = new ClaimInvitations(clients, claims, random, config, time);
    claimLinks =
        new ClaimLinks(
            claims,
            installCodes,
            clients,
            new Claims(claims, installs, time),
            random,
            config,
            time);
    cleaner = new ConsentCleaner(attempts, secrets, installCodes, claims, config, time);
  }

  private ProviderInstall install(CodeExchange exchange, RandomText random, ConsentConfig config) {
    return new ProviderInstall(
        clients,
        new InstallBudget(config),
        installCodes,
        installs,
        exchange,
        new Claims(claims, installs, time),
        random,
        config,
        time);
  }

  /** Settings as they are by default, but for the public URL. */
  record Settings() implements ConsentConfig {
    @Override
    public URI publicUrl() {
      return PUBLIC_URL;
    }

    @Override
    public Duration attemptLife() {
      return Duration.ofMinutes(10);
    }

    @Override
    public int installsPerMinute() {
      return 20;
    }

    @Override
    public int installsPerMinuteOfNetwork() {
      return 10;
    }

    @Override
    public int forwardingProxies() {
      return 1;
    }

    @Override
    public int installsPerMinuteOverall() {
      return 120;
    }

    @Override
    public Duration claimWithin() {
      return Duration.ofMinutes(30);
    }

    @Override
    public Duration sweepEvery() {
      return Duration.ofMinutes(1);
    }

    @Override
    public Duration remember() {
      return Duration.ofDays(1);
    }
  }

  /** An owner who was sent to the provider. */
  record Trip(String ticket, Secret browser, Map<String, String> sent) {
    String state() {
      return sent.getOrDefault("state", "");
    }

    /** A callback query with a code. */
    String code(String code) {
      return query("state", state(), "code", code);
    }
  }

  /** Who nobody knows to come from where. */
  static Visitor visitor(Optional<Secret> browser) {
    return new Visitor(browser, Optional.empty());
  }

  static String query(String... namesAndValues) {
    return Stream.iterate(0, i -> i < namesAndValues.length, i -> i + 2)
        .map(i -> namesAndValues[i] + "=" + encode(namesAndValues[i + 1]))
        .collect(Collectors.joining("&"));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  static Map<String, String> parameters(URI url) {
    return Stream.of(url.getRawQuery().split("&"))
        .map(pair -> pair.split("=", 2))
        .collect(
            Collectors.toMap(
                pair -> URLDecoder.decode(pair[0], StandardCharsets.UTF_8),
                pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
  }

  String invite() {
    return invite(Duration.ofDays(1));
  }

  /** The ticket of a fresh link. */
  String invite(Duration life) {
    return invite(life, Optional.empty());
  }

  /** The ticket of a fresh link that leads back to this URI. */
  String invite(Duration life, Optional<URI> redirectUri) {
    Invitations.Outcome outcome = value(invitations.invite(SUBJECT, life, redirectUri));
    assertThat(outcome).isInstanceOf(Invitations.Outcome.Invited.class);
    String path = ((Invitations.Outcome.Invited) outcome).invitation().link().getPath();
    return path.substring("/consent/".length());
  }

  Trip leave() {
    return leave(invite(), Optional.empty());
  }

  Trip leave(String ticket, Optional<Secret> browser) {
    Departure departure = value(start.start(ticket, browser));
    assertThat(departure).isInstanceOf(Departure.Leaving.class);
    Departure.Leaving leaving = (Departure.Leaving) departure;
    return new Trip(ticket, leaving.browser(), parameters(leaving.authorize()));
  }

  CallbackOutcome comeBack(Trip trip, String query) {
    return value(callback.answer(REGISTRATION, query, visitor(Optional.of(trip.browser()))));
  }

  CallbackOutcome comeBack(Trip trip) {
    return comeBack(trip, trip.code("the-code"));
  }

  TokenReply granted(Optional<Secret> refreshToken) {
    Instant now = time.instant();
    return new TokenReply.Granted(
        new GrantedTokens(
            Secret.of("access-token-1"),
            "Bearer",
            new Lifetime(now, now.plus(Duration.ofHours(1))),
            refreshToken,
            Optional.empty(),
            Optional.empty()));
  }

  /** One registration whose installs start at the provider. */
  static Scene ofInstalls() {
    Scene scene = new Scene();
    scene.clients.answer(new ClientLookup.Ready(client(installs().profile())));
    return scene;
  }

  static ProfileFixture installs() {
    return fixture("{pkce: 'off', send_scope: false}", EnumSet.of(GrantType.AUTHORIZATION_CODE))
        .with("callback", "{provider_initiated: true, metadata: {shop: shop}}")
        .with("post_connect", "{url: 'https://api.provider.example/account'}");
  }

  static ProviderClient client(String rules) {
    return client(rules, List.of(URI.create(PUBLIC_URL + "/callback/crm")));
  }

  static ProviderClient client(String rules, List<URI> redirectUris) {
    return client(profile(rules, EnumSet.of(GrantType.AUTHORIZATION_CODE)), redirectUris);
  }

  static ProviderClient client(Profile profile) {
    return client(profile, List.of(URI.create(PUBLIC_URL + "/callback/crm")));
  }

  static ProviderClient client(Profile profile, List<URI> redirectUris) {
    return new ProviderClient(
        profile,
        new Registration(
            REGISTRATION,
            "provider",
            "Acme Planner",
            "Shows contacts beside appointments",
            List.of("ops@broker.example"),
            ClientAuthenticationMethod.CLIENT_SECRET_POST,
            Optional.empty(),
            Scopes.of("offline_access", "contacts.read"),
            redirectUris,
            new RegistrationHealth.Healthy(),
            1),
        new ClientSecrets(
            Secret.of("our client"), Optional.of(Secret.of("client-secret-1")), Optional.empty()));
  }

  static Profile profile(String rules, EnumSet<GrantType> grants) {
    return fixture(rules, grants).profile();
  }

  private static ProfileFixture fixture(String rules, EnumSet<GrantType> grants) {
    String asked =
        grants.stream().map(GrantType::parameter).collect(Collectors.joining(", ", "[", "]"));
    return ProfileFixture.at(URI.create(ISSUER))
        .id("provider")
        .with("name", "Provider")
        .with("grants", asked)
        .with("client_authentication", "[client_secret_post]")
        .with("authorize", rules)
        .with(
            "token",
            "{require_refresh_token: %s}".formatted(grants.contains(GrantType.AUTHORIZATION_CODE)));
  }
}
