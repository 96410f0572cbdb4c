package org.tokenbroker.provider.rest;

import org.tokenbroker.platform.Problem;
import org.tokenbroker.platform.ProblemException;
import org.tokenbroker.provider.KeyRing.Refusal;

/** The problems of the API of signing keys; their codes are part of the contract. */
final class SigningKeyProblems {
  private SigningKeyProblems() {}

  static ProblemException unknown() {
    return RegistrationProblems.unknown();
  }

  static ProblemException noCertificate() {
    return new ProblemException(
        Problem.of(
            404,
            "no_certificate",
            "The key has no certificate.",
            "Upload its public JWK, or make a key with \"certificate\": true."));
  }

  static ProblemException refused(Refusal why) {
    return switch (why) {
      case UNKNOWN_KEY -> unknown();
      case TWO_LIVING ->
          conflict(
              "two_keys",
              "The registration has two living keys.",
              "Activate the newer one, which retires the other, or delete one that does not sign.");
      case KEY_ID_TAKEN ->
          conflict(
              "key_id_taken",
              "Another key of the registration has this kid, or had it.",
              "Give another kid, or none.");
      case NOT_UPLOADED ->
          conflict(
              "key_not_uploaded",
              "The provider does not know this key yet.",
              "Upload its public JWK at the provider, then POST to its /uploaded, then activate it.");
      case RETIRED ->
          conflict(
              "key_retired",
              "The key was retired and its private part destroyed.",
              "Make a new key, upload it and activate it.");
      case IN_USE ->
          conflict(
              "key_in_use",
              "The registration signs with this key.",
              "Activate another key first; that retires this one.");
      case PRIVATE_PART_MISSING ->
          conflict(
              "private_part_missing",
              "The safe does not hold the private part of this key.",
              "Delete the key and make a new one, or restore the safe.");
      case SECRETS_MISSING ->
          conflict(
              "secrets_missing",
              "The safe holds nothing of this registration.",
              "Put the registration with its client_id first.");
    };
  }

  private static ProblemException conflict(String code, String title, String detail) {
    return new ProblemException(Problem.of(409, code, title, detail));
  }
}
