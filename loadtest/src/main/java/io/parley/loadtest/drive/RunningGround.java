package io.parley.loadtest.drive;

import io.parley.loadtest.customerio.CustomerIoSettings;
import io.parley.loadtest.customerio.StandInCustomerIo;
import io.parley.loadtest.faults.Processes;
import io.parley.loadtest.profile.Profile;
import io.parley.loadtest.profile.Target;
import io.parley.loadtest.twilio.StandInTwilio;
import io.parley.loadtest.twilio.TwilioSettings;
import io.vertx.core.Vertx;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A Parley that runs already, pointed at stand-ins on fixed ports. Nothing of it is started,
/// killed or ended; its database is read.
final class RunningGround implements Ground {

  private final Target.Running target;
  private final Vertx vertx;
  private final StandInTwilio twilio;
  private final StandInCustomerIo customerIo;

  private RunningGround(
      Target.Running target, Vertx vertx, StandInTwilio twilio, StandInCustomerIo customerIo) {
    this.target = target;
    this.vertx = vertx;
    this.twilio = twilio;
    this.customerIo = customerIo;
  }

  static RunningGround start(Profile profile, Target.Running target) throws TimeoutException {
    Vertx vertx = Vertx.vertx();
    TwilioSettings account =
        profile
            .plan()
            .twilio()
            .onto(
                TwilioSettings.of(
                    target.twilio().id(),
                    target.twilio().secret(),
                    List.of(target.smsSender(), target.whatsAppSender())),
                profile.seed())
            .withPort(target.twilio().port())
            .withMessagesWebhook(target.url().resolve("/twilio/messages").toString());
    CustomerIoSettings workspace =
        profile
            .plan()
            .customerIo()
            .onto(CustomerIoSettings.of(target.customerIo().id(), target.customerIo().secret()))
            .withPort(target.customerIo().port());
    try {
      return new RunningGround(
          target,
          vertx,
          StandInTwilio.start(vertx, account).await(10, TimeUnit.SECONDS),
          StandInCustomerIo.start(vertx, workspace).await(10, TimeUnit.SECONDS));
    } catch (TimeoutException | RuntimeException e) {
      vertx.close().await();
      throw e;
    }
  }

  @Override
  public URI parley() {
    return target.url();
  }

  @Override
  public String bearer() {
    return target.bearer();
  }

  @Override
  public String smsSender() {
    return target.smsSender();
  }

  @Override
  public String whatsAppSender() {
    return target.whatsAppSender();
  }

  @Override
  public StandInTwilio twilio() {
    return twilio;
  }

  @Override
  public StandInCustomerIo customerIo() {
    return customerIo;
  }

  @Override
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(target.database());
  }

  @Override
  public long parleyPid() {
    return 0;
  }

  @Override
  public long postgresPid() {
    return 0;
  }

  @Override
  public Optional<String> invite() {
    return target.invite().map(link -> link.substring(link.lastIndexOf('/') + 1));
  }

  @Override
  public Optional<Processes> processes() {
    return Optional.empty();
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
