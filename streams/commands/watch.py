"""`undercurrent watch`: alerts in the terminal as they come."""

import random
import threading
from collections.abc import Callable, Iterator
from typing import Final

import click

from models.message import AlertMessage
from streams.commands.alert_output import AlertOutput
from streams.commands.following import LAST_MAX, ConsoleFollower, Follower, LostError, RedisFollower
from streams.commands.interrupts import Interrupted, Interrupts
from streams.commands.options import epilogue, settings_option
from streams.errors import say
from streams.settings import ConsoleSettings, RedisSettings, Settings

_FIRST_WAIT_S: Final = 0.5
_LONGEST_WAIT_S: Final = 10.0
_ANY_ADDRESS: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where to connect, not to listen


@click.command(
    epilog=epilogue(
        "undercurrent watch",
        "undercurrent watch --last 5",
        "undercurrent watch --json --redis redis://127.0.0.1:6379/0",
        note="Goes on until Ctrl-C, also while nothing answers.",
    )
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, not text.")
@click.option("--last", type=click.IntRange(0, LAST_MAX), default=0, help="Begin with so many of the latest.")
@click.option("--redis", "redis_url", metavar="URL", help="Take them from this Redis.")
@click.option("--console", "console_url", metavar="URL", help="Take them from the console there.")
@settings_option
def watch(*, as_json: bool, last: int, redis_url: str | None, console_url: str | None, settings: Settings) -> int:
    """Show alerts in the terminal as they come.

    They come from Redis if its address is given, by --redis, UNDERCURRENT_REDIS_URL or the settings; else
    from the console of `undercurrent run` on this machine.
    """
    wait = threading.Event().wait
    follower = choose_follower(settings, redis_url, console_url, last, wait)
    output = AlertOutput.to_standard_output(as_json=as_json)
    with Interrupts() as interrupts:
        messages = follow(follower, wait)
        try:
            while True:
                with interrupts.waiting():
                    message = next(messages)
                output.show(message)
        except Interrupted:
            say(f"stopped by {interrupts.name}.")
    return interrupts.status


def choose_follower(
    settings: Settings,
    redis_url: str | None,
    console_url: str | None,
    last: int,
    wait: Callable[[float], object],
) -> Follower:
    """Return where alerts come from: what the options say, else the settings, else the console here.

    Raises:
        OutsideError: If that can be no address.
    """
    if redis_url and console_url:
        raise click.UsageError("--redis and --console are two sources; give one")
    if redis_url:
        redis_url = _checked(redis_url)
    elif not console_url:
        redis_url = settings.redis.url
    if redis_url:
        return RedisFollower(redis_url, last, wait)
    return ConsoleFollower(console_url or _console_url(settings.console), last)


def follow(
    follower: Follower, wait: Callable[[float], object], chance: Callable[[], float] = random.random
) -> Iterator[AlertMessage]:
    """Yield alert messages without end; when the connection is lost, say so once and try again and again.

    Args:
        follower: Where they come from.
        wait: Waits some seconds.
        chance: A number in [0, 1): watchers that lost one server shall not all come back at once.
    """
    wait_s = _FIRST_WAIT_S
    is_lost = False
    while True:
        try:
            for message in follower.messages():
                if is_lost:
                    say(f"{follower.name} answers again.")
                wait_s, is_lost = _FIRST_WAIT_S, False
                if message is not None:
                    yield message
        except LostError as error:
            if not is_lost:
                say(f"{follower.name} does not answer ({error}); trying until it does. {follower.hint}.")
            is_lost = True
        wait(wait_s * (0.5 + 0.5 * chance()))
        wait_s = min(2 * wait_s, _LONGEST_WAIT_S)


def _checked(url: str) -> str:
    try:
        return RedisSettings(url=url).url
    except ValueError as error:
        raise click.UsageError(f"--redis: {error}") from None


def _console_url(console: ConsoleSettings) -> str:
    host = _ANY_ADDRESS.get(console.host, console.host)
    return f"http://{f'[{host}]' if ':' in host else host}:{console.port}"
