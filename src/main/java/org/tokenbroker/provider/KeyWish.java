package org.tokenbroker.provider;

import java.util.Optional;

/**
 * What an operator says of a key that is to be made.
 *
 * @param algorithm absent: the profile's only one
 * @param rsaBits size of an RSA key
 * @param keyId absent: the SHA-1 thumbprint of its certificate, else the thumbprint of the key (RFC
 *     7638)
 * @param certified whether it is to have a certificate although the profile asks for none
 */
public record KeyWish(
    Optional<String> algorithm, int rsaBits, Optional<String> keyId, boolean certified) {}
