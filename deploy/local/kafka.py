"""One Kafka broker from its published JARs: found or fetched, set up in a folder, and asked whether it is ready.

The broker is its own controller (KRaft), listens on loopback only and makes no topic by itself. Needs Java 17 or
newer; the JARs come from KAFKA_LIBS or KAFKA_HOME where one is set, else from a cache that Maven fills once.
"""

import base64
import fcntl
import os
import re
import shutil
import socket
import struct
import subprocess
import tempfile
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from deploy.local.programs import find_program
from deploy.local.ready import ANSWER_S, HOST
from streams.errors import OutsideError

VERSION: Final = "4.1.1"
"""Of the broker, here and in docker-compose.yml."""

JAVA_MIN: Final = 17
JAVA_PACKAGE: Final = f"openjdk-{JAVA_MIN}-jre-headless"
START_S: Final = 90.0
"""How long a start may take: 3 s as a rule, more than 12 on a busy machine."""

_POM: Final = f"""\
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>undercurrent</groupId>
  <artifactId>kafka</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>{VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId>
      <artifactId>slf4j-simple</artifactId>
      <version>1.7.36</version>
    </dependency>
  </dependencies>
</project>
"""
_CORE_JAR: Final = "kafka_2.13-*.jar"

_PROPERTIES: Final = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{host}:{controller_port}
listeners=PLAINTEXT://{host}:{port},CONTROLLER://{host}:{controller_port}
advertised.listeners=PLAINTEXT://{host}:{port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs={folder}/log
auto.create.topics.enable=false
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
# A broker that was killed waits for its own former session to end before it serves again; usually that is 9 s.
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
# Kafka's 128 MiB are for a log of many gigabytes.
log.cleaner.dedupe.buffer.size=16777216
"""
# Groups form at once, and a member that was killed is missed after 2 s instead of 6.
_QUICK_PROPERTIES: Final = """\
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
"""

_LOGGING: Final = (
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSZ",
)
# A broker that lives for seconds gains nothing from the second compiler, and starts sooner without it.
_QUICK_JVM: Final = ("-XX:TieredStopAtLevel=1",)
_JVM: Final = ("-Xms128m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", *_LOGGING)

_API_VERSIONS: Final = struct.pack(">ihhih", 10, 18, 0, 7, -1)
"""A request of the Kafka protocol: size, ApiVersions, version 0, correlation id 7, no client id."""

_ANSWER_HEAD: Final = struct.Struct(">iih")
"""How its answer begins: size, correlation id, error code."""


class Broker:
    """A broker's folder, and the command that runs a broker on it.

    Args:
        folder: Holds its properties and its log; one broker a folder.
        port: Where clients connect.
        controller_port: Where it speaks with itself; it must stay the same for a folder.
        is_quick: For tests: starts and forms groups sooner, and is slower under load.
        environment: Environment variables; those of the process if not given.
    """

    def __init__(
        self,
        folder: Path,
        port: int,
        controller_port: int,
        *,
        is_quick: bool = False,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._folder = folder.absolute()
        self._port = port
        self._controller_port = controller_port
        self._is_quick = is_quick
        self._environment = os.environ if environment is None else environment

    def properties(self) -> str:
        """Return the text of its server.properties."""
        places = {"host": HOST, "port": self._port, "controller_port": self._controller_port}
        return _PROPERTIES.format(folder=self._folder, **places) + (_QUICK_PROPERTIES if self._is_quick else "")

    def prepare(self) -> None:
        """Write its properties, and format its storage where that was not done yet.

        Raises:
            OutsideError: If Java or the JARs are missing, or the storage cannot be formatted.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        self._properties_path.write_text(self.properties(), encoding="utf-8")
        if not (self._folder / "log" / "meta.properties").exists():
            self._format()

    def command(self) -> list[str]:
        """Return the command line that runs it, after `prepare`; it logs to stderr.

        Raises:
            OutsideError: If Java or the JARs are missing.
        """
        return [*self._java(), "kafka.Kafka", str(self._properties_path)]

    @property
    def _properties_path(self) -> Path:
        return self._folder / "server.properties"

    def _java(self) -> list[str]:
        options = (*_JVM, *_QUICK_JVM) if self._is_quick else _JVM
        return [find_java(self._environment), *options, "-cp", find_jars(self._environment)]

    def _format(self) -> None:
        # As Kafka's own random-uuid makes them: 22 characters, the first no dash, which would be an option.
        cluster_id = "u" + base64.urlsafe_b64encode(uuid.uuid4().bytes).decode()[1:22]
        tool = ["kafka.tools.StorageTool", "format", "--ignore-formatted", "--cluster-id", cluster_id]
        command = [*self._java(), *tool, "--config", str(self._properties_path)]
        result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 — own arguments
        if result.returncode:
            said = (result.stderr.strip() or result.stdout.strip()).splitlines()[-1:]
            raise OutsideError(f"the broker's storage in {self._folder} cannot be formatted: {' '.join(said)}")


def find_java(environment: Mapping[str, str]) -> str:
    """Return the path of a Java that can run the broker: that of JAVA_HOME, else the one on PATH.

    Raises:
        OutsideError: If there is none, or one that is too old, with the command that installs one.
    """
    install = f"on Debian and Ubuntu: sudo apt-get install --no-install-recommends {JAVA_PACKAGE}"
    home = environment.get("JAVA_HOME")
    path = shutil.which(str(Path(home, "bin", "java")) if home else "java", path=environment.get("PATH"))
    if path is None:
        where = f"in JAVA_HOME ({home})" if home else "on PATH"
        raise OutsideError(f"Kafka needs Java {JAVA_MIN} or newer, and there is no java {where}; {install}.")
    said = subprocess.run([path, "-version"], capture_output=True, text=True, check=False).stderr  # noqa: S603
    version = java_version(said)
    if version < JAVA_MIN:
        raise OutsideError(f"Kafka needs Java {JAVA_MIN} or newer, and {path} is Java {version}; {install}.")
    return path


def java_version(said: str) -> int:
    """Return the feature version out of what `java -version` says; 0 if it says none.

    >>> java_version('openjdk version "17.0.15" 2025-04-15')
    17
    >>> java_version('java version "1.8.0_402"')
    8
    """
    found = re.search(r'version "(?:1\.)?(\d+)', said)
    return int(found[1]) if found else 0


def find_jars(environment: Mapping[str, str]) -> str:
    """Return the class path of the broker, fetching the JARs where no folder is named and the cache has none.

    Raises:
        OutsideError: If the folder named has none, or they cannot be fetched.
    """
    libs = _named_jars(environment)
    if libs is None:
        libs = _cached_jars(environment)
        if not libs.is_dir():
            _fill(libs)
    return str(libs / "*")


def has_jars(environment: Mapping[str, str]) -> bool:
    """Return whether `find_jars` has nothing to fetch."""
    return _named_jars(environment) is not None or _cached_jars(environment).is_dir()


def _named_jars(environment: Mapping[str, str]) -> Path | None:
    for variable, below in (("KAFKA_LIBS", "."), ("KAFKA_HOME", "libs")):
        if environment.get(variable):
            libs = Path(environment[variable], below)
            if not any(libs.glob(_CORE_JAR)):
                raise OutsideError(f"{variable} is set, but {libs} has no {_CORE_JAR}; unset it to have them fetched.")
            return libs
    return None


def _cached_jars(environment: Mapping[str, str]) -> Path:
    caches = environment.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(caches, "undercurrent", f"kafka-{VERSION}")


def _fill(libs: Path) -> None:
    """Fetch the JARs into a folder that is not there: all or nothing, and once if two processes come at once."""
    libs.parent.mkdir(parents=True, exist_ok=True)
    with libs.with_name("kafka.lock").open("w") as lock:
        # Released by the system when the process ends, however it ends.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not libs.is_dir():
            with tempfile.TemporaryDirectory(dir=libs.parent, prefix="fetching-") as folder:
                _fetch(Path(folder)).rename(libs)


def _fetch(folder: Path) -> Path:
    pom, libs = folder / "pom.xml", folder / "libs"
    pom.write_text(_POM, encoding="utf-8")
    goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={libs}"]
    command = [find_program("mvn"), "-q", "-B", "-f", str(pom), *goal]
    result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 — own arguments
    if result.returncode or not any(libs.glob(_CORE_JAR)):
        said = [line for line in result.stdout.splitlines() if line.startswith("[ERROR]")][:1]
        raise OutsideError(
            f"Maven cannot fetch Kafka {VERSION} (or set KAFKA_HOME to an unpacked release): {' '.join(said)}"
        )
    return libs


def answers(port: int) -> bool:
    """Return whether a broker on a loopback port answers a request of the Kafka protocol without an error."""
    try:
        with socket.create_connection((HOST, port), ANSWER_S) as connection:
            connection.settimeout(ANSWER_S)
            connection.sendall(_API_VERSIONS)
            head = connection.recv(_ANSWER_HEAD.size, socket.MSG_WAITALL)
    except OSError:
        return False
    return len(head) == _ANSWER_HEAD.size and _ANSWER_HEAD.unpack(head)[1:] == (7, 0)
