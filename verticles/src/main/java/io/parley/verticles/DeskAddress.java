package io.parley.verticles;

import io.parley.calls.AddressBlock;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Where a request comes from: who has connected, or, where that is a proxy of ours, who has
/// connected to it.
final class DeskAddress {

  /// One household or server has a whole such network.
  private static final int NETWORK_BYTES = 8;

  private DeskAddress() {}

  /// @param proxies who may say by X-Forwarded-For where a request comes from
  static String of(RoutingContext context, List<AddressBlock> proxies) {
    String connected =
        Optional.ofNullable(context.request().remoteAddress())
            .map(it -> it.hostAddress())
            .orElse("");
    List<String> said =
        context.request().headers().getAll("X-Forwarded-For").stream()
            .flatMap(line -> Stream.of(line.split(",", -1)))
            .map(String::strip)
            .toList();
    return of(connected, said, proxies);
  }

  /// The last that is no proxy of ours: what stands before it, anybody may have written.
  static String of(String connected, List<String> forwardedFor, List<AddressBlock> proxies) {
    String address = connected;
    for (int i = forwardedFor.size() - 1; i >= 0 && isOneOf(proxies, address); i--) {
      if (AddressBlock.literal(forwardedFor.get(i)).isEmpty()) {
        return address;
      }
      address = forwardedFor.get(i);
    }
    return address;
  }

  private static boolean isOneOf(List<AddressBlock> proxies, String address) {
    return AddressBlock.literal(address)
        .filter(it -> proxies.stream().anyMatch(proxy -> proxy.contains(it)))
        .isPresent();
  }

  /// What attempts are counted by: an IPv4 address, or the network of an IPv6 address.
  static String network(String address) {
    return AddressBlock.literal(address)
        .map(InetAddress::getAddress)
        .filter(bytes -> bytes.length > NETWORK_BYTES)
        .map(bytes -> HexFormat.of().formatHex(Arrays.copyOf(bytes, NETWORK_BYTES)) + "/64")
        .orElse(address);
  }
}
