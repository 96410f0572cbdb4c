package org.tokenbroker.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.ext.web.client.WebClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.platform.outbound.AddressRules;
import org.tokenbroker.platform.outbound.GivenNames;
import org.tokenbroker.provider.TokenAnswer;
import org.tokenbroker.provider.TokenReply.Obstacle;

/** A name that leads to another address once it has been checked. */
class RebindingTest {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final String NAME = "api.acme.example";
  private static final String CHECKED = "127.0.0.2";
  private static final String CONNECTED = "127.0.0.1";
  private static final String NO_RESOLVER = "vertx.disableDnsResolver";

  private Optional<Vertx> vertx = Optional.empty();

  @AfterEach
  void stop() {
    vertx.ifPresent(Vertx::close);
  }

  @Test
  @Requirement("C24")
  void nothingIsWrittenToAConnectionWhoseAddressIsOutOfReach() {
    try (RawServer server = answering()) {
      assertThat(call(server, AddressRules.allowing(List.of(CHECKED + "/32"))))
          .isEqualTo(new Outcome.Unsent(Obstacle.ADDRESS_REFUSED));

      assertThat(server.accepted()).isEqualTo(1);
      assertThat(server.heads()).isEmpty();
    }
  }

  @Test
  void aConnectionWhoseAddressIsInReachIsUsed() {
    try (RawServer server = answering()) {
      assertThat(call(server, AddressRules.allowing(List.of("127.0.0.0/8"))))
          .isInstanceOf(Outcome.Answered.class);

      assertThat(server.heads()).hasSize(1);
    }
  }

  @Test
  @Requirement("C24")
  void nobodyIsKnockedAtWhereTheNameLeadsOutOfReachAtOnce() {
    try (RawServer server = answering()) {
      assertThat(call(server, AddressRules.publicOnly()))
          .isEqualTo(new Outcome.Unsent(Obstacle.ADDRESS_REFUSED));

      assertThat(server.accepted()).isZero();
    }
  }

  private static RawServer answering() {
    return RawServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  }

  private Outcome call(RawServer server, AddressRules rules) {
    Vertx own = connecting();
    vertx = Optional.of(own);
    Exchange exchange =
        new Exchange(
            own,
            InstantSource.system(),
            GivenNames.guard(rules, own, Map.of(NAME, List.of(CHECKED))),
            PATIENCE,
            PATIENCE,
            Optional.empty(),
            TokenAnswer.BODY_LIMIT);
    exchange
        .carryOut(
            WebClient.create(own)
                .postAbs("http://" + NAME + ":" + server.uri().getPort() + "/token"),
            Buffer.buffer("refresh_token=canary"))
        .await()
        .atMost(PATIENCE);
    return exchange.outcome().orElseThrow();
  }

  /**
   * Its connections go to {@link #CONNECTED}, whatever was checked. A Quarkus test that ran before
   * leaves Vert.x without a resolver of its own.
   */
  private static Vertx connecting() {
    Optional<String> disabled = Optional.ofNullable(System.getProperty(NO_RESOLVER));
    System.clearProperty(NO_RESOLVER);
    try {
      return Vertx.vertx(
          new VertxOptions()
              .setAddressResolverOptions(
                  new AddressResolverOptions()
                      .setHostsValue(Buffer.buffer(CONNECTED + " " + NAME + "\n"))));
    } finally {
      disabled.ifPresent(value -> System.setProperty(NO_RESOLVER, value));
    }
  }
}
