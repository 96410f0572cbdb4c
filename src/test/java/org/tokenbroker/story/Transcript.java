package org.tokenbroker.story;

import io.restassured.filter.Filter;
import io.restassured.filter.FilterContext;
import io.restassured.response.Response;
import io.restassured.specification.FilterableRequestSpecification;
import io.restassured.specification.FilterableResponseSpecification;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.tokenbroker.fixture.Browser.Page;

/** Every answer of the broker that a story saw. */
final class Transcript implements Filter {
  private final List<Said> said = new CopyOnWriteArrayList<>();

  /**
   * One answer.
   *
   * @param request method and path
   * @param text headers and body
   */
  record Said(String request, int status, String text) {}

  List<Said> everything() {
    return List.copyOf(said);
  }

  /** A page of the broker, as the browser shows it. */
  void page(Page page) {
    said.add(new Said("page " + root(page.uri()), page.status(), page.body()));
  }

  @Override
  public Response filter(
      FilterableRequestSpecification request,
      FilterableResponseSpecification expected,
      FilterContext context) {
    Response answer = context.next(request, expected);
    said.add(
        new Said(
            request.getMethod() + " " + URI.create(request.getURI()).getPath(),
            answer.statusCode(),
            answer.headers() + "\n" + answer.asString()));
    return answer;
  }

  /** Without what follows: that is a ticket. */
  private static String root(URI uri) {
    return uri.getPath().split("/", 3)[1];
  }
}
