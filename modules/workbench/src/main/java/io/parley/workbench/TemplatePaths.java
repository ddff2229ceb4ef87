package io.parley.workbench;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The names that a template reads, found without rendering it.
///
/// @param paths below Studio's namespaces, in the order of reading: `[widgets, ask, inbound, Body]`
/// @param heads the first names of outputs, whatever they are: `flow`, `name`
/// @param locals the names that the template sets itself
record TemplatePaths(List<List<String>> paths, Set<String> heads, Set<String> locals) {

  private static final Pattern TAG = Pattern.compile("\\{\\{.*?}}|\\{%.*?%}", Pattern.DOTALL);
  private static final String STEP =
      "\\s*+\\.\\s*+[\\w-]++|\\[\\s*+(?:\\d++|\"[^\"]*+\"|'[^']*+')\\s*+]";
  private static final Pattern PATH =
      Pattern.compile(
          "(?<![\\w.'\"-])(flow|trigger|contact|widgets)((?:" + STEP + ")*+)(?![\\w'\"(:])");
  private static final Pattern EACH_STEP = Pattern.compile("[\\w-]+|\"[^\"]*\"|'[^']*'");
  private static final Pattern HEAD = Pattern.compile("\\{\\{-?\\s*+([A-Za-z_][\\w-]*+)");
  private static final Pattern LOCAL =
      Pattern.compile(
          "\\{%-?\\s*+(?:assign|capture|increment|decrement|for|tablerow)\\s++([\\w-]++)");

  TemplatePaths {
    paths = List.copyOf(paths);
  }

  static TemplatePaths of(String template) {
    List<List<String>> paths = new ArrayList<>();
    Set<String> heads = new LinkedHashSet<>();
    Set<String> locals = new LinkedHashSet<>();
    Matcher tags = TAG.matcher(template);
    while (tags.find()) {
      Matcher path = PATH.matcher(tags.group());
      while (path.find()) {
        paths.add(path(path.group(1), path.group(2)));
      }
      Matcher head = HEAD.matcher(tags.group());
      if (head.lookingAt()) {
        heads.add(head.group(1));
      }
      Matcher local = LOCAL.matcher(tags.group());
      if (local.lookingAt()) {
        locals.add(local.group(1));
      }
    }
    return new TemplatePaths(paths, heads, locals);
  }

  private static List<String> path(String root, String steps) {
    List<String> path = new ArrayList<>(List.of(root));
    Matcher step = EACH_STEP.matcher(steps);
    while (step.find()) {
      String name = step.group();
      boolean quoted = name.startsWith("\"") || name.startsWith("'");
      path.add(quoted ? name.substring(1, name.length() - 1) : name);
    }
    return List.copyOf(path);
  }
}
