package org.tokenbroker.provider.http;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.LogContext;
import org.jboss.logmanager.Logger;

/** Everything that is logged while it is open, exceptions with their messages included. */
public final class LogCapture extends Handler implements AutoCloseable {
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final Logger root = LogContext.getLogContext().getLogger("");

  public LogCapture() {
    setLevel(Level.ALL);
    root.addHandler(this);
  }

  /** In lower case: some parts change the case of what they log. */
  public String text() {
    return String.join("\n", lines).toLowerCase(Locale.ROOT);
  }

  @Override
  public void publish(LogRecord record) {
    StringWriter text = new StringWriter();
    text.append(record.getLoggerName()).append(' ');
    text.append(
        record instanceof ExtLogRecord extended
            ? extended.getFormattedMessage()
            : record.getMessage());
    if (record.getThrown() != null) {
      record.getThrown().printStackTrace(new PrintWriter(text));
    }
    lines.add(text.toString());
  }

  @Override
  public void flush() {
    // Nothing is buffered.
  }

  @Override
  public void close() {
    root.removeHandler(this);
  }
}
