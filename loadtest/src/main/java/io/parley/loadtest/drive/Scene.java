package io.parley.loadtest.drive;

import io.parley.loadtest.customerio.StandInCustomerIo;
import io.parley.loadtest.twilio.StandInTwilio;

/// What customers see of the world.
///
/// @param smsSender the address that SMS come from
/// @param whatsAppSender the address that WhatsApp messages come from
/// @param shop where carts are, without a slash at its end
record Scene(
    StandInTwilio twilio,
    StandInCustomerIo customerIo,
    String smsSender,
    String whatsAppSender,
    String shop) {}
