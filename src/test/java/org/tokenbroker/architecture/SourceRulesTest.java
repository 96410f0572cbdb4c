package org.tokenbroker.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CaseTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.DefaultCaseLabelTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.Modifier;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.Requirement;

/** House rules that bytecode does not show. */
@Tag("house-rule")
class SourceRulesTest {
  private static final Path MAIN = Path.of("src", "main", "java");

  private static Findings findings = new Findings();

  @BeforeAll
  static void readTheSources() throws IOException {
    findings = Findings.in(javaFiles(MAIN));
  }

  /** A new member of the set must stop the compiler wherever the set is told apart. */
  @Test
  void aClosedSetIsToldApartWithoutDefault() {
    assertThat(findings.switchesOverClosedSets).isPositive();
    assertThat(findings.needlessDefaults).isEmpty();
  }

  /**
   * Units, ranges and failures are not in a name. A nested type is explained by the one around it.
   */
  @Test
  void publicTypesTellTheirContract() {
    assertThat(findings.publicTypes).isPositive();
    assertThat(findings.undocumented).isEmpty();
  }

  @Test
  void nothingIsLeftForLater() throws IOException {
    List<String> left = new ArrayList<>();
    for (Path file : javaFiles(Path.of("src"))) {
      Files.readAllLines(file).stream()
          .filter(line -> line.matches(".*\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b.*"))
          .forEach(line -> left.add(file + ": " + line.strip()));
    }
    assertThat(left).isEmpty();
  }

  /** What a provider needs is data; its name in code would be the first step to the contrary. */
  @Test
  @Requirement("X-5")
  void noCodeNamesAProviderOfTheCatalogue() throws IOException {
    Pattern names =
        Pattern.compile(
            "my.?organizer|b2c|vlaanderen|booking.?experts|mijn.?klant.?portaal",
            Pattern.CASE_INSENSITIVE);
    List<String> named = new ArrayList<>();
    for (Path root : List.of(MAIN, Path.of("src", "sandbox", "java"))) {
      for (Path file : javaFiles(root)) {
        Files.readAllLines(file).stream()
            .filter(line -> names.matcher(line).find())
            .forEach(line -> named.add(file + ": " + line.strip()));
      }
    }
    assertThat(named).isEmpty();
  }

  private static List<Path> javaFiles(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }

  private static final class Findings extends TreePathScanner<Void, DocTrees> {
    private final List<String> needlessDefaults = new ArrayList<>();
    private final List<String> undocumented = new ArrayList<>();
    private int switchesOverClosedSets;
    private int publicTypes;

    static Findings in(List<Path> sources) throws IOException {
      JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
      List<String> options =
          List.of(
              "-proc:none", "-classpath", System.getProperty("java.class.path"), "--release", "21");
      Findings findings = new Findings();
      try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
        JavacTask task =
            (JavacTask)
                compiler.getTask(
                    null, files, null, options, null, files.getJavaFileObjectsFromPaths(sources));
        List<CompilationUnitTree> units = new ArrayList<>();
        task.parse().forEach(units::add);
        task.analyze();
        DocTrees trees = DocTrees.instance(task);
        units.forEach(unit -> findings.scan(unit, trees));
      }
      return findings;
    }

    @Override
    public Void visitClass(ClassTree type, DocTrees trees) {
      boolean topLevel = getCurrentPath().getParentPath().getLeaf() instanceof CompilationUnitTree;
      if (topLevel && type.getModifiers().getFlags().contains(Modifier.PUBLIC)) {
        publicTypes++;
        if (trees.getDocComment(getCurrentPath()) == null) {
          undocumented.add(place(type, trees));
        }
      }
      return super.visitClass(type, trees);
    }

    @Override
    public Void visitSwitch(SwitchTree decision, DocTrees trees) {
      judge(decision, decision.getExpression(), decision.getCases(), trees);
      return super.visitSwitch(decision, trees);
    }

    @Override
    public Void visitSwitchExpression(SwitchExpressionTree decision, DocTrees trees) {
      judge(decision, decision.getExpression(), decision.getCases(), trees);
      return super.visitSwitchExpression(decision, trees);
    }

    private void judge(
        Tree decision, ExpressionTree selector, List<? extends CaseTree> cases, DocTrees trees) {
      if (!isClosed(trees.getTypeMirror(new TreePath(getCurrentPath(), selector)))) {
        return;
      }
      switchesOverClosedSets++;
      boolean hasDefault =
          cases.stream()
              .flatMap(branch -> branch.getLabels().stream())
              .anyMatch(DefaultCaseLabelTree.class::isInstance);
      if (hasDefault) {
        needlessDefaults.add(place(decision, trees));
      }
    }

    private static boolean isClosed(TypeMirror selector) {
      if (!(selector instanceof DeclaredType declared)) {
        return false;
      }
      Element type = declared.asElement();
      return type.getKind() == ElementKind.ENUM || type.getModifiers().contains(Modifier.SEALED);
    }

    private String place(Tree tree, DocTrees trees) {
      CompilationUnitTree unit = getCurrentPath().getCompilationUnit();
      long start = trees.getSourcePositions().getStartPosition(unit, tree);
      return unit.getSourceFile().getName() + ":" + unit.getLineMap().getLineNumber(start);
    }
  }
}
