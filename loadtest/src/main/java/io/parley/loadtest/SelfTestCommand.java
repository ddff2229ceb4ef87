package io.parley.loadtest;

import io.parley.loadtest.oracle.SelfTest;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `selftest`: tries the judge of runs.
@Command(
    name = "selftest",
    description =
        "Plants each violation into a run in which every promise was kept, and shows that it is"
            + " caught. Takes a second, and needs nothing beside it.",
    mixinStandardHelpOptions = true)
final class SelfTestCommand implements Callable<Integer> {

  @Option(names = "--traces", description = "print what the judge says of each, traces included")
  private boolean traces;

  @Override
  public Integer call() throws Exception {
    List<SelfTest.Result> results = SelfTest.all();
    for (SelfTest.Result result : results) {
      System.out.println(result);
      if (traces) {
        result.judgement().objections().forEach(System.out::println);
      }
    }
    long missed = results.stream().filter(result -> !result.caught()).count();
    System.out.printf("%d planted, %d caught%n", results.size(), results.size() - missed);
    return missed == 0 ? 0 : 1;
  }
}
