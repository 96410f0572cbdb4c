package org.tokenbroker.docs;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.EndElementTree;
import com.sun.source.doctree.EntityTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.StartElementTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.util.SimpleDocTreeVisitor;
import java.util.List;

/**
 * The description of a Javadoc comment as Markdown; paragraphs become {@code <br>}, so that it fits
 * a table cell.
 */
final class JavadocText extends SimpleDocTreeVisitor<String, Void> {

  private JavadocText() {}

  static String of(DocCommentTree comment) {
    return new JavadocText().all(comment.getFullBody());
  }

  static String of(List<? extends DocTree> parts) {
    return new JavadocText().all(parts);
  }

  private String all(List<? extends DocTree> parts) {
    StringBuilder text = new StringBuilder();
    parts.forEach(part -> text.append(visit(part, null)));
    return text.toString().replaceAll("\\s+", " ").replaceAll(" ?(<br>) ?", "$1").strip();
  }

  @Override
  public String visitText(TextTree text, Void none) {
    return text.getBody().replace("|", "\\|");
  }

  @Override
  public String visitLiteral(LiteralTree literal, Void none) {
    String body = literal.getBody().getBody().strip();
    return literal.getKind() == DocTree.Kind.CODE ? "`" + body.replace("|", "\\|") + "`" : body;
  }

  @Override
  public String visitLink(LinkTree link, Void none) {
    return link.getLabel().isEmpty() ? "`" + link.getReference() + "`" : all(link.getLabel());
  }

  @Override
  public String visitEntity(EntityTree entity, Void none) {
    return "&" + entity.getName() + ";";
  }

  @Override
  public String visitStartElement(StartElementTree element, Void none) {
    return switch (element.getName().toString()) {
      case "p" -> "<br>";
      case "li" -> "<br>• ";
      case "em", "i" -> "*";
      case "strong", "b" -> "**";
      case "code" -> "`";
      case "ul", "ol" -> "";
      default -> throw unknown(element);
    };
  }

  @Override
  public String visitEndElement(EndElementTree element, Void none) {
    return switch (element.getName().toString()) {
      case "em", "i" -> "*";
      case "strong", "b" -> "**";
      case "code" -> "`";
      default -> "";
    };
  }

  @Override
  protected String defaultAction(DocTree part, Void none) {
    throw unknown(part);
  }

  private static IllegalArgumentException unknown(DocTree part) {
    return new IllegalArgumentException("no Markdown is defined for the Javadoc part " + part);
  }
}
