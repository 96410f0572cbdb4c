/**
 * The four systems of the source documents as their public documentation describes them:
 * exact paths, what they refuse, lifetimes, rotation, error bodies, limits. They know nothing of
 * the broker.
 */
@NullMarked
package org.tokenbroker.counterpart;

import org.jspecify.annotations.NullMarked;
