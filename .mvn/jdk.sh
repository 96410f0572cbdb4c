# Finds the JDK to build and run with. Sourced by mvnw and by the scripts under src; POSIX sh.
#
#   . .mvn/jdk.sh
#   use_jdk || exit 1
#
# use_jdk sets and exports JAVA_HOME to a JDK (one with a compiler) of version JDK_MINIMUM or later:
#   1. JAVA_HOME as it is, if it fits;
#   2. else the `java` on the PATH, if it belongs to a fitting JDK;
#   3. else the newest fitting JDK in the usual folders.
# It also sets JDK_VERSION (the feature release: 21, 25) and JDK_QUIET_FLAGS (JVM options that silence
# the warnings of third-party code which still uses sun.misc.Unsafe; empty where the JVM has no such option).
# Without a fitting JDK it says on standard error which one to install and returns 1.

JDK_MINIMUM=21
JDK_RECOMMENDED=25

# Prints the feature release of the JDK at $1; fails when there is no JDK with a compiler.
jdk_version_of() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 1
  _jdk_version=
  if [ -r "$1/release" ]; then
    _jdk_version=$(sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9][0-9]*\).*/\1/p' "$1/release")
  fi
  if [ -z "$_jdk_version" ]; then
    _jdk_version=$("$1/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9][0-9]*\).*/\1/p')
  fi
  [ -n "$_jdk_version" ] && printf '%s\n' "$_jdk_version"
}

jdk_fits() {
  JDK_VERSION=$(jdk_version_of "$1") && [ "$JDK_VERSION" -ge "$JDK_MINIMUM" ]
}

# The home of the `java` on the PATH, asked from the JVM itself: the command may be a link or a launcher stub.
jdk_home_on_path() {
  command -v java >/dev/null 2>&1 || return 1
  java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p'
}

# Sets JAVA_HOME to the newest fitting JDK of the usual folders; fails when there is none.
jdk_newest_installed() {
  _jdk_newest=0
  for _jdk_home in \
    /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /usr/local/java/* /opt/* /opt/java/* /opt/jdk/* \
    "${SDKMAN_DIR:-${HOME:-/nonexistent}/.sdkman}"/candidates/java/* \
    "${HOME:-/nonexistent}"/.jdks/* "${HOME:-/nonexistent}"/.asdf/installs/java/* \
    "${HOME:-/nonexistent}"/.local/share/mise/installs/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "${HOME:-/nonexistent}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /home/linuxbrew/.linuxbrew/opt/openjdk*; do
    if jdk_fits "$_jdk_home" && [ "$JDK_VERSION" -gt "$_jdk_newest" ]; then
      _jdk_newest=$JDK_VERSION
      JAVA_HOME=$_jdk_home
    fi
  done
  JDK_VERSION=$_jdk_newest
  [ "$_jdk_newest" -gt 0 ]
}

use_jdk() {
  if [ -n "${JAVA_HOME:-}" ] && jdk_fits "$JAVA_HOME"; then
    :
  elif _jdk_home=$(jdk_home_on_path) && [ -n "$_jdk_home" ] && jdk_fits "$_jdk_home"; then
    JAVA_HOME=$_jdk_home
  elif jdk_newest_installed; then
    :
  else
    cat >&2 <<MESSAGE
No JDK $JDK_MINIMUM or later found: not in JAVA_HOME (${JAVA_HOME:-not set}), on the PATH, or in the usual folders (/usr/lib/jvm, /opt, ~/.sdkman, ~/.jdks, /Library/Java).
Install JDK $JDK_RECOMMENDED, for example Eclipse Temurin $JDK_RECOMMENDED, or set JAVA_HOME to a JDK of version $JDK_MINIMUM or later.
MESSAGE
    return 1
  fi
  export JAVA_HOME
  JDK_QUIET_FLAGS=
  if [ "$JDK_VERSION" -ge 23 ]; then
    JDK_QUIET_FLAGS=--sun-misc-unsafe-memory-access=allow
  fi
}
