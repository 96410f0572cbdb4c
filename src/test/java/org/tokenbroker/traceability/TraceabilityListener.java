package org.tokenbroker.traceability;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedElement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.tokenbroker.fixture.Requirement;

/**
 * Records each test that carries {@link Requirement}, and how it ended, into a file per run, and
 * brings the report up to date, so that it also stands after a build that failed.
 *
 * <p>JUnit finds it by {@code ServiceLoader} in every test JVM, of Surefire and of Failsafe. It is
 * silent where the system property {@value #DIRECTORY} is not set, as in an editor. Annotations are
 * read from the classes of this listener's own loader: Quarkus runs tests in another one.
 */
public final class TraceabilityListener implements TestExecutionListener {
  static final String DIRECTORY = "traceability.directory";

  private final Optional<Path> directory;
  private final Map<MethodSource, Boolean> passed = new ConcurrentHashMap<>();
  private @Nullable TestPlan plan;

  public TraceabilityListener() {
    this(Optional.ofNullable(System.getProperty(DIRECTORY)).map(Path::of));
  }

  TraceabilityListener(Optional<Path> directory) {
    this.directory = directory;
  }

  @Override
  public void testPlanExecutionStarted(TestPlan started) {
    passed.clear();
    plan = started;
  }

  @Override
  public void executionFinished(TestIdentifier finished, TestExecutionResult result) {
    boolean succeeded = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
    if (finished.isTest()) {
      record(finished, succeeded);
    } else if (!succeeded) {
      recordBelow(finished, false);
    }
  }

  @Override
  public void executionSkipped(TestIdentifier skipped, String reason) {
    record(skipped, false);
    recordBelow(skipped, false);
  }

  @Override
  public void testPlanExecutionFinished(TestPlan finished) {
    if (directory.isEmpty()) {
      return;
    }
    List<String> lines = records().map(TestRecord::line).sorted().toList();
    try {
      Path records = Files.createDirectories(directory.get());
      if (!lines.isEmpty()) {
        Files.write(records.resolve(UUID.randomUUID() + ".tsv"), lines);
      }
      TraceabilityReport.of(records).write();
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  /** A container that failed before or after its tests takes them all with it. */
  private void recordBelow(TestIdentifier container, boolean succeeded) {
    record(container, succeeded);
    if (plan != null) {
      plan.getDescendants(container).forEach(below -> record(below, succeeded));
    }
  }

  private void record(TestIdentifier identifier, boolean succeeded) {
    identifier
        .getSource()
        .flatMap(TraceabilityListener::asMethod)
        .ifPresent(method -> passed.merge(method, succeeded, Boolean::logicalAnd));
  }

  private Stream<TestRecord> records() {
    return passed.entrySet().stream()
        .map(
            entry ->
                new TestRecord(
                    entry.getKey().getClassName() + "#" + entry.getKey().getMethodName(),
                    entry.getValue(),
                    requirementsOf(entry.getKey())))
        .filter(test -> !test.requirements().isEmpty());
  }

  private static Optional<MethodSource> asMethod(TestSource source) {
    return source instanceof MethodSource method ? Optional.of(method) : Optional.empty();
  }

  /**
   * Those of the method, and of its class with the classes that it extends, implements or lies in.
   */
  private static Set<String> requirementsOf(MethodSource source) {
    Set<String> requirements = new LinkedHashSet<>();
    for (Class<?> type : related(load(source.getClassName()))) {
      requirements.addAll(requirementsOn(type));
      Arrays.stream(type.getDeclaredMethods())
          .filter(method -> method.getName().equals(source.getMethodName()))
          .forEach(method -> requirements.addAll(requirementsOn(method)));
    }
    return requirements;
  }

  private static Set<Class<?>> related(Class<?> type) {
    Set<Class<?>> related = new LinkedHashSet<>();
    Stream.concat(
            Stream.of(type),
            Stream.concat(
                    Stream.ofNullable(type.getSuperclass()),
                    Stream.concat(
                        Arrays.stream(type.getInterfaces()),
                        Stream.ofNullable(type.getEnclosingClass())))
                .flatMap(next -> related(next).stream()))
        .forEach(related::add);
    return related;
  }

  private static List<String> requirementsOn(AnnotatedElement element) {
    Requirement requirement = element.getAnnotation(Requirement.class);
    return requirement == null ? List.of() : List.of(requirement.value());
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, TraceabilityListener.class.getClassLoader());
    } catch (ClassNotFoundException missing) {
      throw new IllegalStateException(
          "the test class " + name + " is not on the class path", missing);
    }
  }
}
