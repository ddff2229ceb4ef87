package io.parley.verticles;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import org.slf4j.LoggerFactory;

/// Everything that is logged, with its keys.
final class Log extends AppenderBase<ILoggingEvent> implements AutoCloseable {

  private final List<String> lines;

  private Log(List<String> lines) {
    this.lines = lines;
  }

  static Log into(List<String> lines) {
    Log log = new Log(lines);
    log.start();
    root().addAppender(log);
    return log;
  }

  private static Logger root() {
    return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  @Override
  protected void append(ILoggingEvent event) {
    String cause = event.getThrowableProxy() == null ? "" : event.getThrowableProxy().getMessage();
    lines.add(event.getFormattedMessage() + " " + event.getKeyValuePairs() + " " + cause);
  }

  @Override
  public void close() {
    root().detachAppender(this);
  }
}
