package org.tokenbroker.consent.page;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;
import org.tokenbroker.consent.ClaimInvitations;
import org.tokenbroker.consent.Fingerprint;
import org.tokenbroker.consent.InstallCodes;
import org.tokenbroker.consent.SecureRandomText;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Secret;
import org.tokenbroker.token.TenantId;

/** What is behind a claim link, as a browser meets it. */
@QuarkusTest
@TestProfile(Neighbours.class)
class ClaimPagesTest {
  private static final RegistrationId STORE = new RegistrationId(ScriptedNeighbours.STORE);
  private static final TenantId ACME = new TenantId("acme");
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Inject ClaimInvitations invitations;
  @Inject InstallCodes codes;
  @Inject ScriptedNeighbours.Installs installs;

  /** An install that a browser brought. */
  private record Brought(ConnectionId install, Secret browser) {
    String cookie() {
      return browser.reveal();
    }
  }

  @Test
  @Requirement("BE-4")
  void theOfferNamesTheAppTheProviderAndTheTenantAsTextsAndNeverAsMarkup() {
    Response response = when().get(invite());
    Document page = Jsoup.parse(response.asString());

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(page.select("h1").text()).isEqualTo("Install Acme <b>Planner</b> for acme?");
    assertThat(page.title()).isEqualTo("Install Acme <b>Planner</b> for acme?");
    assertThat(page.select("dd").eachText())
        .containsExactly("Acme <b>Planner</b> Shows contacts", "Provider & Sons", "acme");
    assertThat(page.select("dt").eachText())
        .as("nothing is installed yet")
        .containsExactly("App", "To be installed at", "Will belong to");
    assertThat(page.select("b")).isEmpty();
    assertThat(page.select("form").attr("method")).isEqualTo("post");
    assertThat(page.select("form").hasAttr("action")).as("posts to the link itself").isFalse();
    assertThat(page.select("form input")).isEmpty();
  }

  @Test
  @Requirement("B5")
  void everyPageCarriesTheProtectiveHeaders() {
    String open = invite();
    for (Response response :
        List.of(when().get(open), when().get("/claim/unknown"), submit(open), foreign(open))) {
      assertThat(response.header("Cache-Control")).isEqualTo("no-store");
      assertThat(response.header("Referrer-Policy")).isEqualTo("no-referrer");
      assertThat(response.header("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(response.header("X-Robots-Tag")).isEqualTo("noindex");
      assertThat(response.header("Content-Security-Policy"))
          .contains("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'")
          .doesNotContain("unsafe");
      Document page = Jsoup.parse(response.asString());
      assertThat(page.select("html").attr("lang")).isEqualTo("en");
      assertThat(page.select("h1")).hasSize(1);
      assertThat(page.select("script, img, iframe, object, link, [src], [style], [onclick]"))
          .isEmpty();
    }
  }

  @Test
  @Requirement("B5")
  void theFormLeadsToUsOnly() {
    assertThat(when().get(invite()).header("Content-Security-Policy"))
        .contains("form-action 'self';");
    assertThat(when().get("/claim/unknown").header("Content-Security-Policy"))
        .contains("form-action 'none';");
  }

  @Test
  @Requirement("BE-4")
  void lookingUsesNothingUpHoweverOftenAndByWhomever() {
    String path = invite();
    Brought brought = brought();

    for (int i = 0; i < 3; i++) {
      assertThat(when().get(path).header("Set-Cookie")).isNull();
      assertThat(when().head(path).statusCode()).isEqualTo(200);
      assertThat(get(path, brought).statusCode()).isEqualTo(200);
    }

    assertThat(installs.ownerOf(brought.install())).isEmpty();
    assertThat(heading(submit(path, brought))).isEqualTo("Thank you. It is connected.");
    assertThat(installs.ownerOf(brought.install())).contains(ACME);
  }

  @Test
  @Requirement("BE-4")
  void whoHasInstalledNothingIsToldToInstallAndTheBrowserIsRemembered() {
    String path = invite();

    Response response = submit(path);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(heading(response)).isEqualTo("Now install the app at Provider & Sons.");
    assertThat(response.header("Set-Cookie"))
        .matches("__Host-token-broker=[\\w-]{43}; Path=/; Secure; HttpOnly; SameSite=Lax");
    assertThat(when().get(path).statusCode()).as("nothing was given away yet").isEqualTo(200);
  }

  @Test
  @Requirement("BE-4")
  void anInstallIsConnectedOnceAndTheLinkHasDoneItsWork() {
    String path = invite();
    Brought first = brought();
    Brought second = brought();
    assertThat(heading(get(path, first))).startsWith("Connect Acme <b>Planner</b> to acme?");

    assertThat(heading(submit(path, first))).isEqualTo("Thank you. It is connected.");

    for (Response again :
        List.of(submit(path, first), submit(path, second), get(path, first), submit(path))) {
      assertThat(again.statusCode()).isEqualTo(410);
      assertThat(heading(again)).isEqualTo("This link has done its work.");
      assertThat(again.header("Set-Cookie")).isNull();
    }
    assertThat(installs.ownerOf(second.install())).isEmpty();
  }

  @Test
  @Requirement("BE-4")
  void anotherBrowserFindsNothingToConnect() {
    String path = invite();
    Brought brought = brought();

    assertThat(heading(submit(path))).startsWith("Now install the app");

    assertThat(installs.ownerOf(brought.install())).isEmpty();
    assertThat(heading(get(path, brought))).startsWith("Connect ");
  }

  @Test
  void whatIsAnothersIsNotGivenAwayAndTheLinkStillWorks() {
    Brought brought = brought();
    submit(invite(new TenantId("first"), Duration.ofHours(1)), brought);
    Brought same = broughtAgain(brought);
    String path = invite();

    Response response = submit(path, same);

    assertThat(response.statusCode()).isEqualTo(409);
    assertThat(installs.ownerOf(brought.install())).contains(new TenantId("first"));
    assertThat(when().get(path).statusCode()).isEqualTo(200);
  }

  @Test
  void aFormOfAnotherSiteChangesNothing() {
    String path = invite();
    Brought brought = brought();

    Response byFetchMetadata =
        as(brought).header("Sec-Fetch-Site", "cross-site").header("Origin", "null").post(path);
    Response byOrigin = as(brought).header("Origin", "https://elsewhere.example").post(path);

    for (Response response : List.of(byFetchMetadata, byOrigin)) {
      assertThat(response.statusCode()).isEqualTo(403);
      assertThat(response.header("Set-Cookie")).isNull();
    }
    assertThat(installs.ownerOf(brought.install())).isEmpty();
    assertThat(as(brought).header("Origin", ScriptedNeighbours.PUBLIC_URL).post(path).statusCode())
        .isEqualTo(200);
  }

  @Test
  void anUnknownLinkIsNotFoundAndAnExpiredOneIsGone() {
    String unknown = "/claim/" + new SecureRandomText().secret().reveal();
    String expired = invite(ACME, Duration.ofMillis(1));
    Brought brought = brought();

    assertThat(when().get(unknown).statusCode()).isEqualTo(404);
    assertThat(submit(unknown, brought).statusCode()).isEqualTo(404);
    Awaitility.await("the link expires")
        .atMost(PATIENCE)
        .until(() -> when().get(expired).statusCode() == 410);
    assertThat(heading(submit(expired, brought))).isEqualTo("This link has expired.");
    assertThat(installs.ownerOf(brought.install())).isEmpty();
  }

  private String invite() {
    return invite(ACME, Duration.ofHours(1));
  }

  private String invite(TenantId tenant, Duration life) {
    ClaimInvitations.Outcome outcome = run(() -> invitations.invite(tenant, STORE, life));
    return ((ClaimInvitations.Outcome.Invited) outcome).invitation().link().getPath();
  }

  /** As after an install in this browser. */
  private Brought brought() {
    String name = "install-" + new SecureRandomText().name();
    return bring(new ConnectionId(name), new SecureRandomText().secret());
  }

  /** A second install that renewed the same connection. */
  private Brought broughtAgain(Brought former) {
    return bring(former.install(), former.browser());
  }

  private Brought bring(ConnectionId install, Secret browser) {
    Fingerprint code = Fingerprint.of(new SecureRandomText().secret());
    run(() -> codes.take(new InstallCodes.InstallCode(code, STORE, install, Instant.now())));
    run(() -> codes.kept(code, install, Fingerprint.of(browser)));
    return new Brought(install, browser);
  }

  private static RequestSpecification as(Brought brought) {
    return given().cookie(BrowserCookie.NAME, brought.cookie());
  }

  private static Response get(String path, Brought brought) {
    return as(brought).get(path);
  }

  /** As a current browser sends the form of our page. */
  private static Response submit(String path, Brought brought) {
    return as(brought).header("Origin", "null").header("Sec-Fetch-Site", "same-origin").post(path);
  }

  private static Response submit(String path) {
    return given().header("Origin", "null").header("Sec-Fetch-Site", "same-origin").post(path);
  }

  private static Response foreign(String path) {
    return given().header("Sec-Fetch-Site", "cross-site").post(path);
  }

  private static String heading(Response response) {
    return Jsoup.parse(response.asString()).select("h1").text();
  }

  private static <T> T run(Supplier<Uni<T>> work) {
    try {
      return VertxContextSupport.subscribeAndAwait(work::get);
    } catch (Throwable failure) {
      throw new AssertionError("a service failed", failure);
    }
  }
}
