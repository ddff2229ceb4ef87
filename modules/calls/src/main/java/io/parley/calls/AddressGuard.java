package io.parley.calls;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Keeps requests that a flow makes out of our own network. It judges the address that is connected
/// to, never the name alone, so that a name that resolves to a private address gets nowhere; the
/// caller connects to the very address that was judged. Immutable; safe on any thread.
///
/// @param hosts whose addresses may be private
/// @param blocks private addresses that may be called
public record AddressGuard(List<HostPattern> hosts, List<AddressBlock> blocks) {

  /// The setting that lets private addresses be called, as refusals name it.
  public static final String SETTING = "PARLEY_CALLS_ALLOWED_PRIVATE";

  /// A host that ends in a number is an IPv4 address to most resolvers, however it is written:
  /// `127.1`, `0177.0.0.1`, `0x7f000001`, `2130706433`.
  private static final Pattern NUMERIC = Pattern.compile("(?:.*\\.)?(?:\\d+|0x[0-9a-f]*)");

  private record Reserved(AddressBlock block, String name) {}

  /// Source: IANA's special-purpose address registries (RFC 6890 and its successors).
  private static final List<Reserved> RESERVED =
      List.of(
          reserved("0.0.0.0/8", "an address of this network"),
          reserved("10.0.0.0/8", "a private address"),
          reserved("100.64.0.0/10", "a carrier's shared address"),
          reserved("127.0.0.0/8", "a loopback address"),
          reserved("169.254.0.0/16", "a link-local address"),
          reserved("172.16.0.0/12", "a private address"),
          reserved("192.0.0.0/24", "a reserved address"),
          reserved("192.0.2.0/24", "a documentation address"),
          reserved("192.88.99.0/24", "a reserved address"),
          reserved("192.168.0.0/16", "a private address"),
          reserved("198.18.0.0/15", "a benchmarking address"),
          reserved("198.51.100.0/24", "a documentation address"),
          reserved("203.0.113.0/24", "a documentation address"),
          reserved("224.0.0.0/4", "a multicast address"),
          reserved("240.0.0.0/4", "a reserved address"),
          reserved("::/128", "the unspecified address"),
          reserved("::1/128", "a loopback address"),
          reserved("64:ff9b:1::/48", "a private address"),
          reserved("100::/64", "a discard address"),
          reserved("2001::/23", "a reserved address"),
          reserved("2001:db8::/32", "a documentation address"),
          reserved("3fff::/20", "a documentation address"),
          reserved("5f00::/16", "a reserved address"),
          reserved("fc00::/7", "a private address"),
          reserved("fe80::/10", "a link-local address"),
          reserved("fec0::/10", "a private address"),
          reserved("ff00::/8", "a multicast address"));

  /// IPv6 addresses that stand for an IPv4 address, and where its four bytes begin.
  private record Embedding(AddressBlock block, int offset) {}

  private static final List<Embedding> EMBEDDINGS =
      List.of(
          new Embedding(AddressBlock.of("::/96"), 12),
          new Embedding(AddressBlock.of("64:ff9b::/96"), 12),
          new Embedding(AddressBlock.of("2002::/16"), 2));

  /// Nothing private may be called.
  public static final AddressGuard STRICT = new AddressGuard(List.of(), List.of());

  public AddressGuard {
    hosts = List.copyOf(hosts);
    blocks = List.copyOf(blocks);
  }

  private static Reserved reserved(String block, String name) {
    return new Reserved(AddressBlock.of(block), name);
  }

  /// This guard with one entry more: a CIDR, an address or a [HostPattern]; empty where the text is
  /// none of them.
  public Optional<AddressGuard> allowing(String entry) {
    Optional<AddressBlock> block = AddressBlock.parse(entry);
    if (block.isPresent()) {
      return Optional.of(new AddressGuard(hosts, with(blocks, block.get())));
    }
    return NUMERIC.matcher(entry).matches()
        ? Optional.empty()
        : HostPattern.parse(entry).map(host -> new AddressGuard(with(hosts, host), blocks));
  }

  private static <T> List<T> with(List<T> items, T item) {
    return Stream.concat(items.stream(), Stream.of(item)).toList();
  }

  /// The address that a host is by itself; empty where it is a name to be looked up.
  public static Optional<InetAddress> literal(String host) {
    return AddressBlock.literal(host);
  }

  /// Why a host is not even looked up, if so.
  public Optional<String> objection(String host) {
    boolean disguised =
        literal(host).isEmpty() && (host.contains(":") || NUMERIC.matcher(host).matches());
    return disguised
        ? Optional.of(host + " is no name, and no address as one is written: four decimals")
        : Optional.empty();
  }

  /// Why an address of a host is not connected to, if so: in a sentence that names the remedy.
  public Optional<String> objection(String host, InetAddress address) {
    InetAddress meant = meant(address);
    boolean allowed =
        hosts.stream().anyMatch(it -> it.matches(host))
            || blocks.stream().anyMatch(it -> it.contains(address) || it.contains(meant));
    if (allowed) {
      return Optional.empty();
    }
    return RESERVED.stream()
        .filter(it -> it.block.contains(address) || it.block.contains(meant))
        .findFirst()
        .map(
            it ->
                "%s is %s%s, which no flow may call; %s=%s allows it"
                    .formatted(
                        meant.getHostAddress(),
                        it.name,
                        literal(host).isPresent() ? "" : " (" + host + " resolves to it)",
                        SETTING,
                        host));
  }

  /// The IPv4 address that an IPv6 address stands for, else itself.
  private static InetAddress meant(InetAddress address) {
    byte[] bytes = address.getAddress();
    Optional<Embedding> embedding =
        EMBEDDINGS.stream().filter(it -> it.block.contains(address)).findFirst();
    boolean itself =
        embedding.isEmpty() || address.isLoopbackAddress() || address.isAnyLocalAddress();
    if (itself) {
      return address;
    }
    int offset = embedding.get().offset;
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(bytes, offset, offset + 4));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }
}
