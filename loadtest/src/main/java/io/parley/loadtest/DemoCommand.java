package io.parley.loadtest;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `demo`: the main job, played from trigger to outcome.
@Command(
    name = "demo",
    description =
        "Runs Parley with stand-ins for Twilio and Customer.io, plays four customers, and checks"
            + " what Customer.io was told.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {

  @Option(
      names = "--jar",
      defaultValue = "verticles/target/parley.jar",
      description = "Parley's jar (default: ${DEFAULT-VALUE})")
  private Path jar = Path.of("");

  @Option(
      names = "--stay",
      arity = "0..1",
      fallbackValue = "true",
      description = "leave everything running afterwards, until it is interrupted")
  private boolean stay;

  @Override
  public Integer call() throws Exception {
    Demo demo = Demo.start(jar);
    Thread onInterrupt = new Thread(() -> end(demo), "demo-end");
    Runtime.getRuntime().addShutdownHook(onInterrupt);
    boolean asExpected = demo.play();
    if (stay) {
      demo.stay();
    }
    return asExpected ? 0 : 1; // What was started ends with this process.
  }

  private static void end(Demo demo) {
    try {
      demo.end();
    } catch (Exception e) {
      System.err.println("the demo did not end cleanly: " + e);
    }
  }
}
