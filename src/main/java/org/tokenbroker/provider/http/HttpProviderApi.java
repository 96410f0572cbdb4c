package org.tokenbroker.provider.http;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.client.HttpRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
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
                client.site().postConnect().map(url -> fetch(client, wanted, url, accessToken)))
        .orElseGet(() -> Uni.createFrom().item(new PostConnectReply.Learned(Facts.NONE)));
  }

  private Uni<PostConnectReply> fetch(
      ProviderClient client, Profile.PostConnect wanted, URI url, Secret accessToken) {
    Uni<Outcome> exchange =
        Uni.createFrom()
            .deferred(
                () ->
                    request(client, wanted, url, accessToken)
                        .map(request -> carryOut(request, client.profile()))
                        .orElseGet(() -> Uni.createFrom().item(CREDENTIAL_UNUSABLE)));
    return CallerContext.keep(
        guards
            .of(client)
            .call(
                meter
                    .measured(exchange, client, Operation.POST_CONNECT)
                    .map(outcome -> Replies.postConnect(outcome, wanted)),
                HELD_BACK,
                NO_ANSWER));
  }

  private Optional<HttpRequest<Buffer>> request(
      ProviderClient client, Profile.PostConnect wanted, URI url, Secret accessToken) {
    return web.get(client.registration(), url)
        .map(request -> request.putHeader(HttpHeaders.ACCEPT.toString(), wanted.accept()))
        .map(request -> proven(request, client.profile().resource(), accessToken));
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
