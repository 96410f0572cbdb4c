package org.tokenbroker.consent;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.tokenbroker.consent.AttemptSecrets.Contents;
import org.tokenbroker.consent.GrantKeeper.GrantId;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.token.Secret;

/**
 * From a consent link to the provider.
 *
 * <ol>
 *   <li>Every start has a state and a code verifier of its own (B1); the same ticket may start as
 *       often as its owner likes.
 *   <li>An owner leaves only after both stores kept what the callback will need, so any replica can
 *       answer it (B6).
 * </ol>
 */
@ApplicationScoped
public class ConsentStart {
  private final Links links;
  private final Attempts attempts;
  private final AttemptSecrets secrets;
  private final RandomText random;
  private final ConsentConfig config;
  private final InstantSource time;

  ConsentStart(
      Links links,
      Attempts attempts,
      AttemptSecrets secrets,
      RandomText random,
      ConsentConfig config,
      InstantSource time) {
    this.links = links;
    this.attempts = attempts;
    this.secrets = secrets;
    this.random = random;
    this.config = config;
    this.time = time;
  }

  /** What the link asks for; changes nothing. */
  public Uni<Link> look(String ticket) {
    return links.follow(ticket);
  }

  /**
   * @param browser the cookie the browser already holds; kept, so that two tabs of one browser do
   *     not disturb each other
   */
  public Uni<Departure> start(String ticket, Optional<Secret> browser) {
    return links
        .follow(ticket)
        .chain(
            link ->
                switch (link) {
                  case Link.Open open ->
                      depart(open, Secret.of(ticket), browser.orElseGet(random::secret));
                  case Link.Closed closed -> stay(closed);
                  case Link.Blocked blocked -> stay(blocked);
                  case Link.Unavailable unavailable -> stay(unavailable);
                });
  }

  private Uni<Departure> depart(Link.Open link, Secret ticket, Secret browser) {
    Secret state = random.secret();
    Optional<Secret> verifier =
        link.client().profile().authorize().pkce() == Profile.Pkce.OFF
            ? Optional.empty()
            : Optional.of(random.secret());
    Attempt attempt = attempt(link, state, browser);
    Departure leaving =
        new Departure.Leaving(
            attempt.subject().connection(), request(link, state, verifier).url(), browser);
    return attempts
        .open(attempt)
        .chain(opened -> putSecrets(opened, attempt.grant(), new Contents(ticket, verifier)))
        .map(
            stored ->
                switch (stored) {
                  case DONE -> leaving;
                  case UNAVAILABLE -> new Departure.Staying(new Link.Unavailable());
                });
  }

  /** The row first: what is in the safe can then always be found and destroyed. */
  private Uni<Stored> putSecrets(Stored opened, GrantId grant, Contents contents) {
    return switch (opened) {
      case DONE -> secrets.put(grant, contents);
      case UNAVAILABLE -> Uni.createFrom().item(Stored.UNAVAILABLE);
    };
  }

  private Attempt attempt(Link.Open link, Secret state, Secret browser) {
    Instant now = time.instant();
    return new Attempt(
        new GrantId(random.name(), now),
        Fingerprint.of(state),
        Fingerprint.of(browser),
        link.ticket().fingerprint(),
        link.ticket().subject(),
        link.route().callback(),
        now.plus(config.attemptLife()));
  }

  private static AuthorizationRequest request(
      Link.Open link, Secret state, Optional<Secret> verifier) {
    Profile profile = link.client().profile();
    return new AuthorizationRequest(
        link.route().authorize(),
        profile.authorize(),
        profile.parameterNames(),
        further(link.client()),
        link.client().secrets().clientId(),
        link.route().callback(),
        link.ticket().subject().scopes(),
        state,
        verifier.map(secret -> CodeChallenge.of(secret, profile.authorize().pkce())));
  }

  private static Map<String, String> further(ProviderClient client) {
    Map<String, String> parameters = new LinkedHashMap<>(client.profile().authorize().parameters());
    parameters.putAll(client.registration().particulars().authorizeParameters(client.profile()));
    return parameters;
  }

  private static Uni<Departure> stay(Link link) {
    return Uni.createFrom().item(new Departure.Staying(link));
  }
}
