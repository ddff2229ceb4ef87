package io.parley.verticles;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/// Everything that is logged, with its keys.
final class Log extends AppenderBase<ILoggingEvent> implements AutoCloseable {

  private final Consumer<String> reader;

  private Log(Consumer<String> reader) {
    this.reader = reader;
  }

  static Log into(List<String> lines) {
    return read(lines::add);
  }

  /// @param reader called for each line, by whichever thread logs
  static Log read(Consumer<String> reader) {
    Log log = new Log(reader);
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
    reader.accept(event.getFormattedMessage() + " " + event.getKeyValuePairs() + " " + cause);
  }

  @Override
  public void close() {
    root().detachAppender(this);
  }
}
