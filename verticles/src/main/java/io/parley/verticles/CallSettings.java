package io.parley.verticles;

import io.parley.calls.AddressGuard;
import io.parley.calls.Breaker;
import io.parley.calls.CallRules;
import io.parley.calls.FunctionPlaces;
import io.parley.calls.HostPattern;
import io.parley.calls.Timeouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads what configuration says of calls to other systems.
final class CallSettings {

  private CallSettings() {}

  static CallRules read(SettingsReader reader) {
    return new CallRules(
        new Timeouts(reader.duration(SettingName.CALL_TIMEOUT), timeouts(reader)),
        guard(reader),
        functions(reader),
        repeatable(reader),
        (int) reader.whole(SettingName.CALLS_PER_HOST, 1, 200),
        new Breaker.Habit(
            (int) reader.whole(SettingName.CALLS_BREAK_AFTER, 1, 1_000_000),
            reader.duration(SettingName.CALLS_BREAK_FOR)));
  }

  private static Map<HostPattern, Duration> timeouts(SettingsReader reader) {
    Map<HostPattern, Duration> timeouts = new LinkedHashMap<>();
    for (String pair : reader.list(SettingName.CALL_TIMEOUTS)) {
      int equals = pair.indexOf('=');
      Optional<HostPattern> host = HostPattern.parse(pair.substring(0, Math.max(0, equals)));
      Optional<Duration> timeout = SettingsReader.duration(pair.substring(equals + 1));
      if (host.isPresent() && timeout.isPresent()) {
        timeouts.put(host.get(), timeout.get());
      } else {
        reader.refuse(SettingName.CALL_TIMEOUTS, pair, "a host and a duration: api.example.com=3s");
      }
    }
    return timeouts;
  }

  private static AddressGuard guard(SettingsReader reader) {
    AddressGuard guard = AddressGuard.STRICT;
    for (String entry : reader.list(SettingName.CALLS_ALLOWED_PRIVATE)) {
      Optional<AddressGuard> wider = guard.allowing(entry);
      if (wider.isEmpty()) {
        reader.refuse(
            SettingName.CALLS_ALLOWED_PRIVATE, entry, "a host, an address or a CIDR: 10.1.0.0/16");
      }
      guard = wider.orElse(guard);
    }
    return guard;
  }

  private static List<HostPattern> repeatable(SettingsReader reader) {
    List<HostPattern> hosts = new ArrayList<>();
    for (String entry : reader.list(SettingName.CALLS_REPEAT)) {
      HostPattern.parse(entry)
          .ifPresentOrElse(
              hosts::add, () -> reader.refuse(SettingName.CALLS_REPEAT, entry, "a host"));
    }
    return hosts;
  }

  private static FunctionPlaces functions(SettingsReader reader) {
    FunctionPlaces places = FunctionPlaces.AS_FLOWS_SAY;
    for (String entry : reader.list(SettingName.FUNCTIONS)) {
      Optional<FunctionPlaces> more = places.with(entry);
      if (more.isEmpty()) {
        reader.refuse(
            SettingName.FUNCTIONS,
            entry,
            "ZH...=URL, ZS...=URL or URL=URL, each URL http or https");
      }
      places = more.orElse(places);
    }
    return places;
  }
}
