package org.tokenbroker.platform.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Which methods each path knows, for the {@code Allow} header of a 405 (RFC 9110 §15.5.6); read
 * from the OpenAPI document that the build derives from the routes.
 */
@Startup
@ApplicationScoped
public class AllowedMethods {
  private static final String DOCUMENT = "META-INF/quarkus-generated-openapi-doc.JSON";
  private static final Pattern VARIABLE = Pattern.compile("\\{[^/}]+}");
  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "patch", "head", "options");

  private final Map<Pattern, String> methods;

  AllowedMethods(ObjectMapper json) {
    this.methods = read(json);
  }

  /**
   * @param path of a request
   * @return methods in the form of the header; empty for a path that is not documented
   */
  public Optional<String> at(String path) {
    return methods.entrySet().stream()
        .filter(each -> each.getKey().matcher(path).matches())
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private static Map<Pattern, String> read(ObjectMapper json) {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    try (InputStream document = loader.getResourceAsStream(DOCUMENT)) {
      if (document == null) {
        throw new IllegalStateException("the application lacks " + DOCUMENT);
      }
      Map<Pattern, String> methods = new LinkedHashMap<>();
      json.readTree(document)
          .path("paths")
          .fields()
          .forEachRemaining(
              path -> methods.put(pattern(path.getKey()), methodsOf(path.getValue())));
      return methods;
    } catch (IOException unreadable) {
      throw new UncheckedIOException("cannot read " + DOCUMENT, unreadable);
    }
  }

  private static Pattern pattern(String path) {
    return Pattern.compile(VARIABLE.matcher(path).replaceAll("[^/]+"));
  }

  private static String methodsOf(JsonNode path) {
    Set<String> known = new TreeSet<>();
    path.fieldNames()
        .forEachRemaining(
            name -> {
              if (METHODS.contains(name)) {
                known.add(name.toUpperCase(Locale.ROOT));
              }
            });
    return String.join(", ", known);
  }
}
