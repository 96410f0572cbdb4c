package org.tokenbroker.provider.http;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.Optional;
import org.tokenbroker.platform.CallerContext;
import org.tokenbroker.provider.MetadataSource;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.TokenAnswer;
import org.tokenbroker.provider.http.ProviderGuard.Judged;
import org.tokenbroker.provider.http.ProviderGuard.Verdict;

/** {@link MetadataSource} over HTTP. */
@ApplicationScoped
public class HttpMetadataSource implements MetadataSource {
  private final ProviderWeb web;
  private final ProviderGuards guards;
  private final Exchanges exchanges;
  private final CallMeter meter;

  HttpMetadataSource(ProviderWeb web, ProviderGuards guards, Exchanges exchanges, CallMeter meter) {
    this.web = web;
    this.guards = guards;
    this.exchanges = exchanges;
    this.meter = meter;
  }

  @Override
  public Uni<Optional<TokenAnswer>> fetch(Profile profile, URI location) {
    Uni<Outcome> exchange = Uni.createFrom().deferred(() -> carryOut(profile, location));
    return CallerContext.keep(
        guards
            .of(profile)
            .call(
                meter
                    .measured(exchange, profile, Optional.empty(), Operation.DISCOVERY)
                    .map(HttpMetadataSource::judged),
                Optional.empty(),
                Optional.empty()));
  }

  private Uni<Outcome> carryOut(Profile profile, URI location) {
    Exchange exchange = exchanges.open(profile, BODY_LIMIT);
    return exchange
        .carryOut(web.get(location), Buffer.buffer())
        .map(ended -> exchange.outcome().orElseThrow());
  }

  /** Whoever publishes metadata is not to blame for the token endpoint. */
  private static Judged<Optional<TokenAnswer>> judged(Outcome outcome) {
    return new Judged<>(
        outcome instanceof Outcome.Answered answered
            ? Optional.of(answered.answer())
            : Optional.empty(),
        new Verdict.Sound());
  }
}
