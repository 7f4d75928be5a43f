#!/bin/sh
# Prints the newest Python that can run this programme and make a virtual environment; explains if there is none.
suitable='import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))'
for candidate in python3.14 python3.13 python3.12 python3.11 python3 python; do
    if "$candidate" -c "$suitable" >/dev/null 2>&1; then
        command -v "$candidate"
        exit 0
    fi
done

recent='import sys; sys.exit(sys.version_info[:2] < (3, 11))'
for candidate in python3.14 python3.13 python3.12 python3.11 python3; do
    if "$candidate" -c "$recent" >/dev/null 2>&1; then
        version=$("$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        echo "Python $version is here, but without its venv module (or it is newer than 3.14, which is not tested)." >&2
        echo "On Debian and Ubuntu: sudo apt-get install python$version-venv" >&2
        exit 1
    fi
done

echo "Desmigratif needs Python 3.11, 3.12, 3.13 or 3.14." >&2
if found=$(python3 --version 2>&1); then
    echo "The newest one found here is $found." >&2
fi
echo "On Debian 12, Ubuntu 24.04 and later: sudo apt-get install python3 python3-venv" >&2
echo "If one stands elsewhere, name it: make run PYTHON=/path/to/python3.12" >&2
exit 1
