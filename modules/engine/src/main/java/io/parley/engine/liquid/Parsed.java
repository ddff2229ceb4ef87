package io.parley.engine.liquid;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import liqp.Template;
import liqp.TemplateContext;
import liqp.nodes.LNode;
import liqp.parser.v4.NodeVisitor;

/// A template that was parsed, or the reason why it can not be.
sealed interface Parsed {

  Rendered render(Map<String, Object> scope, Instant now);

  /// Why it can not be rendered; empty where it can.
  Optional<String> problem();

  static Parsed of(String source) {
    if (source.length() > Studio.MAX_TEMPLATE) {
      return new Broken("the template is longer than " + Studio.MAX_TEMPLATE + " characters");
    }
    try {
      return new Sound(source, new ConcurrentLinkedQueue<>(List.of(Sound.parse(source))));
    } catch (RuntimeException | StackOverflowError e) {
      // Whatever is wrong with a template, the library says so with some RuntimeException.
      return new Broken(sentence(e));
    }
  }

  private static String sentence(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getMessage() == null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message = cause.getMessage() == null ? "it is nested too deep" : cause.getMessage();
    String line = message.lines().findFirst().orElse("").strip();
    return line.substring(0, Math.min(line.length(), 200));
  }

  record Broken(String reason) implements Parsed {

    @Override
    public Rendered render(Map<String, Object> scope, Instant now) {
      return Rendered.broken("Liquid template could not be parsed: " + reason);
    }

    @Override
    public Optional<String> problem() {
      return Optional.of(reason);
    }
  }

  /// @param trees the template's trees that nobody renders just now. The library's trees hold state
  ///     while they render ([liqp.nodes.LookupNode.Index]), and its [Template] holds the last
  ///     context, so that two threads would see each other's conversations: a tree is taken out
  ///     while it is in use, and there are as many as were ever used at once.
  record Sound(String source, Queue<LNode> trees) implements Parsed {

    static LNode parse(String source) {
      Template template = Studio.PARSER.parse(HyphenatedNames.setApart(source));
      return new NodeVisitor(
              Studio.PARSER.insertions, Studio.PARSER.filters, Studio.PARSER.liquidStyleInclude)
          .visit(template.getParseTree());
    }

    @Override
    public Rendered render(Map<String, Object> scope, Instant now) {
      LNode free = trees.poll();
      LNode tree = free == null ? parse(source) : free;
      try {
        TemplateContext context = new TemplateContext(Studio.PARSER, scope);
        Studio.setNow(context, now);
        return Rendered.of(String.valueOf(tree.render(context)));
      } catch (RuntimeException | StackOverflowError e) {
        return Rendered.broken("Liquid template could not be rendered: " + sentence(e));
      } finally {
        trees.add(tree);
      }
    }

    @Override
    public Optional<String> problem() {
      return Optional.empty();
    }
  }
}
