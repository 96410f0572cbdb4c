package org.tokenbroker.provider.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Speaks bytes on loopback, where an HTTP server would be too well-behaved. Reads one request on
 * each connection.
 */
final class RawServer implements AutoCloseable {
  /** What is done with a connection whose request was read. */
  @FunctionalInterface
  interface Manners {
    void reply(OutputStream out) throws IOException, InterruptedException;
  }

  private static final Pattern LENGTH = Pattern.compile("(?i)content-length: *(\\d+)");

  private final ServerSocket listening;
  private final Manners manners;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();
  private final List<String> heads = new CopyOnWriteArrayList<>();

  private RawServer(Manners manners) {
    this.manners = manners;
    try {
      listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  /** Sends these bytes and waits for the other side to close. */
  static RawServer answering(String bytes) {
    return new RawServer(out -> out.write(bytes.getBytes(StandardCharsets.ISO_8859_1)));
  }

  /** A proper beginning of a token answer, then one byte every 50 ms, for ever. */
  static RawServer trickling() {
    return new RawServer(
        out -> {
          out.write(
              "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{"
                  .getBytes(StandardCharsets.ISO_8859_1));
          while (true) {
            out.write(' ');
            out.flush();
            Thread.sleep(50);
          }
        });
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + listening.getLocalPort());
  }

  int accepted() {
    return accepted.get();
  }

  /** Request lines and headers, as they came. */
  List<String> heads() {
    return List.copyOf(heads);
  }

  /** Connections that the other side has not closed. */
  int open() {
    return open.size();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listening.accept();
        accepted.incrementAndGet();
        open.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException closed) {
      // By close().
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = socket.getInputStream();
      readRequest(in);
      manners.reply(socket.getOutputStream());
      while (in.read() >= 0) {
        // Until the other side closes.
      }
    } catch (IOException closedByTheOtherSide) {
      // What the tests wait for.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(socket);
    }
  }

  private void readRequest(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("closed before a request was read");
      }
      head.append((char) next);
    }
    heads.add(head.toString());
    Matcher length = LENGTH.matcher(head);
    in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
  }

  @Override
  public void close() {
    try {
      listening.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
