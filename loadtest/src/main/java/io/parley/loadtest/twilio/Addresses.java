package io.parley.loadtest.twilio;

import java.util.regex.Pattern;

/// The forms that Twilio accepts for senders and recipients.
final class Addresses {

  private static final String WHATSAPP = "whatsapp:";
  private static final Pattern E164 = Pattern.compile("\\+[1-9]\\d{6,14}");
  private static final Pattern SHORT_CODE = Pattern.compile("[1-9]\\d{2,7}");
  private static final Pattern ALPHANUMERIC =
      Pattern.compile("(?!\\+)(?=.*[A-Za-z])[A-Za-z0-9 &_+-]{1,11}");

  private Addresses() {}

  static boolean isWhatsApp(String address) {
    return address.startsWith(WHATSAPP);
  }

  static String whatsApp(String number) {
    return isWhatsApp(number) ? number : WHATSAPP + number;
  }

  static String number(String address) {
    return isWhatsApp(address) ? address.substring(WHATSAPP.length()) : address;
  }

  static boolean isRecipient(String address) {
    return E164.matcher(number(address)).matches();
  }

  static boolean isSender(String address) {
    return isRecipient(address)
        || SHORT_CODE.matcher(address).matches()
        || ALPHANUMERIC.matcher(address).matches();
  }
}
