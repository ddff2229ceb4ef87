package io.parley.intents;

import io.parley.intents.encoding.SentenceEncoder;
import io.parley.intents.evaluation.Evaluation;
import io.parley.intents.evaluation.LabelledLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// Prints what the bundled tagger scores on files of labelled replies, one row a file and never a
/// line of them, so that a blind exam stays blind however often it is sat: `mvn -Pexam test -pl
/// modules/intents -am -Dtest=NONE -Dsurefire.failIfNoSpecifiedTests=false
/// -Dexams=/folder/one.tsv,/folder/two.tsv`.
final class ExamReport {

  private ExamReport() {}

  public static void main(String[] arguments) throws IOException {
    String[] files = String.join(",", arguments).split(",", -1);
    try (SentenceEncoder encoder = SentenceEncoder.load()) {
      ReplyTagger tagger = ReplyTagger.retail(encoder);
      System.out.printf("%s%n", tagger.version());
      System.out.printf(
          "%-28s %5s %6s %6s %6s %6s %6s %6s | %s%n",
          "file",
          "lines",
          "acc",
          "exact",
          "macro",
          "micro",
          "auroc",
          "calib",
          "opt-outs: obeyed + asked of all; others: silenced, asked of all");
      for (String file : files) {
        LabelledLine.File exam = LabelledLine.File.of(Files.readString(Path.of(file)));
        exam.problems().forEach(System.out::println);
        System.out.println(row(Path.of(file), Evaluation.of(tagger, exam.lines()), exam));
      }
    }
  }

  private static String row(Path file, Evaluation of, LabelledLine.File exam) {
    Evaluation.OptOut optOut = of.optOut();
    return String.format(
        Locale.ROOT,
        "%-28s %5d %6.1f %6.1f %6.3f %6.3f %6.3f %6.3f | %d + %d of %d (%.1f %%); %d, %d of %d",
        file.getFileName(),
        exam.lines().size(),
        100 * of.accuracy(),
        100 * of.exactMatch(),
        of.macroF1(),
        of.microF1(),
        of.outOfScopeAuroc(),
        of.calibrationError(),
        optOut.suppressed(),
        optOut.asked(),
        optOut.there(),
        100 * optOut.recall(),
        optOut.falseSuppressions(),
        optOut.falseQuestions(),
        optOut.others());
  }
}
