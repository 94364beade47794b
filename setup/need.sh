#!/bin/sh
# need.sh WHAT PACKAGE: install a Debian package, or say in one line how to.
# Only as root, and only where apt exists: everybody else is told what to type.
what=$1 package=$2
if ! command -v apt-get >/dev/null; then
    echo "error: $what is missing; install $package with your system's package manager" >&2
    exit 1
fi
if [ "$(id -u)" != 0 ]; then
    echo "error: $what is missing; install it with: sudo apt-get install $package" >&2
    exit 1
fi
echo "installing $package (Debian package)"
export DEBIAN_FRONTEND=noninteractive
apt-get install -y -qq "$package" >/dev/null 2>&1 && exit 0
apt-get update -qq && apt-get install -y -qq "$package" >/dev/null && exit 0
echo "error: $package could not be installed; install it by hand and try again" >&2
exit 1
