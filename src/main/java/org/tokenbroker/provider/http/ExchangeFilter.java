package org.tokenbroker.provider.http;

import io.quarkus.arc.Unremovable;
import io.quarkus.oidc.common.OidcEndpoint;
import io.quarkus.oidc.common.OidcRequestFilter;
import io.smallrye.mutiny.Context;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpRequest;
import jakarta.enterprise.context.ApplicationScoped;
import org.tokenbroker.provider.http.Manner.Draft;

/**
 * Takes over where OIDC Client would send: the request is complete by then, with its client
 * authentication and on a connection with its TLS settings. It is rewritten where the profile wants
 * it otherwise, and sent. What OIDC Client does from there on loses what we need (why a request
 * failed, the status and headers of its answer), repeats requests and logs texts of the provider;
 * decision 0010 has the details.
 */
@ApplicationScoped
@Unremovable
@OidcEndpoint({OidcEndpoint.Type.TOKEN, OidcEndpoint.Type.TOKEN_REVOCATION})
public class ExchangeFilter implements OidcRequestFilter {
  private static final String CALL = Call.class.getName();

  /** What a call of OIDC Client is carried out by, and how. */
  private record Call(Exchange exchange, Manner manner) {}

  /** Ends OIDC Client's own processing. */
  private static final class Ended extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Ended() {
      super("the exchange has ended; see its outcome", null, false, false);
    }
  }

  /** Lets a call of OIDC Client be carried out by this exchange, in this manner. */
  static <T> Uni<T> attach(Exchange exchange, Manner manner, Uni<T> call) {
    return call.withContext(
        (attached, context) -> {
          context.put(CALL, new Call(exchange, manner));
          return attached;
        });
  }

  @Override
  public Uni<Void> filter(OidcRequestFilterContext request) {
    return Uni.createFrom().context(context -> carryOut(context, request));
  }

  private static Uni<Void> carryOut(Context context, OidcRequestFilterContext request) {
    Call call = context.get(CALL);
    HttpRequest<?> complete = request.request().getDelegate();
    Draft draft = call.manner().draft(complete.uri(), request.requestBody().toString());
    return call.exchange()
        .carryOut(rewritten(complete, draft), Buffer.buffer(draft.body()))
        .onItem()
        .failWith(Ended::new);
  }

  private static HttpRequest<?> rewritten(HttpRequest<?> request, Draft draft) {
    draft.removed().forEach(request.headers()::remove);
    draft.headers().forEach(request::putHeader);
    return request.method(HttpMethod.valueOf(draft.method().name())).uri(draft.uri());
  }
}
