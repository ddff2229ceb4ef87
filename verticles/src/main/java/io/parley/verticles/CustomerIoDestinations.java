package io.parley.verticles;

import io.parley.customerio.OptOutPreferences;
import io.parley.customerio.SenderOptOuts;
import io.parley.customerio.TrackBatch;
import io.parley.edge.OutcomeSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// The destinations that settings configure: Customer.io, and the ways by which opt-outs are
/// carried out there. Others are in the destinations file.
final class CustomerIoDestinations {

  private CustomerIoDestinations() {}

  static List<Destination> of(Optional<Settings.CustomerIo> tracking, OptOutSettings optOuts) {
    List<Destination> destinations = new ArrayList<>();
    optOuts
        .api()
        .filter(_ -> optOuts.lists())
        .ifPresent(api -> destinations.add(destination(new SenderOptOuts(api), optOuts.pace())));
    tracking.ifPresent(
        it -> {
          TrackBatch track = new TrackBatch(it.trackUrl(), it.key());
          destinations.add(destination(track, it.pace()));
          if (!optOuts.attributes().isEmpty()) {
            destinations.add(
                destination(new OptOutPreferences(optOuts.attributes(), track), it.pace()));
          }
        });
    return destinations;
  }

  private static Destination destination(OutcomeSink sink, SinkCourier.Pace pace) {
    return new Destination(
        sink,
        TrackBatch.DESTINATION,
        Optional.empty(),
        pace,
        false,
        "",
        UnaryOperator.identity(),
        false,
        Optional.empty());
  }
}
