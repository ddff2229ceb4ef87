package io.parley.calls;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.170",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:a9fe:a9fe",
        "::127.0.0.1",
        "64:ff9b::10.0.0.1",
        "64:ff9b:1::1",
        "2002:a00:1::",
        "2001:0:1::",
        "fc00::1",
        "fdff::1",
        "fe80::1",
        "fec0::1",
        "ff02::1"
      })
  void anAddressThatIsNotPublicIsRefusedByName(String address) {
    Optional<String> objection = AddressGuard.STRICT.objection("evil.example", ip(address));

    assertThat(objection)
        .hasValueSatisfying(
            it ->
                assertThat(it)
                    .contains("evil.example resolves to it")
                    .endsWith("PARLEY_CALLS_ALLOWED_PRIVATE=evil.example allows it"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.1",
        "169.253.255.255",
        "172.15.255.255",
        "172.32.0.0",
        "192.167.255.255",
        "223.255.255.255",
        "::ffff:1.1.1.1",
        "64:ff9b::1.1.1.1",
        "2002:101:101::",
        "2606:4700:4700::1111"
      })
  void aPublicAddressMayBeCalled(String address) {
    assertThat(AddressGuard.STRICT.objection("api.example", ip(address))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2130706433",
        "127.1",
        "127.0.1",
        "0177.0.0.1",
        "0x7f.0.0.1",
        "0x7f000001",
        "127.0.0.01",
        "256.1.1.1",
        "1.2.3.4.5",
        "example.1",
        "::1%eth0",
        "1:2"
      })
  void anAddressInDisguiseIsNotLookedUp(String host) {
    assertThat(AddressGuard.STRICT.objection(host)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "example.com",
        "127.0.0.1",
        "a1",
        "1a.example",
        "10.example",
        "::1",
        "0xz.example"
      })
  void whatIsANameOrAnAddressIsJudgedByItsAddress(String host) {
    assertThat(AddressGuard.STRICT.objection(host)).isEmpty();
  }

  @Test
  void whatIsAllowedMayBeCalled() {
    AddressGuard guard =
        allowing(allowing(allowing(AddressGuard.STRICT, "10.1.0.0/16"), "*.internal"), "fd00::5");

    assertThat(guard.objection("a.example", ip("10.1.255.1"))).isEmpty();
    assertThat(guard.objection("a.example", ip("10.2.0.1"))).isPresent();
    assertThat(guard.objection("crm.internal", ip("192.168.0.1"))).isEmpty();
    assertThat(guard.objection("internal", ip("192.168.0.1"))).isPresent();
    assertThat(guard.objection("fd00::5", ip("fd00::5"))).isEmpty();
    assertThat(guard.objection("fd00::6", ip("fd00::6"))).isPresent();
    assertThat(guard.objection("a.example", ip("64:ff9b::10.1.0.1"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "10.0.0", "a b", "*", "::/129"})
  void whatIsNeitherHostNorAddressCannotBeAllowed(String entry) {
    assertThat(AddressGuard.STRICT.allowing(entry)).isEmpty();
  }

  private static AddressGuard allowing(AddressGuard guard, String entry) {
    return guard.allowing(entry).orElseThrow();
  }

  private static InetAddress ip(String address) {
    return InetAddress.ofLiteral(address);
  }
}
