package org.tokenbroker.provider.http;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.client.HttpRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.tokenbroker.platform.CallerContext;
import org.tokenbroker.provider.PostConnectReply;
import org.tokenbroker.provider.PostConnectReply.Facts;
import org.tokenbroker.provider.PostConnectReply.Hindrance;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.ProviderApi;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.TokenReply.Obstacle;
import org.tokenbroker.token.Secret;

/** {@link ProviderApi} over HTTP. */
@ApplicationScoped
public class HttpProviderApi implements ProviderApi {
  private static final PostConnectReply HELD_BACK =
      new PostConnectReply.Unavailable(Hindrance.HELD_BACK);
  private static final PostConnectReply NO_ANSWER =
      new PostConnectReply.Unavailable(Hindrance.NO_ANSWER);

  private static final Outcome CREDENTIAL_UNUSABLE =
      new Outcome.Unsent(Obstacle.CREDENTIAL_UNUSABLE);

  private final ProviderWeb web;
  private final ProviderGuards guards;
  private final Exchanges exchanges;
  private final CallMeter meter;

  HttpProviderApi(ProviderWeb web, ProviderGuards guards, Exchanges exchanges, CallMeter meter) {
    this.web = web;
    this.guards = guards;
    this.exchanges = exchanges;
    this.meter = meter;
  }

  @Override
  public Uni<PostConnectReply> learn(ProviderClient client, Secret accessToken) {
    return client
        .profile()
        .postConnect()
        .flatMap(
            wanted ->
                client
                    .site()
                    .postConnect()
                    .map(url -> new Look(client, wanted, url, accessToken))
                    .map(this::fetch))
        .orElseGet(() -> Uni.createFrom().item(new PostConnectReply.Learned(Facts.NONE)));
  }

  /** One look-up, whatever it takes. */
  private record Look(
      ProviderClient client, Profile.PostConnect wanted, URI url, Secret accessToken) {}

  private Uni<PostConnectReply> fetch(Look look) {
    Map<String, String> optional = look.wanted().optionalParameters();
    Uni<PostConnectReply> whole = fetch(look, optional);
    return optional.isEmpty()
        ? whole
        : whole.chain(
            reply -> isRefusal(reply) ? fetch(look, Map.of()) : Uni.createFrom().item(reply));
  }

  /** Nothing tells what was refused: the token, the address, or what the parameters ask for. */
  private static boolean isRefusal(PostConnectReply reply) {
    return switch (reply) {
      case PostConnectReply.Refused refused -> true;
      case PostConnectReply.Unavailable(Hindrance why) -> why == Hindrance.STATUS;
      case PostConnectReply.Learned learned -> false;
      case PostConnectReply.Lacking lacking -> false;
      case PostConnectReply.Throttled throttled -> false;
    };
  }

  private Uni<PostConnectReply> fetch(Look look, Map<String, String> parameters) {
    ProviderClient client = look.client();
    Uni<Outcome> exchange =
        Uni.createFrom()
            .deferred(
                () ->
                    request(look, parameters)
                        .map(request -> carryOut(request, client.profile()))
                        .orElseGet(() -> Uni.createFrom().item(CREDENTIAL_UNUSABLE)));
    return CallerContext.keep(
        guards
            .of(client)
            .call(
                meter
                    .measured(exchange, client, Operation.POST_CONNECT)
                    .map(outcome -> Replies.postConnect(outcome, look.wanted())),
                HELD_BACK,
                NO_ANSWER));
  }

  private Optional<HttpRequest<Buffer>> request(Look look, Map<String, String> parameters) {
    return web.get(look.client().registration(), look.url())
        .map(request -> request.putHeader(HttpHeaders.ACCEPT.toString(), look.wanted().accept()))
        .map(request -> with(parameters, request))
        .map(request -> proven(request, look.client().profile().resource(), look.accessToken()));
  }

  private static HttpRequest<Buffer> with(
      Map<String, String> parameters, HttpRequest<Buffer> request) {
    parameters.forEach(request::addQueryParam);
    return request;
  }

  private static HttpRequest<Buffer> proven(
      HttpRequest<Buffer> request, Profile.Resource resource, Secret accessToken) {
    return switch (resource.placement()) {
      case HEADER ->
          request.putHeader(resource.header(), resource.headerValue(accessToken).reveal());
      case QUERY -> request.addQueryParam(resource.parameter(), accessToken.reveal());
    };
  }

  private Uni<Outcome> carryOut(HttpRequest<Buffer> request, Profile profile) {
    Exchange exchange = exchanges.open(profile);
    return exchange
        .carryOut(request, Buffer.buffer())
        .map(ended -> exchange.outcome().orElseThrow());
  }
}
