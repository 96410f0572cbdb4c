package org.tokenbroker.docs;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The Javadoc of the broker's types, read from their sources in the order in which they stand
 * there.
 */
final class Sources {
  static final Path MAIN = Path.of("src", "main", "java");

  /**
   * A type as its author wrote it.
   *
   * @param binaryName as {@link Class#forName} takes it
   * @param methods Javadoc by method name; an undocumented method is not in it
   * @param methodOrder all methods
   * @param parameters meanings of a record's components by name
   */
  record Type(
      String binaryName,
      Optional<String> javadoc,
      Map<String, String> methods,
      List<String> methodOrder,
      Map<String, String> parameters) {}

  private Sources() {}

  static List<Type> types(Path root) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
        Stream<Path> paths = Files.walk(root)) {
      List<Path> sources =
          paths.filter(path -> path.toString().endsWith(".java")).sorted().toList();
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  files,
                  null,
                  List.of("-proc:none"),
                  null,
                  files.getJavaFileObjectsFromPaths(sources));
      Collector collector = new Collector(DocTrees.instance(task));
      for (CompilationUnitTree unit : task.parse()) {
        collector.scan(unit, null);
      }
      return List.copyOf(collector.types.values());
    }
  }

  private static final class Collector extends TreePathScanner<Void, Void> {
    private final DocTrees docs;
    private final Map<String, Type> types = new LinkedHashMap<>();

    Collector(DocTrees docs) {
      this.docs = docs;
    }

    @Override
    public Void visitClass(ClassTree tree, Void none) {
      if (!tree.getSimpleName().isEmpty()) {
        Type type = type(tree);
        types.put(type.binaryName(), type);
      }
      return super.visitClass(tree, none);
    }

    private Type type(ClassTree tree) {
      Map<String, String> methods = new LinkedHashMap<>();
      List<String> order =
          tree.getMembers().stream()
              .filter(MethodTree.class::isInstance)
              .map(member -> ((MethodTree) member).getName().toString())
              .toList();
      for (Tree member : tree.getMembers()) {
        if (member instanceof MethodTree method) {
          javadoc(new TreePath(getCurrentPath(), method))
              .ifPresent(text -> methods.put(method.getName().toString(), text));
        }
      }
      return new Type(
          binaryName(tree),
          javadoc(getCurrentPath()),
          methods,
          order,
          parameters(getCurrentPath()));
    }

    private Map<String, String> parameters(TreePath path) {
      Map<String, String> parameters = new LinkedHashMap<>();
      Optional.ofNullable(docs.getDocCommentTree(path)).stream()
          .flatMap(comment -> comment.getBlockTags().stream())
          .filter(ParamTree.class::isInstance)
          .map(ParamTree.class::cast)
          .forEach(
              tag ->
                  parameters.put(
                      tag.getName().getName().toString(), JavadocText.of(tag.getDescription())));
      return parameters;
    }

    private Optional<String> javadoc(TreePath path) {
      DocCommentTree comment = docs.getDocCommentTree(path);
      return Optional.ofNullable(comment).map(JavadocText::of).filter(text -> !text.isBlank());
    }

    private String binaryName(ClassTree tree) {
      StringBuilder name = new StringBuilder(tree.getSimpleName());
      for (TreePath path = getCurrentPath().getParentPath();
          path != null;
          path = path.getParentPath()) {
        if (path.getLeaf() instanceof ClassTree enclosing) {
          name.insert(0, enclosing.getSimpleName() + "$");
        }
      }
      return getCurrentPath().getCompilationUnit().getPackageName() + "." + name;
    }
  }
}
