package org.tokenbroker.consent.page;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.config.RedirectConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;
import org.tokenbroker.consent.ConsentSubject;
import org.tokenbroker.consent.Invitations;
import org.tokenbroker.consent.SecureRandomText;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.TenantId;

@QuarkusTest
@TestProfile(Neighbours.class)
class ConsentPagesTest {
  private static final ConsentSubject SUBJECT =
      new ConsentSubject(
          new ConnectionId("acme-crm"),
          new TenantId("acme"),
          new RegistrationId("crm"),
          Scopes.of("contacts.read", "offline_access"));

  @Inject Invitations invitations;
  @Inject ScriptedNeighbours.Safe safe;

  @TestHTTPResource(value = "/metrics", management = true)
  URI metrics;

  /** An owner on the way: the cookie of the browser and what the provider was sent. */
  private record Trip(String path, String cookie, Map<String, String> sent) {}

  @Test
  @Requirement("B7")
  void theOfferSaysWhatForWhomAndHowLong() {
    Response response = when().get(invite());
    Document page = Jsoup.parse(response.asString());

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(page.select("h1").text())
        .isEqualTo("Allow Acme <b>Planner</b> to use your Provider & Sons account?");
    assertThat(page.select("dd").eachText())
        .anySatisfy(text -> assertThat(text).isEqualTo("acme"))
        .anySatisfy(text -> assertThat(text).isEqualTo("contacts.read offline_access"))
        .anySatisfy(text -> assertThat(text).startsWith("Until you withdraw it"));
    assertThat(page.text()).contains("login.provider.example");
  }

  @Test
  void thePagesAreAccessibleAndNeedNothingFromElsewhere() {
    for (String path : List.of(invite(), "/consent/unknown", "/callback/crm?code=c")) {
      Document page = Jsoup.parse(when().get(path).asString());

      assertThat(page.select("html").attr("lang")).isEqualTo("en");
      assertThat(page.title()).isNotBlank();
      assertThat(page.select("h1")).hasSize(1);
      assertThat(page.select("main")).hasSize(1);
      assertThat(page.select("script, img, iframe, object, link, [src], [style], [onclick]"))
          .isEmpty();
    }
  }

  @Test
  @Requirement("B5")
  void everyPageCarriesTheProtectiveHeaders() throws Exception {
    for (String path : List.of(invite(), "/consent/unknown", "/callback/crm?code=c")) {
      Response response = when().get(path);

      assertThat(response.header("Cache-Control")).isEqualTo("no-store");
      assertThat(response.header("Referrer-Policy")).isEqualTo("no-referrer");
      assertThat(response.header("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(response.header("Content-Security-Policy"))
          .contains("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'")
          .contains("style-src 'sha256-" + hashOfStyle(response.asString()) + "'")
          .doesNotContain("unsafe");
    }
  }

  @Test
  void theFormMayLeadOverTheProviderToFurtherHosts() {
    assertThat(when().get(invite()).header("Content-Security-Policy"))
        .contains("form-action 'self' https:;");
    assertThat(when().get("/consent/unknown").header("Content-Security-Policy"))
        .contains("form-action 'none'");
  }

  @Test
  @Requirement({"B1", "B5", "MO-3", "MO-4"})
  void theButtonSendsTheBrowserToTheProvider() {
    Response response = browser().post(invite());

    assertThat(response.statusCode()).isEqualTo(303);
    assertThat(response.header("Location"))
        .startsWith("https://login.provider.example/authorize?response_type=code&");
    assertThat(response.header("Set-Cookie"))
        .matches("__Host-token-broker=[\\w-]{43}; Path=/; Secure; HttpOnly; SameSite=Lax");
    assertThat(response.header("Cache-Control")).isEqualTo("no-store");
  }

  @Test
  @Requirement({"MO-15", "B4"})
  void anOwnerWhoComesBackIsThankedOnceAndSeesNoToken() {
    Trip trip = leave(invite());

    Response first = comeBack(trip, "code=the-code");
    Response again = comeBack(trip, "code=the-code");

    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(heading(first)).isEqualTo("Thank you. Access has been granted.");
    assertThat(first.asString())
        .doesNotContain(
            ScriptedNeighbours.ACCESS_TOKEN, ScriptedNeighbours.REFRESH_TOKEN, "the-code");
    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(heading(again)).isEqualTo("This has already been done.");
    assertThat(heading(when().get(trip.path()))).isEqualTo("This link has done its work.");
  }

  @Test
  @Requirement("B6")
  void anOwnerWhoDeniedReadsNoneOfTheProvidersWordsAndCanStartAgain() {
    Trip trip = leave(invite());

    Response response =
        comeBack(trip, "error=access_denied&error_description=%3Cb%3Eplanted-description%3C/b%3E");
    Document page = Jsoup.parse(response.asString());

    assertThat(heading(response)).isEqualTo("Access was not granted.");
    assertThat(response.asString()).doesNotContain("planted-description", "access_denied");
    assertThat(page.select("a.button").attr("href"))
        .isEqualTo(ScriptedNeighbours.PUBLIC_URL + trip.path());
    assertThat(when().get(trip.path()).statusCode()).isEqualTo(200);
  }

  @Test
  @Requirement({"MO-4", "B1"})
  void aCallbackWithoutTheCookieIsRefusedAndTheOwnersStillWorks() {
    Trip trip = leave(invite());

    Response stranger = when().get(callback(trip, "code=the-code"));

    assertThat(stranger.statusCode()).isEqualTo(403);
    assertThat(heading(comeBack(trip, "code=the-code")))
        .isEqualTo("Thank you. Access has been granted.");
  }

  @Test
  @Requirement("B3")
  void aCallbackWithoutTheIssuerIsRefused() {
    Trip trip = leave(invite());

    Response response =
        given()
            .cookie(BrowserCookie.NAME, trip.cookie())
            .urlEncodingEnabled(false)
            .get("/callback/crm?code=c&state=" + trip.sent().get("state"));

    assertThat(response.statusCode()).isEqualTo(400);
  }

  @Test
  @Requirement("MO-4")
  void aCallbackThatNobodyAskedForIsRefused() {
    String state = new SecureRandomText().secret().reveal();

    assertThat(when().get("/callback/crm").statusCode()).isEqualTo(400);
    assertThat(when().get("/callback/crm?code=c").statusCode()).isEqualTo(400);
    assertThat(when().get("/callback/NOT-A-NAME?code=c&state=" + state).statusCode())
        .isEqualTo(400);
    assertThat(when().get("/callback/crm?code=c&state=" + state).statusCode()).isEqualTo(400);
  }

  @Test
  void aProbeOfTheCallbackSpendsNothing() {
    Trip trip = leave(invite());

    Response probe =
        given()
            .cookie(BrowserCookie.NAME, trip.cookie())
            .urlEncodingEnabled(false)
            .head(callback(trip, "code=the-code"));

    assertThat(probe.statusCode()).isEqualTo(405);
    assertThat(heading(comeBack(trip, "code=the-code")))
        .isEqualTo("Thank you. Access has been granted.");
  }

  @Test
  void aFormOfAnotherSiteStartsNothing() {
    Response response = browser().header("Sec-Fetch-Site", "cross-site").post(invite());

    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(response.header("Set-Cookie")).isNull();
  }

  @Test
  void aBrowserKeepsItsCookieUnlessItIsNotOneOfOurs() {
    String held = new SecureRandomText().secret().reveal();
    String path = invite();

    assertThat(browser().cookie(BrowserCookie.NAME, held).post(path).header("Set-Cookie"))
        .contains(held);
    assertThat(browser().cookie(BrowserCookie.NAME, "forged").post(path).header("Set-Cookie"))
        .doesNotContain("forged");
  }

  @Test
  void anUnknownLinkIsNotFoundAndAWithdrawnOneIsGone() {
    String path = invite(new ConnectionId("gone-crm"));
    run(() -> invitations.withdraw(new ConnectionId("gone-crm")));

    assertThat(when().get("/consent/unknown").statusCode()).isEqualTo(404);
    assertThat(when().get(path).statusCode()).isEqualTo(410);
    assertThat(browser().post(path).statusCode()).isEqualTo(410);
  }

  @Test
  void whileTheSafeIsDownTheOwnerIsAskedToComeBackLater() {
    String path = invite();
    safe.goDown();
    try {
      Response response = browser().post(path);

      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.header("Retry-After")).isEqualTo("60");
    } finally {
      safe.comeBack();
    }
  }

  @Test
  void aDefectOfOurOwnIsAPageWithoutDetails() {
    String path = invite();
    safe.breakDown();
    try {
      Response response = browser().post(path);

      assertThat(response.statusCode()).isEqualTo(500);
      assertThat(heading(response)).isEqualTo("Something went wrong on our side.");
      assertThat(response.asString()).doesNotContain("planted-message", "Exception");
    } finally {
      safe.comeBack();
    }
  }

  @Test
  void everyCallbackIsCountedByItsOutcome() {
    double before = counted("refused_state_missing");

    when().get("/callback/crm?code=c");

    assertThat(counted("refused_state_missing")).isEqualTo(before + 1);
    assertThat(counted("failed_no_refresh_token")).isZero();
  }

  private double counted(String outcome) {
    String series = "token_broker_consent_callbacks_total{outcome=\"" + outcome + "\"}";
    String exposition = when().get(metrics).asString();
    assertThat(exposition).contains(series);
    String rest = exposition.substring(exposition.indexOf(series) + series.length());
    return Double.parseDouble(rest.lines().findFirst().orElseThrow().strip());
  }

  private String invite() {
    return invite(SUBJECT.connection());
  }

  private String invite(ConnectionId connection) {
    ConsentSubject subject =
        new ConsentSubject(connection, SUBJECT.tenant(), SUBJECT.registration(), SUBJECT.scopes());
    Invitations.Outcome outcome = run(() -> invitations.invite(subject, Duration.ofHours(1)));
    return ((Invitations.Outcome.Invited) outcome).invitation().link().getPath();
  }

  private static <T> T run(Supplier<Uni<T>> work) {
    try {
      return VertxContextSupport.subscribeAndAwait(work::get);
    } catch (Throwable failure) {
      throw new AssertionError("a service failed", failure);
    }
  }

  /** As a current browser sends the form of our page. */
  private static RequestSpecification browser() {
    return given()
        .config(
            RestAssuredConfig.config()
                .redirect(RedirectConfig.redirectConfig().followRedirects(false)))
        .header("Origin", "null");
  }

  private static Trip leave(String path) {
    Response response = browser().header("Sec-Fetch-Site", "same-origin").post(path);
    URI sentTo = URI.create(response.header("Location"));
    return new Trip(path, response.cookie(BrowserCookie.NAME), Parameters.of(sentTo));
  }

  private static Response comeBack(Trip trip, String parameters) {
    return given()
        .cookie(BrowserCookie.NAME, trip.cookie())
        .urlEncodingEnabled(false)
        .get(callback(trip, parameters));
  }

  private static String callback(Trip trip, String parameters) {
    return "/callback/crm?"
        + parameters
        + "&state="
        + trip.sent().get("state")
        + "&iss=https%3A%2F%2Flogin.provider.example";
  }

  private static String heading(Response response) {
    return Jsoup.parse(response.asString()).select("h1").text();
  }

  private static String hashOfStyle(String html) throws Exception {
    String css = html.substring(html.indexOf("<style>") + 7, html.indexOf("</style>"));
    return Base64.getEncoder()
        .encodeToString(
            MessageDigest.getInstance("SHA-256").digest(css.getBytes(StandardCharsets.UTF_8)));
  }
}
