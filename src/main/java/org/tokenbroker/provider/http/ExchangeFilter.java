package org.tokenbroker.provider.http;

import io.quarkus.arc.Unremovable;
import io.quarkus.oidc.common.OidcEndpoint;
import io.quarkus.oidc.common.OidcRequestFilter;
import io.smallrye.mutiny.Context;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Takes over where OIDC Client would send: the request is complete by then, with its client
 * authentication and on a connection with its TLS settings. What OIDC Client does from there on
 * loses what we need (why a request failed, the status and headers of its answer), repeats requests
 * and logs texts of the provider; decision 0010 has the details.
 */
@ApplicationScoped
@Unremovable
@OidcEndpoint({OidcEndpoint.Type.TOKEN, OidcEndpoint.Type.TOKEN_REVOCATION})
public class ExchangeFilter implements OidcRequestFilter {
  private static final String EXCHANGE = Exchange.class.getName();

  /** Ends OIDC Client's own processing. */
  private static final class Ended extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Ended() {
      super("the exchange has ended; see its outcome", null, false, false);
    }
  }

  /** Lets a call of OIDC Client be carried out by this exchange. */
  static <T> Uni<T> attach(Exchange exchange, Uni<T> call) {
    return call.withContext(
        (attached, context) -> {
          context.put(EXCHANGE, exchange);
          return attached;
        });
  }

  @Override
  public Uni<Void> filter(OidcRequestFilterContext request) {
    return Uni.createFrom().context(context -> carryOut(context, request));
  }

  private static Uni<Void> carryOut(Context context, OidcRequestFilterContext request) {
    Exchange exchange = context.get(EXCHANGE);
    return exchange
        .carryOut(request.request().getDelegate(), request.requestBody().getDelegate())
        .onItem()
        .failWith(Ended::new);
  }
}
