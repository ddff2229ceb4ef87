package io.parley.loadtest.measure;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What came of a run; [ResultJson] keeps it.
///
/// @param name the profile's
/// @param profile the profile's text, as it was in force
/// @param stretches by [Stretch#key]; what was never timed is absent
/// @param ledger what the oracle found, a line for each promise
/// @param thresholds in the profile's order
/// @param versions of Parley, Postgres, Java and the harness, by name
public record RunResult(
    String name,
    String profile,
    long seed,
    Instant began,
    Duration lasted,
    Validity validity,
    SortedMap<String, Distribution> stretches,
    Series series,
    List<FaultWindow> faults,
    List<Kept> ledger,
    List<Judged> thresholds,
    Machine machine,
    SortedMap<String, String> versions) {

  public RunResult {
    stretches = new TreeMap<>(stretches);
    faults = List.copyOf(faults);
    ledger = List.copyOf(ledger);
    thresholds = List.copyOf(thresholds);
    versions = new TreeMap<>(versions);
  }

  /// What it comes to, and the exit status that says so.
  public enum Verdict {
    PASSED(0),
    FAILED(1),
    INVALID(3);

    private final int exitStatus;

    Verdict(int exitStatus) {
      this.exitStatus = exitStatus;
    }

    public int exitStatus() {
      return exitStatus;
    }
  }

  /// A broken promise is one whoever was the limit; a threshold needs a valid run, to which
  /// somebody came.
  public Verdict verdict() {
    if (!promisesKept()) {
      return Verdict.FAILED;
    }
    if (!validity.isValid() || series.offered() == 0) {
      return Verdict.INVALID;
    }
    return thresholds.stream().allMatch(Judged::kept) ? Verdict.PASSED : Verdict.FAILED;
  }

  /// The times of a stretch; absent where it was never timed.
  public Optional<Distribution> timed(Stretch stretch) {
    return Optional.ofNullable(stretches.get(stretch.key()));
  }

  public boolean promisesKept() {
    return ledger.stream().allMatch(line -> line.brokenInAll() == 0);
  }

  public RunResult withThresholds(List<Judged> judged) {
    return new RunResult(
        name, profile, seed, began, lasted, validity, stretches, series, faults, ledger, judged,
        machine, versions);
  }
}
