package io.parley.calls;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/// A range of IP addresses in CIDR notation: `10.0.0.0/8`, `fc00::/7`, or one address alone.
///
/// @param bits 32 or 128, the length of its addresses
/// @param length how many leading bits are the range's
public record AddressBlock(BigInteger prefix, int bits, int length) {

  /// An IPv4 address as there is one way to write it: four decimals without leading zeros.
  static final Pattern IPV4 =
      Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");

  private static final Pattern LENGTH = Pattern.compile("\\d{1,3}");

  static AddressBlock of(String text) {
    return parse(text).orElseThrow(() -> new IllegalArgumentException("no CIDR: " + text));
  }

  /// Empty where the text is neither an address nor a CIDR.
  public static Optional<AddressBlock> parse(String text) {
    int slash = text.indexOf('/');
    Optional<InetAddress> address = literal(slash < 0 ? text : text.substring(0, slash));
    if (address.isEmpty()) {
      return Optional.empty();
    }
    int bits = address.get().getAddress().length * 8;
    String length = slash < 0 ? String.valueOf(bits) : text.substring(slash + 1);
    if (!LENGTH.matcher(length).matches() || Integer.parseInt(length) > bits) {
      return Optional.empty();
    }
    int leading = Integer.parseInt(length);
    return Optional.of(
        new AddressBlock(number(address.get()).shiftRight(bits - leading), bits, leading));
  }

  /// The address that a text is, without asking anybody; empty where it is a name.
  public static Optional<InetAddress> literal(String text) {
    // A zone names an interface of ours.
    boolean address = (text.contains(":") && !text.contains("%")) || IPV4.matcher(text).matches();
    try {
      return address ? Optional.of(InetAddress.ofLiteral(text)) : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  public boolean contains(InetAddress address) {
    return address.getAddress().length * 8 == bits
        && number(address).shiftRight(bits - length).equals(prefix);
  }

  private static BigInteger number(InetAddress address) {
    return new BigInteger(1, address.getAddress());
  }
}
