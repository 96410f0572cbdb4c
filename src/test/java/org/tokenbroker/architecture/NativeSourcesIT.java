package org.tokenbroker.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JacksonAnnotation;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Entity;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What the packaging hands to a native build: a type that Jackson or Hibernate instantiates and
 * that is missing here fails in the native executable only, often as an empty answer with status
 * 200.
 */
@Tag("house-rule")
class NativeSourcesIT {
  private static final Path BUILD = Path.of(System.getProperty("build.directory"));
  private static final Path CLASSES = BUILD.resolve("classes");

  private static Set<String> reflective = Set.of();
  private static List<Pattern> resources = List.of();

  @BeforeAll
  static void readWhatTheNativeBuildIsGiven() throws IOException {
    try (Stream<Path> files = Files.list(BUILD.resolve("native-sources"))) {
      Path jar =
          files.filter(file -> file.toString().endsWith("-runner.jar")).findFirst().orElseThrow();
      try (JarFile open = new JarFile(jar.toFile())) {
        reflective =
            elements(read(open, "reflect-config.json"))
                .filter(NativeSourcesIT::canBeInstantiatedAndRead)
                .map(type -> type.get("name").textValue())
                .collect(Collectors.toSet());
        resources =
            elements(read(open, "resource-config.json").at("/resources/includes"))
                .map(include -> Pattern.compile(include.get("pattern").textValue()))
                .toList();
      }
    }
  }

  @Test
  void whatIsMarkedForReflectionIsRegistered() throws IOException {
    assertRegistered(ours().filter(type -> type.isAnnotationPresent(RegisterForReflection.class)));
  }

  @Test
  void everyBodyOfTheApiIsRegisteredWithTheRecordsThatItHolds() throws IOException {
    assertRegistered(
        ours().filter(NativeSourcesIT::isBody).flatMap(NativeSourcesIT::withRecordsInside));
  }

  @Test
  void everyEntityIsRegistered() throws IOException {
    assertRegistered(
        ours()
            .filter(
                type ->
                    type.isAnnotationPresent(Entity.class)
                        || type.isAnnotationPresent(Embeddable.class)));
  }

  @Test
  void everyResourceOfTheBrokerIsInTheImage() throws IOException {
    Path root = Path.of("src", "main", "resources");
    try (Stream<Path> files = Files.walk(root)) {
      List<String> ours =
          files
              .filter(Files::isRegularFile)
              .map(file -> root.relativize(file).toString())
              .filter(name -> !name.equals("application.properties"))
              .toList();
      assertThat(ours)
          .isNotEmpty()
          .allSatisfy(name -> assertThat(included(name)).as(name).isTrue());
    }
  }

  private static void assertRegistered(Stream<Class<?>> types) {
    Set<String> names = types.map(Class::getName).collect(Collectors.toCollection(TreeSet::new));
    assertThat(names).isNotEmpty();
    assertThat(reflective)
        .as("classes that the native executable can read and create")
        .containsAll(names);
  }

  private static boolean included(String name) {
    return resources.stream().anyMatch(pattern -> pattern.matcher(name).matches());
  }

  /** A public record of an HTTP adapter, or one that tells Jackson how it is written. */
  private static boolean isBody(Class<?> type) {
    String adapter = type.getPackageName().substring(type.getPackageName().lastIndexOf('.') + 1);
    boolean ofAnAdapter =
        Set.of("rest", "oauth", "proxy").contains(adapter)
            && Modifier.isPublic(type.getModifiers());
    return type.isRecord()
        && (ofAnAdapter
            || isForJackson(type)
            || Arrays.stream(type.getRecordComponents()).anyMatch(NativeSourcesIT::isForJackson));
  }

  private static boolean isForJackson(RecordComponent component) {
    return isForJackson((AnnotatedElement) component.getAccessor());
  }

  private static boolean isForJackson(AnnotatedElement element) {
    return Arrays.stream(element.getAnnotations())
        .anyMatch(
            annotation -> annotation.annotationType().isAnnotationPresent(JacksonAnnotation.class));
  }

  private static Stream<Class<?>> withRecordsInside(Class<?> type) {
    Set<Class<?>> found = new LinkedHashSet<>();
    collect(type, found);
    return found.stream();
  }

  private static void collect(Type type, Set<Class<?>> found) {
    switch (type) {
      case ParameterizedType generic -> {
        collect(generic.getRawType(), found);
        Arrays.stream(generic.getActualTypeArguments())
            .forEach(argument -> collect(argument, found));
      }
      case WildcardType any ->
          Arrays.stream(any.getUpperBounds()).forEach(bound -> collect(bound, found));
      case Class<?> array when array.isArray() -> collect(array.getComponentType(), found);
      case Class<?> sealed when sealed.isSealed() && sealed.getName().startsWith(Chapters.BASE) ->
          Arrays.stream(sealed.getPermittedSubclasses())
              .forEach(permitted -> collect(permitted, found));
      case Class<?> ours when ours.isRecord() && ours.getName().startsWith(Chapters.BASE) -> {
        if (found.add(ours)) {
          Arrays.stream(ours.getRecordComponents())
              .forEach(component -> collect(component.getGenericType(), found));
        }
      }
      default -> {}
    }
  }

  /** The production classes; loaded, not initialised. */
  private static Stream<Class<?>> ours() throws IOException {
    try (Stream<Path> files = Files.walk(CLASSES)) {
      return files
          .filter(
              file -> file.toString().endsWith(".class") && !file.endsWith("package-info.class"))
          .map(file -> CLASSES.relativize(file).toString().replace(File.separatorChar, '.'))
          .<Class<?>>map(name -> load(name.substring(0, name.length() - ".class".length())))
          .toList()
          .stream();
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, NativeSourcesIT.class.getClassLoader());
    } catch (ClassNotFoundException missing) {
      throw new IllegalStateException(name + " is packaged and not on the class path", missing);
    }
  }

  private static boolean canBeInstantiatedAndRead(JsonNode type) {
    return type.path("allDeclaredConstructors").asBoolean()
        && type.path("allDeclaredMethods").asBoolean();
  }

  private static Stream<JsonNode> elements(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  private static JsonNode read(JarFile jar, String name) throws IOException {
    try (InputStream file = jar.getInputStream(jar.getEntry("META-INF/native-image/" + name))) {
      return new ObjectMapper().readTree(file);
    }
  }
}
