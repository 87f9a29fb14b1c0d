"""Settings: one TOML file, and environment variables for places and secrets. Only this module reads either.

What is not a setting is refused with the nearest name that is one: a mistyped key that is ignored costs its
owner the alerts they thought they had asked for.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

import msgspec

from models.configuration import CoreSettings
from streams.diagnosis import annotation_at, expectation, find_problem, nearest
from streams.errors import OutsideError, describe_os_error

DEFAULT_FILE: Final = "undercurrent.toml"
PREFIX: Final = "UNDERCURRENT_"
REDIS_SCHEMES: Final = ("redis", "rediss", "unix")

ENVIRONMENT: Final[dict[str, tuple[str, str]]] = {
    "UNDERCURRENT_CONSOLE_HOST": ("console", "host"),
    "UNDERCURRENT_CONSOLE_PORT": ("console", "port"),
    "UNDERCURRENT_KAFKA_BOOTSTRAP": ("kafka", "bootstrap"),
    "UNDERCURRENT_REDIS_URL": ("redis", "url"),
    "UNDERCURRENT_WORKERS_HOST": ("workers", "host"),
    "UNDERCURRENT_INTAKE_PORT": ("workers", "intake_port"),
    "UNDERCURRENT_TRACK_PORT": ("workers", "track_port"),
    "UNDERCURRENT_SINK_PORT": ("workers", "sink_port"),
    "UNDERCURRENT_PROMETHEUS_PORT": ("stack", "prometheus_port"),
    "UNDERCURRENT_GRAFANA_PORT": ("stack", "grafana_port"),
}
"""The setting that each environment variable replaces."""

IGNORED_VARIABLES: Final = ("UNDERCURRENT_DATA", "UNDERCURRENT_PURE")
"""Allowed though no setting: where recorded posts lie, for the tests; that nothing be compiled, for the build."""


Port = Annotated[int, msgspec.Meta(ge=0, le=65_535)]
FixedPort = Annotated[int, msgspec.Meta(ge=1, le=65_535)]


class ConsoleSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where the web page, the metrics and the stream of alerts are served.

    Attributes:
        host: Address to listen on; other machines can reach it only if this is not 127.0.0.1.
        port: First port to try; the next free one is taken if it is in use, and 0 takes any.
    """

    host: Annotated[str, msgspec.Meta(min_length=1)] = "127.0.0.1"
    port: Port = 8080


class KafkaSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where the brokers are that the workers, `ingest` and `topics` speak to.

    Attributes:
        bootstrap: One or several brokers as host:port, separated by commas.
        session_timeout_s: How long a worker may be silent until others take over its partitions; brokers refuse less
            than their `group.min.session.timeout.ms`, 6 s by default.
    """

    bootstrap: Annotated[str, msgspec.Meta(min_length=1)] = "127.0.0.1:9092"
    session_timeout_s: Annotated[float, msgspec.Meta(ge=1, le=30)] = 6

    def __post_init__(self) -> None:
        """Refuse what names no broker."""
        for broker in self.bootstrap.split(","):
            host, _, port = broker.strip().rpartition(":")
            if not host or not port.isdecimal():
                message = f"`bootstrap` names {broker.strip()!r}; expected brokers as host:port, separated by commas"
                raise ValueError(message)


class WorkersSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where each worker serves its metrics and says whether it is well.

    Attributes:
        host: Address that workers listen on; a container needs 0.0.0.0.
        intake_port: Of `worker intake`; 0 takes any.
        track_port: Of `worker track`; 0 takes any.
        sink_port: Of `worker sink`; 0 takes any.
        snapshot_interval_s: How often `worker track` saves what has changed: after a crash so much is read again.
    """

    host: Annotated[str, msgspec.Meta(min_length=1)] = "127.0.0.1"
    intake_port: Port = 9101
    track_port: Port = 9102
    sink_port: Port = 9103
    snapshot_interval_s: Annotated[float, msgspec.Meta(ge=1, le=600)] = 30


class StackSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where `make up` starts what no command of this project speaks to.

    Attributes:
        prometheus_port: Of Prometheus.
        grafana_port: Of Grafana, which only the containers bring.
    """

    prometheus_port: FixedPort = 9090
    grafana_port: FixedPort = 3000


class RedisSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where alerts are kept for other programs.

    Attributes:
        url: Such as redis://127.0.0.1:6379/0; empty keeps them inside the process. A password belongs into
            UNDERCURRENT_REDIS_URL, not into the file.
    """

    url: str = ""

    def __post_init__(self) -> None:
        """Refuse what is no address of a Redis server, without repeating it: it may hold a password."""
        if self.url and urlsplit(self.url).scheme not in REDIS_SCHEMES:
            message = "`url` is no address of a Redis server; expected one like redis://127.0.0.1:6379/0"
            raise ValueError(message)


class Settings(CoreSettings, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Everything that can be set: what the core needs at the top, and what the shell needs in its own tables.

    Attributes:
        console: Where the web page, the metrics and the stream of alerts are served.
        kafka: Where the brokers are.
        redis: Where alerts are kept for other programs.
        stack: Where `make up` starts what no command speaks to.
        workers: Where each worker serves its metrics and says whether it is well.
    """

    console: ConsoleSettings = ConsoleSettings()
    kafka: KafkaSettings = KafkaSettings()
    redis: RedisSettings = RedisSettings()
    stack: StackSettings = StackSettings()
    workers: WorkersSettings = WorkersSettings()


def load_settings(path: str | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of a file, with what the environment replaces.

    Args:
        path: The file, which must then exist; None reads `undercurrent.toml` of the working directory, or
            takes the defaults where there is none.
        environment: The environment variables; those of the process if not given.

    Raises:
        OutsideError: If the file or a variable cannot be used, with what is wrong and where.
    """
    settings = Settings()
    if path is not None or Path(DEFAULT_FILE).exists():
        settings = parse_settings(_read(path or DEFAULT_FILE), path or DEFAULT_FILE)
    return _with_environment(settings, os.environ if environment is None else environment)


def parse_settings(text: str, name: str) -> Settings:
    """Return the settings written in `text`.

    Args:
        text: TOML.
        name: What error messages call it: the name of the file.

    Raises:
        OutsideError: If it cannot be used, with what is wrong and where.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise OutsideError(f"{name}: {_with_place_first(str(error))}.") from None
    problem = find_problem(raw, Settings)
    if problem is not None:
        raise OutsideError(f"{name}: {problem}")
    return msgspec.convert(raw, Settings)


def is_colour_wanted(*, is_terminal: bool, environment: Mapping[str, str] | None = None) -> bool:
    """Return whether output may be coloured: on a terminal, unless NO_COLOR is set (https://no-color.org)."""
    variables = os.environ if environment is None else environment
    return is_terminal and not variables.get("NO_COLOR") and variables.get("TERM") != "dumb"


def _read(path: str) -> str:
    try:
        raw = Path(path).read_bytes()
    except OSError as error:
        remedy = "; `undercurrent init` writes one" if isinstance(error, FileNotFoundError) else ""
        raise OutsideError(f"{path}: the settings cannot be read: {describe_os_error(error)}{remedy}.") from None
    try:
        # Some editors put a byte order mark in front, which TOML does not know.
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise OutsideError(f"{path}: the settings are not UTF-8 text; save the file as UTF-8.") from None


def _with_place_first(message: str) -> str:
    found = re.fullmatch(r"(.*) \(at (.*)\)", message, re.DOTALL)
    return f"{found[2]}: {found[1]}" if found else message


def _with_environment(settings: Settings, environment: Mapping[str, str]) -> Settings:
    for name in sorted(environment):
        if not name.startswith(PREFIX) or name in IGNORED_VARIABLES:
            continue
        if name not in ENVIRONMENT:
            hint = nearest(name, ENVIRONMENT)
            raise OutsideError(f"the environment variable {name} is not a setting; did you mean {hint}?")
        # An empty variable is how compose files and shells leave one out.
        if environment[name]:
            settings = _with_variable(settings, name, environment[name])
    return settings


def _with_variable(settings: Settings, name: str, text: str) -> Settings:
    table, key = ENVIRONMENT[name]
    annotation = annotation_at(Settings, ENVIRONMENT[name])
    try:
        value = msgspec.convert(text, annotation, strict=False)
    except msgspec.ValidationError:
        wanted = expectation(annotation)
        raise OutsideError(f"the environment variable {name} is {text!r}; expected {wanted}.") from None
    try:
        changed = msgspec.structs.replace(getattr(settings, table), **{key: value})
    except ValueError as error:
        raise OutsideError(f"the environment variable {name}: {error}.") from None
    return msgspec.structs.replace(settings, **{table: changed})
