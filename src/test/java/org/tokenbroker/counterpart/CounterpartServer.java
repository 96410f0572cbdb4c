package org.tokenbroker.counterpart;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.net.URI;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BinaryOperator;
import org.tokenbroker.fixture.TlsContexts;
import org.tokenbroker.fixture.Waited;
import org.tokenbroker.sandbox.KeyMaterial;

/** An HTTPS server on loopback with an event loop of its own, which notes every call. */
final class CounterpartServer implements AutoCloseable {
  private static final long LARGEST_BODY = 64L * 1024;

  private final SecureRandom random = new SecureRandom();
  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));
  private final Router router = Router.router(vertx);
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final BinaryOperator<String> plant;
  private final String name;
  private final int port;

  /**
   * @param name stands in every secret that it makes
   * @param plant told of the kind and value of every secret that it makes; gives the value back
   */
  CounterpartServer(String name, KeyMaterial tls, BinaryOperator<String> plant) {
    this.name = name;
    this.plant = plant;
    router.route().handler(BodyHandler.create(false).setBodyLimit(LARGEST_BODY));
    this.port =
        Waited.value(
                vertx.createHttpServer(TlsContexts.serving(tls)).requestHandler(router).listen())
            .actualPort();
  }

  /** What a counterpart does with a request. */
  interface Handling {
    Refused.Reply handle(HttpServerRequest request, Parameters body) throws Refused;
  }

  /** Host and port, as they replace the real system's host. */
  String authority() {
    return "127.0.0.1:" + port;
  }

  URI uri(String path) {
    return URI.create("https://" + authority() + path);
  }

  Router router() {
    return router;
  }

  void on(HttpMethod method, String path, Handling handling) {
    router.route(method, path).handler(context -> answer(context, handling));
  }

  private void answer(RoutingContext context, Handling handling) {
    String text = Optional.ofNullable(context.body().asString()).orElse("");
    Parameters body = Parameters.of(context.request(), text);
    try {
      Refused.Reply reply = handling.handle(context.request(), body);
      note(context, body, reply.status(), Optional.empty());
      send(context, reply);
    } catch (Refused refused) {
      note(context, body, refused.reply().status(), Optional.of(refused.why()));
      send(context, refused.reply());
    }
  }

  private void note(RoutingContext context, Parameters body, int status, Optional<String> why) {
    Set<String> names = new LinkedHashSet<>(body.values().keySet());
    names.addAll(context.queryParams().names());
    calls.add(
        new Call(
            String.valueOf(context.request().path()),
            body.get("grant_type").orElse(""),
            names,
            status,
            why));
  }

  private static void send(RoutingContext context, Refused.Reply reply) {
    context.response().setStatusCode(reply.status()).putHeader("Content-Type", "application/json");
    reply.headers().forEach(context.response()::putHeader);
    context.response().end(reply.body().encode());
  }

  List<Call> calls() {
    return List.copyOf(calls);
  }

  /**
   * A new secret.
   *
   * @param kind as a finding calls it, for example {@code access token}
   */
  String secret(String kind) {
    byte[] bytes = new byte[24];
    random.nextBytes(bytes);
    return plant.apply(
        kind,
        "canary-"
            + name
            + "-"
            + kind.replace(' ', '-')
            + "-"
            + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  @Override
  public void close() {
    Waited.value(vertx.close());
  }
}
