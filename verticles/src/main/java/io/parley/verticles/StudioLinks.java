package io.parley.verticles;

import io.parley.engine.ExecutionId;
import io.parley.engine.FlowSid;
import java.net.URI;
import java.util.Optional;

/// The addresses of Studio's resources, as bodies name them.
///
/// @param base where the service is reached, without a slash at its end
/// @param accountSid the account whose resources they are, where one is configured
record StudioLinks(String base, Optional<String> accountSid) {

  static StudioLinks of(URI publicUrl, Optional<String> accountSid) {
    return new StudioLinks(publicUrl.toString().replaceFirst("/+$", ""), accountSid);
  }

  String flows() {
    return base + "/v2/Flows";
  }

  String flow(FlowSid sid) {
    return flows() + "/" + sid;
  }

  String execution(FlowSid flow, ExecutionId execution) {
    return flow(flow) + "/Executions/" + execution;
  }

  /// Where a number's webhook points, so that replies start the flow.
  Optional<String> webhook(FlowSid sid) {
    return accountSid.map(account -> base + "/v1/Accounts/" + account + "/Flows/" + sid);
  }
}
