package io.parley.verticles;

import io.parley.codec.FlowDocument;
import io.parley.verticles.Asked.Given;
import io.parley.workbench.SidBook;
import io.parley.workbench.SidTranslation;
import io.parley.workbench.SidTranslation.Translated;
import java.util.Optional;

/// A Studio API, and the sids that mean there what others mean in the flow files.
///
/// @param name empty text where a URL was named, and nothing is known of sids
record RemoteEnvironment(String name, SidBook book, RemoteStudio client) implements AutoCloseable {

  private static final String FLOW_SID = "FW[0-9a-fA-F]{32}";

  /// What it is called in what is printed about it.
  String place() {
    return name.isEmpty() ? "there" : name;
  }

  /// The sid of a flow: itself, or what the sids file says, or that of the one flow with this
  /// friendly name. Empty where there is none.
  Asked<Optional<String>> find(String flow) {
    Optional<String> known = flow.matches(FLOW_SID) ? Optional.of(flow) : book.sid(flow, name);
    if (known.isPresent()) {
      return new Given<>(known);
    }
    return client
        .named(flow)
        .then(
            sids ->
                sids.size() > 1
                    ? Asked.refused(
                        "%s flows are called %s: %s"
                            .formatted(sids.size(), flow, String.join(", ", sids)),
                        "Name one of them by --flow, or in the sids file.")
                    : new Given<>(sids.stream().findFirst()));
  }

  /// The sid of a flow that must be there.
  Asked<String> findOne(String flow) {
    return find(flow)
        .then(
            sid ->
                sid.<Asked<String>>map(Given::new)
                    .orElseGet(
                        () ->
                            Asked.refused(
                                "no flow is called " + flow,
                                "Name it by --flow, by its sid or its friendly name.")));
  }

  /// A flow file, as it is there.
  Translated outgoing(FlowDocument document, SidBook sids) {
    return SidTranslation.translate(document, sids, sids.home(), name);
  }

  /// A flow from there, as it is in a file.
  Translated incoming(FlowDocument document) {
    return SidTranslation.translate(document, book, name, book.home());
  }

  @Override
  public void close() {
    client.close();
  }
}
