package org.tokenbroker.consent;

import java.net.URI;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Secret;

/** Absolute URLs on the browser door. */
public final class PublicUrls {
  private PublicUrls() {}

  /**
   * A consent link; as secret as its ticket.
   *
   * @param publicUrl of the browser door, without a trailing slash
   */
  public static URI link(URI publicUrl, Secret ticket) {
    return URI.create(publicUrl + "/consent/" + ticket.reveal());
  }

  /** A claim link; as secret as its ticket. */
  public static URI claim(URI publicUrl, Secret ticket) {
    return URI.create(publicUrl + "/claim/" + ticket.reveal());
  }

  /**
   * The only redirect URI whose callback reaches us: one per registration, so that providers cannot
   * be mixed up (B3).
   */
  public static URI callback(URI publicUrl, RegistrationId registration) {
    return URI.create(publicUrl + "/callback/" + registration);
  }
}
