package org.tokenbroker.platform.outbound;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A network in CIDR notation (RFC 4632, RFC 4291 §2.3): {@code 10.0.0.0/8}, {@code fd00::/8}.
 *
 * @param prefix its first address
 * @param length how many leading bits an address must share with it: 0 to 32 or 128
 */
public record Network(InetAddress prefix, int length) {
  /** What one looks like, for messages. */
  public static final String EXAMPLES = "10.0.0.0/8 or fd00::/8";

  private static final Pattern CIDR = Pattern.compile("([^/]+)/(\\d{1,3})");

  /**
   * @throws IllegalArgumentException where the length does not fit, or bits are set behind it
   */
  public Network {
    int bits = prefix.getAddress().length * Byte.SIZE;
    if (length < 0 || length > bits) {
      throw new IllegalArgumentException("a prefix of this family has 0 to " + bits + " bits");
    }
    for (int bit = length; bit < bits; bit++) {
      if (isSet(prefix.getAddress(), bit)) {
        throw new IllegalArgumentException("bits are set behind the prefix");
      }
    }
  }

  /** Absent where the text is no network. */
  public static Optional<Network> parse(String text) {
    Matcher cidr = CIDR.matcher(text.strip());
    if (!cidr.matches()) {
      return Optional.empty();
    }
    int length = Integer.parseInt(cidr.group(2));
    return Literals.address(cidr.group(1)).flatMap(prefix -> of(prefix, length));
  }

  private static Optional<Network> of(InetAddress prefix, int length) {
    try {
      return Optional.of(new Network(prefix, length));
    } catch (IllegalArgumentException noNetwork) {
      return Optional.empty();
    }
  }

  /** Addresses of the other family are never in it. */
  public boolean contains(InetAddress address) {
    byte[] ours = prefix.getAddress();
    byte[] other = address.getAddress();
    if (ours.length != other.length) {
      return false;
    }
    for (int bit = 0; bit < length; bit++) {
      if (isSet(ours, bit) != isSet(other, bit)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the two have an address in common. */
  public boolean overlaps(Network other) {
    return length <= other.length ? contains(other.prefix) : other.contains(prefix);
  }

  private static boolean isSet(byte[] address, int bit) {
    return (address[bit / Byte.SIZE] >> (Byte.SIZE - 1 - bit % Byte.SIZE) & 1) == 1;
  }

  @Override
  public String toString() {
    return prefix.getHostAddress() + "/" + length;
  }
}
